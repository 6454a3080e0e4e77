#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""misra.py RESC SOURCE: the MISRA C:2012 rules that cppcheck finds broken in generated C are those of
the table in docs/generated.md; `--table` prints the counts for it."""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FORMS = {"linked": [], "ref": ["--bundle", "--kernels=ref"], "blas": ["--bundle", "--kernels=blas"],
         "native": ["--bundle", "--kernels=native"]}


def broken(resc, source, form, folder):
    """rule -> how often.  Weights in a file: a literal of a megabyte says nothing new but 4.1."""
    subprocess.run([resc, "compile", source / "examples/fashion/fashion.onnx", "-o", "net.c",
                    "--weights=net.bin"] + FORMS[form], cwd=folder, check=True)
    said = subprocess.run(["cppcheck", "--addon=misra", "--std=c99", "--language=c", "--quiet",
                           f"-I{source}/runtime", "net.c"], cwd=folder, capture_output=True, text=True)
    counts = {}
    for rule in re.findall(r"\[misra-c2012-([\d.]+)\]", said.stderr):
        counts[rule] = counts.get(rule, 0) + 1
    return counts


def main():
    resc, source = (Path(a).resolve() for a in sys.argv[1:3])
    if not shutil.which("cppcheck"):
        print("skipped: there is no cppcheck\n0 passed, 0 failed, 1 skipped")
        return 0
    text = (source / "docs/generated.md").read_text()
    allowed = set(re.findall(r"^\| ([\d.]+) \|", text, flags=re.M))
    found, failed = {}, 0
    for form in FORMS:
        with tempfile.TemporaryDirectory() as folder:
            found[form] = broken(resc, source, form, Path(folder))
        new = sorted(set(found[form]) - allowed)
        failed += bool(new)
        print(f"{form}: {sum(found[form].values())} places, {len(found[form])} rules"
              + (f"; not in docs/generated.md: {' '.join(new)}" if new else ""))
    if "--table" in sys.argv:
        rules = sorted(set().union(*found.values()), key=lambda r: [int(n) for n in r.split(".")])
        for r in rules:
            print(f"| {r} |", " | ".join(str(found[f].get(r, 0)) for f in FORMS), "|")
    if not any(found.values()):
        print("cppcheck found nothing at all: its addon does not work")
        failed += 1
    print(f"{len(FORMS) - failed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
