# SPDX-License-Identifier: Apache-2.0
"""The sides of a comparison: a worker process for each engine, and for resc the
program that the worker loads."""
import json
import os
import pathlib
import re
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
TYPES = {"f32": "float32", "i64": "int64", "i32": "int32", "bool": "bool"}
SYSTEM_PYTHON = "/usr/bin/python3" # has Debian's PyTorch
SETTLE = 0.02 # seconds; for threads that spin a while after their last work


class Failed(Exception):
    """A command that did not do what it was to do."""


# A small parent, because Linux counts what a parent held as its child's.
SHIM = """
import json, os, sys, time
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(pid, 0)
print(json.dumps([time.perf_counter() - start, used.ru_maxrss / 1e3, status]))
"""


class Ran:
    """A command's standard output, its seconds from start to end, its peak MB."""

    def __init__(self, words: list, **more):
        done = subprocess.run([sys.executable, "-I", "-S", "-c", SHIM, *map(str, words)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False, **more)
        self.text, _, measured = done.stdout.rstrip().rpartition("\n")
        self.seconds, self.mb, status = json.loads(measured or "[0, 0, 1]")
        if status != 0:
            raise Failed(f"{words[0]}: {(done.stderr.strip() or f'wait status {status}')[:300]}")


class Variant:
    """One way to make a program of a model: words of which NAME=VALUE are for the
    environment, -m, -f and -O options for the C compiler, others for `resc compile`."""

    def __init__(self, name: str, words: str):
        self.name, self.environment, self.cc, self.options = name, {}, [], []
        for word in shlex.split(words):
            if re.match(r"[A-Z_]+=", word):
                self.environment.update([word.split("=", 1)])
            elif re.match(r"-[mfO]", word):
                self.cc.append(word)
            else:
                self.options.append(word)


class Built:
    """A model as C, as a shared library and as a program of its own."""

    def __init__(self, resc: str, model: pathlib.Path, variant: Variant, threads: int,
                 folder: pathlib.Path):
        source = folder / "model.c"
        self.compiled = Ran([resc, "compile", model, "--name", "model", "--main", "--bundle",
                             "--json", "-o", source, *variant.options])
        self.facts = json.loads(self.compiled.text)
        compiler = shlex.split(variant.environment.get("CC", os.environ.get("CC", "cc")))
        flags = ["-O2", *(["-fopenmp"] if threads > 1 else []), *variant.cc]
        libraries = ["-Wl,--as-needed", "-lopenblas", "-lm"]
        self.library, self.program = folder / "model.so", folder / "model"
        self.linked = Ran([*compiler, *flags, "-o", self.program, source, *libraries])
        Ran([*compiler, *flags, "-fPIC", "-shared", "-o", self.library, source, *libraries])

    def task(self) -> dict:
        return {"library": str(self.library), "function": "model_run",
                "workspace": self.facts["workspace_bytes"],
                "outputs": [{"shape": x["shape"], "type": TYPES[x["type"]]}
                            for x in self.facts["outputs"]]}


class Side:
    """An engine in a process of its own, which stands still when it is not its turn,
    so that threads that wait by spinning cost the others nothing."""

    def __init__(self, task: dict, python: str, environment: dict):
        self.name, self.why_not = task["engine"], None
        self.wall, self.cpu = [], [] # milliseconds: a number a run, a number a turn
        threads = str(task["threads"])
        self.log = tempfile.TemporaryFile(mode="w+")
        self.folder = pathlib.Path(task["folder"])
        try:
            self.process = subprocess.Popen(
                [python, HERE / "engines.py", json.dumps(task)], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=self.log, text=True,
                env=dict(os.environ, OMP_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads,
                         **environment))
        except OSError as error:
            self.why_not = str(error)
            return
        answer = self.answer()
        if "ready" in answer:
            self.name = answer["ready"]
            os.kill(self.process.pid, signal.SIGSTOP)

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"skip": self.last_words()}
        self.why_not = answer.get("skip")
        if self.why_not:
            self.process.wait()
        return answer

    def last_words(self) -> str:
        self.log.seek(0)
        lines = self.log.read().strip().splitlines()
        return f"it ended early{': ' + lines[-1] if lines else ''}"

    def ask(self, what: str) -> dict:
        os.kill(self.process.pid, signal.SIGCONT)
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        answer = self.answer()
        if not self.why_not:
            time.sleep(SETTLE)
            os.kill(self.process.pid, signal.SIGSTOP)
        return answer

    def turn(self, runs: int) -> None:
        answer = self.ask(f"run {runs}")
        if not self.why_not:
            self.wall.extend(answer["ms"])
            self.cpu.append(answer["cpu"])

    def outputs(self) -> list:
        path = self.folder / f"{time.monotonic_ns()}.npz"
        self.ask(f"outputs {path}")
        return list(np.load(path).values()) if not self.why_not else []

    def end(self) -> None:
        if not self.why_not:
            self.process.kill() # the one signal that a stopped process obeys
            self.process.wait()

    def share(self, other: "Side") -> tuple:
        """This one's time by the other's: of medians, minima, processor time."""
        return (statistics.median(self.wall) / statistics.median(other.wall),
                min(self.wall) / min(other.wall),
                statistics.median(self.cpu) / statistics.median(other.cpu))


def random_inputs(facts: dict) -> dict:
    rng = np.random.default_rng(1)
    return {x["name"]: (rng.standard_normal(x["shape"]) if x["type"] == "f32" else
                        rng.integers(0, 2, x["shape"])).astype(TYPES[x["type"]])
            for x in facts["inputs"]}


def python_of(engine: str) -> str:
    return SYSTEM_PYTHON if engine == "pytorch" else sys.executable
