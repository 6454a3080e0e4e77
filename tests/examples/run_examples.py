#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs the example programs: run_examples.py fashion|imagenet|readme RESC LIBS

LIBS: what generated code links with besides -lm, as one word.  Prints a reason
and exits 77 where something that is not part of the repository is missing."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("RESC_SHARED", SOURCE.parent / "shared"))
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
FASHION_DATA = pathlib.Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))


def skip(reason: str) -> None:
    print("skipped:", reason)
    sys.exit(77)


def run(*command: object) -> str:
    words = [str(word) for word in command]
    env = dict(os.environ, OPENBLAS_NUM_THREADS="1", LC_ALL="C")
    done = subprocess.run(words, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(words)}: exit status {done.returncode}\n{done.stdout}")
    return done.stdout


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def imagenet(resc: str, folder: pathlib.Path) -> None:
    """Top-1 on 17 photographs: as many right as the reference, for two networks
    with different names of input and output, through the example's Makefile."""
    photographs = SHARED / "images/free17"
    classes = SHARED / "images/imagenet_classes.tsv"
    if not photographs.is_dir():
        skip(f"no photographs in {photographs}")
    labels = rows(SHARED / "images/free17_labels.tsv")
    ran = 0
    for model, expected in ("resnet50_imagenet_half", 17), ("squeezenet1.1_imagenet", 14):
        onnx = SHARED / "models" / model / "model.onnx"
        if not onnx.is_file():
            continue
        work = folder / model
        shutil.copytree(SOURCE / "examples/imagenet", work)
        run("make", "-C", work, f"RESC={resc}", f"MODEL={onnx}", f"CFLAGS=-O2 {WARNINGS}")
        text = run(work / "classify", "-c", classes, *(photographs / row["file"] for row in labels))
        best = re.findall(r"^/.*\n +[0-9.]+ % +(\d+)  (\S+)$", text, re.M)
        right = sum(found[0] in row["accepted_class_ids"].split(",")
                    for found, row in zip(best, labels))
        print(f"{model}: {right} of {len(labels)} right")
        if len(best) != len(labels) or right < expected:
            sys.exit(f"{model}: expected {expected} right\n{text}")
        ran += 1
    if not ran:
        skip(f"no networks in {SHARED / 'models'}")


def fashion(resc: str, folder: pathlib.Path) -> None:
    """The bundled network: 20 pictures, then all 10,000 test images, of which as
    many right as in training, give or take two."""
    example = SOURCE / "examples/fashion"
    cc = shlex.split(os.environ.get("CC", "cc"))
    run(resc, "compile", example / "fashion.onnx", "--bundle", "--kernels=native", "-o", folder / "fashion.c")

    def build(name: str, *more: str) -> pathlib.Path:
        run(*cc, "-std=c11", "-O2", *WARNINGS.split(), "-I", folder, example / f"{name}.c",
            folder / "fashion.c", "-o", folder / name, *more, "-lm")
        return folder / name

    text = run(build("classify"), *sorted((example / "images").glob("*.png")))
    right = int(re.search(r"^(\d+) of 20 right$", text, re.M).group(1))
    print(f"pictures: {right} of 20 right")
    if right < 17: # less than 85 % has odds under 1 : 100 for a network that is right on 92.5 %
        sys.exit(text)

    data = [FASHION_DATA / f"t10k-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1")]
    if not all(path.is_file() for path in data):
        skip(f"no Fashion-MNIST in {FASHION_DATA} (Debian: dataset-fashion-mnist)")
    trained = int(re.search(r"\d+", (example / "accuracy.txt").read_text()).group())
    right = int(re.search(r"right (\d+) of 10000", run(build("accuracy", "-lz"), *data)).group(1))
    print(f"test set: {right} of 10000 right, {trained} when trained")
    if abs(right - trained) > 2:
        sys.exit("the generated C and the trained network disagree")


def readme(resc: str, folder: pathlib.Path) -> None:
    """The quick start of README.md, word for word."""
    pythons = [sys.executable, "/usr/bin/python3"]
    python = next((p for p in pythons if os.path.exists(p) and subprocess.run(
        [p, "-c", "import torch, onnx"], stderr=subprocess.DEVNULL, check=False).returncode == 0),
                  None)
    if not python:
        skip("no PyTorch (Debian: python3-torch, python3-onnx)")
    text = (SOURCE / "README.md").read_text(encoding="utf-8").split("## Quick start")[1]
    blocks = dict(reversed(re.findall(r"```(\w+)\n(.*?)```", text, re.S))) # the first of each
    (folder / "export.py").write_text(blocks["python"])
    (folder / "main.c").write_text(blocks["c"])
    for name, program in ("python3", python), ("resc", resc):
        (folder / name).write_text(f'#!/bin/sh\nexec {shlex.quote(program)} "$@"\n')
        (folder / name).chmod(0o755)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    said = run("sh", "-ec", f"cd {shlex.quote(str(folder))}\n{blocks['sh']}")
    print(said)
    if len(re.findall(r"^\d -?\d+\.\d{6}$", said, re.M)) != 10 or "net.onnx: pass" not in said:
        sys.exit("the quick start does not print what it should")


def main() -> None:
    what, resc = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="resc-examples-") as folder:
        {"fashion": fashion, "imagenet": imagenet, "readme": readme}[what](
            os.path.abspath(resc), pathlib.Path(folder))


if __name__ == "__main__":
    main()
