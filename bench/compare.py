# SPDX-License-Identifier: Apache-2.0
"""Times what resc makes of models against other engines, by turns in one run.

The machine's speed drifts while one measures, so only ratios of times taken
side by side are worth anything: every round is a turn of each engine, and the
order rotates.  Where other programs run, too, the processor time is steadier
than the time by the clock; it is the sum over all threads."""
import argparse
import os
import pathlib
import signal
import statistics
import sys
import tempfile

import numpy as np

from cold import cold_starts
from sides import Built, Failed, Ran, Side, Variant, python_of, random_inputs

HERE = pathlib.Path(__file__).resolve().parent
NETWORKS = ("resnet18", "resnet34", "resnet50", "wide_resnet50_2", "resnext50_32x4d",
            "mobilenet_v2")
ENGINES = ("onnxruntime", "mnn", "ncnn", "openvino", "pytorch")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", type=pathlib.Path, metavar="MODEL.onnx")
    parser.add_argument("--all", action="store_true", help="the networks of bench/networks")
    parser.add_argument("--resc", default="build/resc", help=argparse.SUPPRESS)
    parser.add_argument("--networks", type=pathlib.Path, help=argparse.SUPPRESS,
                        default=HERE.parent / "build" / "bench-networks")
    parser.add_argument("--threads", type=int, default=1, help="for all sides [1]")
    parser.add_argument("--batch", type=int, default=1, help="pictures a run, for --all [1]")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each side [10]")
    parser.add_argument("--runs", type=int, default=10, help="runs in a turn [10]")
    parser.add_argument("--engines", default=",".join(ENGINES), metavar="LIST",
                        help=f"beside resc, or none [{','.join(ENGINES)}]")
    parser.add_argument("--compile", default="", metavar="WORDS", help="what resc is built "
                        "with: NAME=VALUE for the environment, -m, -f and -O options for cc, "
                        "others for `resc compile`, such as -Dbatch=4")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME:WORDS",
                        help="resc once more, with those words as well; may be repeated")
    parser.add_argument("--cold", action="store_true", help="cold start and peak memory, too")
    args = parser.parse_args()
    if not args.models and not args.all:
        parser.error("no model given; --all takes those of bench/networks")
    return args


class Comparison:
    """One model, all sides."""

    def __init__(self, args: argparse.Namespace, model: pathlib.Path, folder: pathlib.Path):
        self.args, self.model, self.folder = args, model, folder
        self.variants = [Variant("resc", args.compile)]
        for text in args.variant:
            name, _, words = text.partition(":")
            self.variants.append(Variant(name, f"{args.compile} {words}"))
        self.built = [Built(args.resc, model, variant, args.threads, self.new_folder())
                      for variant in self.variants]
        self.inputs = random_inputs(self.built[0].facts)
        self.inputs_path = folder / "inputs.npz"
        np.savez(self.inputs_path, **self.inputs)
        self.exact = None

    def new_folder(self) -> pathlib.Path:
        return pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    def side(self, engine: str, environment: dict, **more) -> Side:
        task = {"engine": engine, "model": str(self.model), "inputs": str(self.inputs_path),
                "threads": self.args.threads, "folder": str(self.new_folder()), **more}
        side = Side(task, python_of(engine), environment)
        if side.why_not:
            print(f"{side.name} is skipped: {side.why_not}", flush=True)
        return side

    def start(self, sides: list) -> None:
        for variant, built in zip(self.variants, self.built):
            sides.append(self.side("resc", variant.environment, **built.task()))
            sides[-1].name = variant.name
        for engine in self.args.engines.split(","):
            if engine not in ("", "none"):
                sides.append(self.side(engine, {}))

    def measure(self, sides: list) -> None:
        for i in range(self.args.rounds):
            first = i % len(sides)
            for side in sides[first:] + sides[:first]:
                if not side.why_not:
                    side.turn(self.args.runs)

    def reference(self, sides: list) -> tuple:
        """PyTorch in double precision, else ONNX Runtime: its name and outputs."""
        exact = None
        if any(side.name.startswith("PyTorch") for side in sides):
            exact = self.side("pytorch", {}, double=True)
        if not exact or exact.why_not:
            exact = next((x for x in sides if x.name.startswith("ONNX")), sides[0])
            return exact.name, exact.outputs()
        outputs = exact.outputs()
        exact.end()
        return exact.name, outputs


def difference(got: list, want: list) -> str:
    """The largest, and a word if the largest element of a row is another one."""
    if len(got) != len(want):
        return "other outputs"
    largest, same = 0.0, True
    for x, y in zip(got, want):
        if x.size != y.size:
            return "other shapes"
        x = x.reshape(y.shape)
        off = np.abs(x.astype(np.float64) - y.astype(np.float64))
        largest = max(largest, float(off.max(initial=0.0)))
        if y.ndim == 2:
            same = same and bool((x.argmax(1) == y.argmax(1)).all())
    return f"{largest:.2g}{'' if same else ', top-1 differs'}"


def print_table(comparison: Comparison, sides: list) -> None:
    args, facts, ours = comparison.args, comparison.built[0].facts, sides[0]
    name, exact = comparison.reference(sides)
    torch = next((x for x in sides if x.name.startswith("PyTorch")), None)
    torch_outputs = torch.outputs() if torch else None
    print(f"\n{comparison.model.stem}: {args.threads} thread(s), {args.rounds} rounds of "
          f"{args.runs} runs, {facts['macs'] / 1e9:.3f} G multiply-adds\n"
          f"{'':<22}ms a run                     resc's share of it         "
          f"largest difference from\n"
          f"{'':<22}  median   minimum processor  median minimum processor  the reference"
          f"{'  PyTorch' if torch else ''}")
    for side in sides:
        outputs = side.outputs()
        print(f"{side.name:<22}{statistics.median(side.wall):8.3f} {min(side.wall):9.3f}"
              f" {statistics.median(side.cpu):9.3f} {ours.share(side)[0]:7.3f}"
              f" {ours.share(side)[1]:7.3f} {ours.share(side)[2]:9.3f}"
              f"  {difference(outputs, exact):<13}"
              f"{'  ' + difference(outputs, torch_outputs) if torch else ''}")
    built = comparison.built[0]
    print(f"resc compile took {built.compiled.seconds:.2f} s and {built.compiled.mb:.0f} MB, "
          f"cc {built.linked.seconds:.2f} s and {built.linked.mb:.0f} MB")
    print(f"reference: {name}, with values up to "
          f"{max(np.abs(x).max(initial=0) for x in exact):.3g}", flush=True)


def compare_sides(comparison: Comparison, started: list) -> dict:
    comparison.start(started)
    comparison.measure(started)
    sides = [side for side in started if not side.why_not]
    if not sides or started[0].why_not:
        raise Failed(f"resc: {started[0].why_not}")
    print_table(comparison, sides)
    return {side.name: sides[0].share(side) for side in sides[1:]}


def compare(args: argparse.Namespace, model: pathlib.Path) -> dict:
    """Side.share() of resc and each other side, by the other's name."""
    with tempfile.TemporaryDirectory(prefix="resc-bench-") as folder:
        comparison = Comparison(args, model, pathlib.Path(folder))
        sides = []
        try:
            ratios = compare_sides(comparison, sides)
        finally:
            for side in sides:
                side.end()
        if args.cold:
            threads = str(args.threads)
            cold_starts(comparison.built[0], model, comparison.inputs_path, comparison.inputs,
                        args.threads, args.rounds, dict(os.environ, OMP_NUM_THREADS=threads,
                                                        OPENBLAS_NUM_THREADS=threads))
        return ratios


def print_ratios(rows: dict) -> None:
    """As Markdown."""
    names = list(dict.fromkeys(name for ratios in rows.values() for name in ratios))
    print("\nresc's time by that of the others: of medians (minima; processor time)")
    print("| | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    for network, ratios in rows.items():
        cells = ("{:.2f} ({:.2f}; {:.2f})".format(*ratios[name]) if name in ratios else "–"
                 for name in names)
        print(f"| {network} | " + " | ".join(cells) + " |")


def main() -> None:
    args = arguments()
    models = list(args.models)
    if args.all:
        print("bench/networks exports what is not there yet", flush=True)
        Ran([HERE / "networks", "--batch", args.batch, "--folder", args.networks])
        suffix = f"-b{args.batch}" if args.batch > 1 else ""
        models += [args.networks / f"{name}{suffix}.onnx" for name in NETWORKS]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1)) # through the `finally` above
    rows = {}
    for model in models:
        try:
            rows[model.stem] = compare(args, model)
        except Failed as error:
            print(f"{model} is skipped: {error}", file=sys.stderr)
    if len(rows) > 1:
        print_ratios(rows)
    if len(rows) < len(models):
        sys.exit(1)


if __name__ == "__main__":
    main()
