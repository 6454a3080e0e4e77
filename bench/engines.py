# SPDX-License-Identifier: Apache-2.0
"""A worker: one engine with one model in a process of its own.

engines.py '{"engine": "onnxruntime", "model": "x.onnx", "inputs": "in.npz",
             "threads": 1, "folder": "/tmp/scratch"}'

It answers with JSON, a line each: {"ready": "name and version"} or {"skip":
"why"}; then, for every line "run N" on its standard input, {"ms": [N times],
"cpu": processor milliseconds a run}; and for "outputs FILE.npz" {}.  Engines
that chatter do so on standard error.

Every engine computes in float: options that allow less are turned off."""
import ctypes
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import numpy as np


class Skip(Exception):
    """Why an engine cannot run a model."""


class Resc:
    """The generated C as a shared library that compare.py built."""

    def __init__(self, task: dict, inputs: dict):
        self.function = getattr(ctypes.CDLL(task["library"]), task["function"])
        self.name = "resc"
        self.outputs = [np.zeros(out["shape"], out["type"]) for out in task["outputs"]]
        self.keep = [np.ascontiguousarray(x) for x in inputs.values()]
        workspace = np.zeros(task["workspace"] + 64, np.uint8)
        aligned = workspace.ctypes.data + -workspace.ctypes.data % 64
        self.keep.append(workspace)
        pointers = [x.ctypes.data for x in self.keep[:-1] + self.outputs] + [aligned]
        self.arguments = [ctypes.c_void_p(x) for x in pointers]

    def run(self) -> list:
        if self.function(*self.arguments) != 0:
            raise RuntimeError("NAME_run() failed")
        return self.outputs


class OnnxRuntime:
    def __init__(self, task: dict, inputs: dict):
        import onnxruntime as ort
        options = ort.SessionOptions()
        options.intra_op_num_threads = task["threads"]
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = ort.InferenceSession(task["model"], options,
                                            providers=["CPUExecutionProvider"])
        self.inputs = inputs
        self.name = f"ONNX Runtime {ort.__version__}"

    def run(self) -> list:
        return self.session.run(None, self.inputs)


class Mnn:
    def __init__(self, task: dict, inputs: dict):
        import importlib.metadata
        import MNN
        import _tools # of MNN: its command mnnconvert reports what it does to its makers
        converted = os.path.join(task["folder"], "model.mnn")
        _tools.mnnconvert(["mnnconvert", "-f", "ONNX", "--modelFile", task["model"],
                           "--MNNModel", converted, "--bizCode", "bench"])
        if not os.path.exists(converted):
            raise Skip("its converter refuses the model")
        self.interpreter = MNN.Interpreter(converted)
        self.session = self.interpreter.createSession(
            {"backend": "CPU", "numThread": task["threads"], "precision": "normal"})
        self.inputs = []
        for name, x in inputs.items():
            tensor = self.interpreter.getSessionInput(self.session, name)
            self.interpreter.resizeTensor(tensor, x.shape)
            self.inputs.append((tensor, x))
        self.interpreter.resizeSession(self.session)
        self.inputs = [(tensor, MNN.Tensor(x.shape, MNN.Halide_Type_Float, x.ravel(),
                                           MNN.Tensor_DimensionType_Caffe))
                       for tensor, x in self.inputs]
        self.host_type = MNN.Tensor_DimensionType_Caffe
        self.tensor = MNN.Tensor
        self.float = MNN.Halide_Type_Float
        self.name = f"MNN {importlib.metadata.version('MNN')}"

    def run(self) -> list:
        for tensor, host in self.inputs:
            tensor.copyFrom(host)
        self.interpreter.runSession(self.session)
        outputs = []
        for tensor in self.interpreter.getSessionOutputAll(self.session).values():
            shape = tensor.getShape()
            host = self.tensor(shape, self.float, np.zeros(shape, np.float32), self.host_type)
            tensor.copyToHostTensor(host)
            outputs.append(np.array(host.getNumpyData()).reshape(shape))
        return outputs


class Ncnn:
    """Pictures one after the other, by the network for one: ncnn has no batches."""

    def __init__(self, task: dict, inputs: dict):
        import importlib.metadata
        import importlib.util
        import ncnn
        pnnx = importlib.util.find_spec("pnnx") # importing it would need PyTorch
        if not pnnx:
            raise Skip("its converter, pnnx, is not there")
        self.ncnn = ncnn
        self.pictures = [[np.ascontiguousarray(x[i]) for x in inputs.values()]
                         for i in range(next(iter(inputs.values())).shape[0])]
        shapes = ",".join(str([1, *x.shape[1:]]).replace(" ", "") for x in inputs.values())
        source = pathlib.Path(task["model"]).resolve()
        single = source.with_name(re.sub(r"-b\d+\.onnx$", ".onnx", source.name))
        model = pathlib.Path(task["folder"]) / "model.onnx"
        model.symlink_to(single if single.exists() else source)
        converter = pathlib.Path(pnnx.origin).with_name("pnnx")
        done = subprocess.run([converter, model, f"inputshape={shapes}", "fp16=0"],
                              cwd=task["folder"], stdout=sys.stderr, check=False)
        if done.returncode != 0:
            raise Skip("its converter, pnnx, refuses the model")
        param = model.with_name("model.ncnn.param")
        layers = [line.split() for line in param.read_text().splitlines()[2:]]
        self.n_outputs = len({blob for words in layers for blob in words
                              if blob.startswith("out") and blob[3:].isdigit()})
        self.net = ncnn.Net()
        self.net.opt.num_threads = task["threads"]
        for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic",
                       "use_bf16_storage"):
            setattr(self.net.opt, option, False)
        if self.net.load_param(str(param)) or \
                self.net.load_model(str(param.with_suffix(".bin"))):
            raise Skip("it cannot load what pnnx made")
        self.name = f"ncnn {importlib.metadata.version('ncnn')}"

    def run_picture(self, picture: list) -> list:
        with self.net.create_extractor() as extractor:
            for i, x in enumerate(picture):
                extractor.input(f"in{i}", self.ncnn.Mat(x))
            outputs = []
            for k in range(self.n_outputs):
                status, out = extractor.extract(f"out{k}")
                if status:
                    raise RuntimeError(f"extract() failed with {status}")
                outputs.append(np.array(out))
            return outputs

    def run(self) -> list:
        outputs = [self.run_picture(x) for x in self.pictures]
        return [np.stack(x) for x in zip(*outputs)]


class OpenVino:
    def __init__(self, task: dict, inputs: dict):
        import openvino as ov
        core = ov.Core()
        model = core.read_model(task["model"])
        model.reshape({name: list(x.shape) for name, x in inputs.items()})
        self.request = core.compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": task["threads"], "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
        }).create_infer_request()
        self.inputs = inputs
        self.name = f"OpenVINO {ov.__version__.split('-')[0]}"

    def run(self) -> list:
        return [np.array(x) for x in self.request.infer(self.inputs).values()]


class PyTorch:
    """The TorchScript that bench/networks writes beside its networks."""

    def __init__(self, task: dict, inputs: dict):
        import torch
        script = pathlib.Path(task["model"]).with_suffix(".pt")
        if not script.exists():
            raise Skip(f"no {script.name} beside the model")
        torch.set_num_threads(task["threads"])
        self.no_grad = torch.no_grad
        self.inputs = [torch.from_numpy(x) for x in inputs.values()]
        self.network = torch.jit.load(str(script)).eval()
        self.name = f"PyTorch {torch.__version__}"
        if task.get("double"):
            self.name += " in double precision"
            self.inputs = [x.double() for x in self.inputs]
            self.network = self.network.double()
        else:
            self.network = torch.jit.optimize_for_inference(torch.jit.freeze(self.network))

    def run(self) -> list:
        with self.no_grad():
            y = self.network(*self.inputs)
            return [x.numpy() for x in (y if isinstance(y, tuple) else (y,))]


ENGINES = {"resc": Resc, "onnxruntime": OnnxRuntime, "mnn": Mnn, "ncnn": Ncnn,
           "openvino": OpenVino, "pytorch": PyTorch}


def timed(engine, runs: int) -> dict:
    """The first run is not counted: it brings the weights back into the caches."""
    engine.run()
    times = []
    cpu = time.process_time()
    for _ in range(runs):
        start = time.perf_counter()
        engine.run()
        times.append((time.perf_counter() - start) * 1e3)
    return {"ms": times, "cpu": (time.process_time() - cpu) / runs * 1e3}


def serve(engine, answer) -> None:
    answer({"ready": engine.name})
    for line in sys.stdin:
        word, value = line.split(maxsplit=1)
        if word == "run":
            answer(timed(engine, int(value)))
        else:
            np.savez(value.strip(), *engine.run())
            answer({})


def main() -> None:
    task = json.loads(sys.argv[1])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(what: dict) -> None:
        print(json.dumps(what), file=out, flush=True)

    try:
        inputs = dict(np.load(task["inputs"]))
        engine = ENGINES[task["engine"]](task, inputs)
        engine.run()
    except Exception as error: # whatever an engine throws, the others go on
        answer({"skip": str(error).strip().splitlines()[0] if str(error).strip()
                else type(error).__name__})
        return
    serve(engine, answer)


if __name__ == "__main__":
    main()
