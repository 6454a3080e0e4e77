#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""generated.py RESC SOURCE [COMPILER...]: what generated C contains, and its worst stack.

Each form of the bundled network is compiled with -fcallgraph-info=su, which gives gcc's call graph
with the stack of every function.  Checked: no recursion, no stack of a size known at run time only,
no goto, no allocation and no stdio; calls through a pointer in native kernels alone, by way of the
constant tables that POINTERS describes; the deepest chain within the bound of docs/generated.md."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FORMS = {
    "linked": ["--weights=w.bin"],
    "ref": ["--bundle", "--kernels=ref"],
    "blas": ["--bundle", "--kernels=blas"],
    "native": ["--bundle", "--kernels=native"],
    "selftest": ["--bundle", "--kernels=ref", "--selftest"],
    "reproducible": ["--bundle", "--reproducible", "--weights=w.bin"],
}
# Who calls through a pointer -> what the table behind it holds; the first that fits.
POINTERS = [
    (r"resc_conv2d_wino_run|conv2d_wino_chunk", r"conv2d_wino_(?!chunk)\w+|wino_\w+_(base|avx2|avx512)"),
    (r"tile_(base|avx2|avx512)", r"tile_\d+_(base|avx2|avx512)"),       # by the size of a tile
    (r"\w+", r"(?!tile_\d)[a-z]\w*_(base|avx2|avx512)"),              # by the instruction set
]
FORBIDDEN = ["goto", "malloc", "calloc", "realloc", "free", "alloca", "setjmp", "longjmp", "printf",
             "fopen", "FILE", "exit", "abort"]


def code_only(text):
    """The text without comments, strings and characters."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\''
    return re.sub(pattern, " ", text, flags=re.S)


def call_graph(path):
    """name -> (stack bytes, kind of stack), name -> set of names."""
    stack, calls = {}, {}
    text = path.read_text()
    for title, label in re.findall(r'node: { title: "([^"]*)" label: "([^"]*)"', text):
        size = re.search(r"(\d+) bytes \(([^)]*)\)", label)
        stack[title] = (int(size[1]), size[2]) if size else (0, "elsewhere")
    for source, target in re.findall(r'edge: { sourcename: "([^"]*)" targetname: "([^"]*)"', text):
        calls.setdefault(source, set()).add(target)
    return stack, calls


def bare(title):
    """"native.c:tile_base.constprop.0" -> "tile_base"."""
    return title.split(":")[-1].split(".")[0]


def deepest(name, stack, calls, above, known):
    """The deepest chain from `name`, in bytes, and its functions; raises on recursion."""
    if name in above:
        raise ValueError("recursion: " + " -> ".join(above + [name]))
    if name not in known:
        below = [deepest(c, stack, calls, above + [name], known) for c in calls.get(name, ())]
        size, chain = max(below, default=(0, []))
        known[name] = size + stack.get(name, (0, ""))[0], [name] + chain
    return known[name]


def promised(source):
    """form -> the stack that docs/generated.md promises."""
    text = (source / "docs/generated.md").read_text()
    rows = re.findall(r"^\| (\w+) \|.*\| ([\d,]+) \|$", text, flags=re.M)
    return {form: int(most.replace(",", "")) for form, most in rows}


def check(resc, source, compiler, form, folder):
    model = source / "examples/fashion/fashion.onnx"
    c = folder / (form + ".c")
    subprocess.run([resc, "compile", model, "-o", c, "--name=net"] + FORMS[form], check=True,
                   cwd=folder)
    words = set(re.findall(r"[A-Za-z_]\w*", code_only(c.read_text())))
    faults = [f"has '{w}'" for w in FORBIDDEN if w in words]
    built = subprocess.run([compiler, "-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wvla",
                            "-Werror", "-fcallgraph-info=su", f"-I{source}/runtime", "-c", c.name],
                           cwd=folder, capture_output=True, text=True)
    if built.returncode:
        return [built.stderr], ""
    stack, calls = call_graph(c.with_suffix(".ci"))
    faults += [f"{f}: stack is {kind}" for f, (_, kind) in stack.items()
               if kind not in ("static", "dynamic,bounded", "elsewhere")]
    through = {f for f, targets in calls.items() if "__indirect_call" in targets}
    if through and form not in ("native", "reproducible"):
        faults.append("calls through a pointer: " + ", ".join(sorted(through)))
    for f in through:
        table = next(what for who, what in POINTERS if re.fullmatch(who, bare(f)))
        calls[f] = calls[f] - {"__indirect_call"} | {t for t in stack if re.fullmatch(table, bare(t))}
    try:
        size, chain = max(deepest(f, stack, calls, [], {}) for f in stack
                          if f in ("net_run", "net_selftest", "net_weights_check"))
    except ValueError as fault:
        return faults + [str(fault)], ""
    most = promised(source)[form]
    if size > most:
        faults.append(f"worst stack {size} bytes, promised {most}")
    chain = " -> ".join(bare(f) for f in chain)
    return faults, f"{size} bytes of at most {most}: {chain}"


def main():
    resc, source, compilers = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or ["gcc"]
    passed = failed = skipped = 0
    for compiler in compilers:
        if subprocess.run(["which", compiler], capture_output=True).returncode:
            print(f"skipped: there is no {compiler}")
            skipped += len(FORMS)
            continue
        for form in FORMS:
            if form == "blas" and compiler != "gcc":
                continue  # there is no BLAS for the other
            with tempfile.TemporaryDirectory() as folder:
                faults, worst = check(resc.resolve(), source.resolve(), compiler, form, Path(folder))
            print(f"{compiler} {form}: {worst}")
            for fault in faults:
                print(f"{compiler} {form}: FAULT: {fault}")
            failed += bool(faults)
            passed += not faults
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed != 0


sys.exit(main())
