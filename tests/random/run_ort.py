#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs models with ONNX Runtime: run_ort.py NAME... in the folder with NAME.onnx.

The inputs, one after the other, are in NAME.in; the outputs go to NAME.ort, or
what ONNX Runtime has to say goes to NAME.ort_said."""
import sys

import numpy
import onnxruntime

TYPES = {"tensor(float)": numpy.float32, "tensor(int64)": numpy.int64,
         "tensor(int32)": numpy.int32, "tensor(uint8)": numpy.uint8,
         "tensor(int8)": numpy.int8, "tensor(bool)": numpy.bool_}


def run(name: str) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(f"{name}.onnx", options,
                                           providers=["CPUExecutionProvider"])
    feeds, at = {}, 0
    with open(f"{name}.in", "rb") as f:
        data = f.read()
    for i in session.get_inputs():
        shape = [d if isinstance(d, int) else 1 for d in i.shape]
        dtype = numpy.dtype(TYPES[i.type])
        count = int(numpy.prod(shape, dtype=numpy.int64))
        feeds[i.name] = numpy.frombuffer(data, dtype, count, at).reshape(shape)
        at += count * dtype.itemsize
    outputs = session.run(None, feeds)
    with open(f"{name}.ort", "wb") as f:
        for out in outputs:
            f.write(numpy.ascontiguousarray(out).tobytes())


def main() -> None:
    for name in sys.argv[1:]:
        try:
            run(name)
        except Exception as e:  # whatever it is: nothing to compare with
            with open(f"{name}.ort_said", "w", encoding="utf-8") as f:
                f.write(str(e))


main()
