# SPDX-License-Identifier: Apache-2.0
"""Writes torchvision's residual networks as NAME.onnx, and beside it NAME.pt
(TorchScript) with the same weights for PyTorch itself.

Weights are random but always the same.  Untrained networks would drown their
inputs: so batch normalisation is calibrated on seeded pictures, after which each
layer's outputs have mean 0 and variance 1 before scaling, as in a trained one."""
import argparse
import pathlib

import torch
import torchvision

NAMES = ("resnet18", "resnet34", "resnet50", "wide_resnet50_2", "resnext50_32x4d",
         "mobilenet_v2")
SIDE = 224
CALIBRATION_PICTURES = 8


def arguments() -> argparse.Namespace:
    build = pathlib.Path(__file__).resolve().parent.parent / "build"
    parser = argparse.ArgumentParser(prog="bench/networks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"of a classifier in torchvision.models [{' '.join(NAMES)}]")
    parser.add_argument("--batch", type=int, default=1, help="pictures in an input [1]")
    parser.add_argument("--folder", type=pathlib.Path, default=build / "bench-networks")
    parser.add_argument("--again", action="store_true", help="also those that are there")
    return parser.parse_args()


def calibrated(name: str) -> torch.nn.Module:
    torch.manual_seed(1)
    network = getattr(torchvision.models, name)(weights=None).train()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None # running statistics become those of all pictures
        elif isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    network(torch.randn(CALIBRATION_PICTURES, 3, SIDE, SIDE))
    return network.eval()


def export(name: str, batch: int, path: pathlib.Path) -> None:
    network = calibrated(name)
    picture = torch.randn(batch, 3, SIDE, SIDE)
    torch.jit.trace(network, picture).save(str(path.with_suffix(".pt")))
    partial = path.with_suffix(".partial")
    torch.onnx.export(network, picture, str(partial), opset_version=13,
                      input_names=["input"], output_names=["output"])
    partial.rename(path)
    largest = network(picture).abs().max().item()
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, outputs up to {largest:.2f}", flush=True)


def main() -> None:
    args = arguments()
    args.folder.mkdir(parents=True, exist_ok=True)
    suffix = f"-b{args.batch}" if args.batch > 1 else ""
    with torch.no_grad():
        for name in args.names or NAMES:
            path = args.folder / f"{name}{suffix}.onnx"
            if args.again or not path.exists():
                export(name, args.batch, path)


if __name__ == "__main__":
    main()
