# SPDX-License-Identifier: Apache-2.0
"""Cold start: from the start of a process to the end of one that ran the model
once, with the files in the page cache; and the peak memory of that process."""
import statistics
import sys

from sides import Ran

RUNTIME = """
import sys
import numpy as np
inputs = dict(np.load(sys.argv[2]))
if len(sys.argv) > 3:
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[3])
    session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    session.run(None, inputs)
"""


class Cold:
    def __init__(self, name: str, words: list, env: dict):
        self.name, self.words, self.env = name, [str(word) for word in words], env
        self.ms, self.mb = [], []

    def start(self) -> None:
        ran = Ran(self.words, env=self.env)
        self.ms.append(ran.seconds * 1e3)
        self.mb.append(ran.mb)


def cold_starts(built, model, inputs_npz, inputs: dict, threads: int, rounds: int,
                env: dict) -> None:
    folder = built.program.parent
    raw = []
    for i, x in enumerate(inputs.values()):
        raw.append(folder / f"in{i}.raw")
        x.tofile(raw[-1])
    raw += [folder / f"out{i}.raw" for i in range(len(built.facts["outputs"]))]
    python = [sys.executable, "-c", RUNTIME, model, inputs_npz]
    sides = [Cold("resc", [built.program, *raw], env),
             Cold("ONNX Runtime, in Python", [*python, threads], env),
             Cold("Python with NumPy alone", python, env)]
    for i in range(rounds + 1):
        for side in sides if i % 2 else reversed(sides):
            side.start()
    print("\ncold start                median ms  minimum   peak MB")
    for side in sides:
        print(f"{side.name:<26}{statistics.median(side.ms[1:]):9.1f} {min(side.ms[1:]):8.1f}"
              f" {max(side.mb[1:]):9.1f}")
    facts = built.facts
    print(f"weights and workspace take "
          f"{(facts['weights_bytes'] + facts['workspace_bytes']) / 1e6:.1f} MB", flush=True)
