# SPDX-License-Identifier: Apache-2.0
"""Times what resc makes of a model against ONNX Runtime, by turns in one run.

compare.py --resc RESC MODEL.onnx [--threads N] [--rounds N] ...

The machine's speed drifts while one measures, so only the ratio of times taken
side by side is worth anything: every round runs both, and whoever went first
goes second in the next one.  Where other programs run, too, the processor time
is steadier than the time by the clock; it is the sum over all threads."""
import argparse
import json
import os
import pathlib
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime as ort

TYPES = {"f32": np.float32, "i64": np.int64, "i32": np.int32, "bool": np.bool_}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--resc", default="build/resc", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=1, help="for both sides [1]")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each side [10]")
    parser.add_argument("--runs", type=int, default=10, help="runs in a turn [10]")
    parser.add_argument("--cflags", default="-O2", help="for the C compiler [-O2]")
    parser.add_argument("--libs", default="-lopenblas", help="to link with [-lopenblas]")
    parser.add_argument("--compile", default="", metavar="OPTIONS",
                        help="more options for `resc compile`, in one word")
    return parser.parse_args()


class Measured:
    """A command's standard output, its seconds by the clock and of the processor,
    and the peak memory in MB of it, or of an earlier one if that took more."""

    def __init__(self, command: list[str], **more):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **more)
        self.seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            sys.exit(f"{shlex.join(command)}: exit status {done.returncode}")
        self.text = done.stdout
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.memory = after.ru_maxrss / 1e3


class Times:
    """Milliseconds a run of one side."""

    def __init__(self):
        self.wall, self.cpu = [], [] # a number a run, a number a turn

    def print(self, name: str) -> None:
        print(f"{name:<14}{statistics.median(self.wall):9.2f} {min(self.wall):9.2f}"
              f" {statistics.median(self.cpu):9.2f}")


class Generated:
    """model.c as a program of its own."""

    def __init__(self, args: argparse.Namespace, folder: pathlib.Path):
        source, self.program = folder / "model.c", folder / "model"
        compiled = Measured(
            [args.resc, "compile", str(args.model), "--name", "model", "--main", "--bundle",
             "--json", "-o", str(source), *shlex.split(args.compile)])
        self.facts = json.loads(compiled.text)
        print(f"resc compile  {compiled.seconds:6.2f} s, processor {compiled.cpu:.2f} s,"
              f" {compiled.memory:.0f} MB")
        compiler = shlex.split(os.environ.get("CC", "cc"))
        flags = shlex.split(args.cflags)
        built = Measured(
            [*compiler, "-std=c11", *flags, "-c", str(source), "-o", str(folder / "model.o")])
        print(f"{compiler[0] + ' ' + args.cflags:<13} {built.seconds:6.2f} s,"
              f" processor {built.cpu:.2f} s")
        Measured([*compiler, *flags, str(folder / "model.o"), "-o", str(self.program),
                  *shlex.split(args.libs), "-lm"])
        self.folder = folder
        self.env = dict(os.environ, OPENBLAS_NUM_THREADS=str(args.threads),
                        OMP_NUM_THREADS=str(args.threads))

    def write_inputs(self, inputs: list[np.ndarray]) -> None:
        for i, tensor in enumerate(inputs):
            tensor.tofile(self.folder / f"in{i}")

    def turn(self, runs: int, times: Times) -> None:
        """The first run of a process is not counted: it reads the weights in."""
        files = [str(self.folder / f"{kind}{i}") for kind in ("in", "out")
                 for i in range(len(self.facts[kind + "puts"]))]
        short, full = (Measured([str(self.program), "-n", str(n), *files], env=self.env)
                       for n in (1, runs + 1))
        times.wall.extend(float(ms) for ms in re.findall(r"^([0-9.]+) ms$", full.text, re.M))
        times.cpu.append((full.cpu - short.cpu) / runs * 1e3)

    def outputs(self) -> list[np.ndarray]:
        return [np.fromfile(self.folder / f"out{i}", TYPES[out["type"]]).reshape(out["shape"])
                for i, out in enumerate(self.facts["outputs"])]


class Runtime:
    """ONNX Runtime on the CPU."""

    def __init__(self, args: argparse.Namespace, inputs: dict[str, np.ndarray]):
        options = ort.SessionOptions()
        options.intra_op_num_threads = args.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = ort.InferenceSession(str(args.model), options,
                                            providers=["CPUExecutionProvider"])
        self.inputs = inputs

    def turn(self, runs: int, times: Times) -> None:
        self.session.run(None, self.inputs)
        cpu = time.process_time()
        for _ in range(runs):
            start = time.perf_counter()
            self.session.run(None, self.inputs)
            times.wall.append((time.perf_counter() - start) * 1e3)
        times.cpu.append((time.process_time() - cpu) / runs * 1e3)

    def outputs(self) -> list[np.ndarray]:
        return self.session.run(None, self.inputs)


def random_inputs(facts: dict) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {x["name"]: (rng.standard_normal(x["shape"]) if x["type"] == "f32" else
                        rng.integers(0, 2, x["shape"])).astype(TYPES[x["type"]])
            for x in facts["inputs"]}


def compare(args: argparse.Namespace, folder: pathlib.Path) -> None:
    generated = Generated(args, folder)
    inputs = random_inputs(generated.facts)
    generated.write_inputs(list(inputs.values()))
    runtime = Runtime(args, inputs)
    ours, theirs = Times(), Times()
    for i in range(args.rounds):
        turns = [(generated, ours), (runtime, theirs)]
        for side, times in reversed(turns) if i % 2 else turns:
            side.turn(args.runs, times)

    print(f"\n{args.model}: {args.rounds} rounds of {args.runs} runs, {args.threads} thread(s)")
    print("ms a run         median   minimum processor")
    ours.print("generated C")
    theirs.print(f"ORT {ort.__version__}")
    print(f"{'ratio':<14}{statistics.median(ours.wall) / statistics.median(theirs.wall):9.2f}"
          f" {min(ours.wall) / min(theirs.wall):9.2f}"
          f" {statistics.median(ours.cpu) / statistics.median(theirs.cpu):9.2f}")
    for fact, a, b in zip(generated.facts["outputs"], generated.outputs(), runtime.outputs()):
        off = np.abs(a.astype(np.float64) - b.astype(np.float64)).max(initial=0.0)
        print(f"output {fact['name']}: largest difference {off:.3g}, "
              f"largest value {np.abs(b).max(initial=0):.3g}")


def main() -> None:
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="resc-bench-") as folder:
        compare(args, pathlib.Path(folder))


if __name__ == "__main__":
    main()
