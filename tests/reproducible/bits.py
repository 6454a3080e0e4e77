#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same bits everywhere: bits.py RESC WRITE_MODELS SOURCE-DIR [--long] [--only=TEXT]

Compiles models with --reproducible, builds the C with every compiler for every target that
there is here, runs it with every instruction set and on 1 and 3 threads, on two sets of
inputs (plain; and with NaN, infinities, denormals and -0 in them), and compares hashes of the
output files: all must be equal.  Also: flags that would change bits are refused.  --only: just
the first build, and those with TEXT in what is printed of them."""
import hashlib
import os
import pathlib
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

RESC, WRITE_MODELS, SOURCE = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
LONG = "--long" in sys.argv[4:]
ONLY = next((word[7:] for word in sys.argv[4:] if word.startswith("--only=")), "")
HERE = pathlib.Path(__file__).resolve().parent
X86 = platform.machine() == "x86_64"
WASM = ["--target=wasm32-wasi", "--sysroot=/usr"]

#   what it is     compiler                  flags                                   runner
QUICK = [
    ("x86-64",     "gcc",                    "-O0",                                  []),
    ("x86-64",     "gcc",                    "-O2 -fopenmp",                         []),
    ("x86-64",     "gcc",                    "-O3 -march=native",                    []),
    ("x86-64",     "gcc",                    "-O1 -DRESC_NO_SIMD",                   []),
    ("x86-64",     "clang",                  "-O2",                                  []),
    ("x86-64",     "clang",                  "-O3 -march=native",                    []),
    ("aarch64",    "aarch64-linux-gnu-gcc",  "-O2 -static",                          ["qemu-aarch64"]),
    ("riscv64",    "riscv64-linux-gnu-gcc",  "-O2 -static",                          ["qemu-riscv64"]),
    ("wasm32",     "clang",                  "-O2",                                  ["node"]),
]
LEVELS = ["-O0", "-O1", "-O2", "-O3"]
CROSS = [("aarch64", "qemu-aarch64"), ("riscv64", "qemu-riscv64")]
FULL = (
    [("x86-64", cc, f"{level} {more}".strip(), [])
     for cc in ("gcc", "clang", "clang-19") for level in LEVELS
     for more in ("", "-march=native", "-mfma", "-fopenmp", "-DRESC_NO_SIMD", "-flto", "-std=c99")
     if not (cc != "gcc" and more in ("-flto", "-fopenmp"))] +
    [("x86-64", "gcc", "-O2 -ffp-contract=fast -march=native", [])] +
    [(name, f"{name}-linux-gnu-gcc", f"{level} -static{more}", [qemu])
     for name, qemu in CROSS for level in LEVELS for more in ("", " -fopenmp", " -DRESC_NO_SIMD")] +
    [("aarch64", "clang", f"--target=aarch64-linux-gnu {level} -static", ["qemu-aarch64"])
     for level in LEVELS] +
    [("riscv64", "clang", f"--target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d {level} -static",
      ["qemu-riscv64"]) for level in LEVELS] +
    [("wasm32", "clang", f"{level}{more}", ["node"])
     for level in LEVELS for more in ("", " -msimd128")]
)
#  the model, and on which of QUICK's builds it is run
EVERYTHING, FASHION = "everything", "fashion"
FASHION_QUICK = {"gcc -O2 -fopenmp", "aarch64-linux-gnu-gcc -O2 -static",
                 "riscv64-linux-gnu-gcc -O2 -static", "clang -O2"}
REFUSED = [("gcc", "-ffast-math"), ("gcc", "-Ofast"), ("gcc", "-ffinite-math-only"),
           ("gcc", "-funsafe-math-optimizations"), ("gcc", "-freciprocal-math"),
           ("gcc", "-fno-signed-zeros"), ("clang", "-ffast-math"), ("clang", "-Ofast"),
           ("clang", "-ffinite-math-only")]
SPECIALS = [float("nan"), float("inf"), -0.0, 1e-42, -float("inf"), 3e38, -1e-45]

counts = {"passed": 0, "failed": 0, "skipped": 0}


def say(verdict: str, what: str) -> None:
    counts[verdict] += 1
    print(f"{verdict}: {what}", flush=True)


def run(command: list, folder: pathlib.Path, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run([str(c) for c in command], cwd=folder, env={**os.environ, **env},
                          capture_output=True, text=True, check=False)


def must(command: list, folder: pathlib.Path) -> None:
    done = run(command, folder)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr[-2000:]}")


def special(plain: bytes) -> bytes:
    """Every 211th float is no ordinary number."""
    n = len(plain) // 4
    x = list(struct.unpack(f"<{n}f", plain))
    for k, at in enumerate(range(5, n, 211)):
        x[at] = SPECIALS[k % len(SPECIALS)]
    return struct.pack(f"<{n}f", *x)


class Model:
    """In a folder of its own: NAME.c, and files of inputs in the order of the program's."""

    def __init__(self, name: str, onnx: pathlib.Path, folder: pathlib.Path) -> None:
        self.name, self.folder = name, folder
        self.inputs = {"plain": [], "special": []}
        self.wanted: dict = {}
        must([RESC, "compile", onnx, "--reproducible", "--main", "--weights=net.bin", "--name=net",
              "-o", f"{name}.c"], folder)
        header = (folder / f"{name}.h").read_text(encoding="ascii")
        types = [line.split()[3].split("[")[0] for line in header.splitlines()
                 if line.startswith("/* in  ")]
        self.n_outputs = sum(line.startswith("/* out ") for line in header.splitlines())
        for k, dtype in enumerate(types):
            plain = (folder / f"in_{k}.raw").read_bytes()
            self.inputs["plain"].append(f"in_{k}.raw")
            if dtype == "float":
                (folder / f"special_{k}.raw").write_bytes(special(plain))
            self.inputs["special"].append(f"special_{k}.raw" if dtype == "float"
                                          else f"in_{k}.raw")

    def hash(self, program: str, runner: list, inputs: str, tag: str, **env: str) -> str:
        outputs = [f"{program}_{tag}_{k}.out" for k in range(self.n_outputs)]
        start = ([*runner, f"./{program}"] if runner != ["node"] else
                 ["node", "--no-warnings", HERE / "wasi.mjs", program])
        done = run([*start, "net.bin", *self.inputs[inputs], *outputs], self.folder, **env)
        if done.returncode != 0:
            return f"exit status {done.returncode}: {done.stderr[-300:]}"
        digest = hashlib.sha256()
        for path in outputs:
            digest.update((self.folder / path).read_bytes())
            (self.folder / path).unlink()
        return digest.hexdigest()[:16]


def cpu_isas() -> list:
    if not X86:
        return ["base"]
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
        flags = set(next((line for line in f if line.startswith("flags")), "").split())
    return (["base"] + ["avx2"] * ({"avx2", "fma"} <= flags) +
            ["avx512"] * ({"avx512f", "avx512vl", "avx512bw", "avx512dq"} <= flags))


def missing(build: tuple) -> str:
    target, compiler, _, runner = build
    if target == "x86-64" and not X86:
        return "this is no x86-64"
    return next((f"no {tool} here" for tool in [compiler, *runner] if not shutil.which(tool)), "")


def variants(build: tuple) -> list:
    """(words, environment) of each run."""
    target, _, flags, _ = build
    isas = cpu_isas() if target == "x86-64" and "NO_SIMD" not in flags else ["base"]
    threads = ["1", "3"] if "-fopenmp" in flags else ["1"]
    return [(f"{isa}, {n} threads", {"RESC_ISA": isa, "OMP_NUM_THREADS": n,
                                     "OMP_WAIT_POLICY": "passive"})
            for isa in isas for n in threads]


def text_of(model: Model, build: tuple) -> str:
    target, compiler, flags, _ = build
    return f"{model.name}: {target}: {compiler} {flags}"


def try_build(model: Model, number: int, build: tuple) -> list:
    """(verdict, text, inputs, hash) of each run of it."""
    target, compiler, flags, runner = build
    text = text_of(model, build)
    reason = missing(build)
    if reason:
        return [("skipped", f"{text}: {reason}", "", "")]
    program = f"program_{number}" + (".wasm" if target == "wasm32" else "")
    made = run([compiler, *(WASM if target == "wasm32" else []), *flags.split(), f"{model.name}.c",
                "-o", program, "-lm"], model.folder)
    if made.returncode != 0:
        return [("failed", f"{text}: {made.stderr[-500:]}", "", "")]
    found = []
    for words, env in variants(build):
        for inputs in model.inputs:
            found.append(("passed", f"{text}: {words}, {inputs} inputs", inputs,
                          model.hash(program, runner, inputs, "run", **env)))
    (model.folder / program).unlink()
    return found


def compare(model: Model, found: list) -> None:
    for verdict, text, inputs, bits in found:
        if verdict == "passed":
            wanted = model.wanted.setdefault(inputs, bits)
            verdict = "passed" if bits == wanted and " " not in bits else "failed"
            text += f": {bits}" + ("" if verdict == "passed" else f", wanted {wanted}")
        say(verdict, text)


def try_refused(model: Model) -> None:
    for compiler, flag in REFUSED:
        if not shutil.which(compiler):
            say("skipped", f"{compiler} {flag}: no {compiler} here")
            continue
        made = run([compiler, flag, "-fsyntax-only", f"{model.name}.c"], model.folder)
        refused = made.returncode != 0 and "reproducible results need" in made.stderr
        say("passed" if refused else "failed", f"{compiler} {flag} is refused")


def try_control(model: Model, onnx: pathlib.Path) -> None:
    """Without the mode the bits do differ: the test can see it."""
    if cpu_isas() == ["base"]:
        say("skipped", "without --reproducible: no other instruction set here")
        return
    must([RESC, "compile", onnx, "--bundle", "--kernels=native", "--main", "--weights=net.bin",
          "--name=net", "-o", "control.c"], model.folder)
    made = run(["cc", "-O2", "control.c", "-o", "control", "-lm"], model.folder)
    bits = {isa: model.hash("control", [], "plain", isa, RESC_ISA=isa) for isa in cpu_isas()}
    say("passed" if made.returncode == 0 and len(set(bits.values())) > 1 else "failed",
        f"without --reproducible the bits differ: {bits}")


def main() -> None:
    builds = FULL if LONG else QUICK
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: pathlib.Path(temporary) / name for name in (EVERYTHING, FASHION)}
        for folder in folders.values():
            folder.mkdir()
        must([WRITE_MODELS, folders[EVERYTHING]], folders[EVERYTHING])
        onnx = {EVERYTHING: folders[EVERYTHING] / "everything.onnx",
                FASHION: SOURCE / "examples" / "fashion" / "fashion.onnx"}
        (folders[FASHION] / "in_0.raw").write_bytes(
            struct.pack("<784f", *[(i * 7919 % 1009) / 1009 for i in range(784)]))
        models = [Model(name, onnx[name], folders[name]) for name in folders]
        jobs = [(model, i, build) for model in models for i, build in enumerate(builds)
                if LONG or model.name == EVERYTHING or
                f"{build[1]} {build[2]}" in FASHION_QUICK]
        jobs = [job for job in jobs if job[1] == 0 or ONLY in text_of(job[0], job[2])]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for (model, _, _), found in zip(jobs, pool.map(lambda job: try_build(*job), jobs)):
                compare(model, found)
        try_refused(models[1])
        if LONG:
            try_control(models[1], onnx[FASHION])
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    sys.exit(counts["failed"] > 0)


main()
