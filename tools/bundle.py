#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns source files into one C table of strings: bundle.py OUT.c FILE..."""
import sys


def literal(line: str) -> str:
    text = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    return f'    "{text}\\n"'


def main() -> None:
    out_path, *paths = sys.argv[1:]
    rows = []
    for path in sorted(paths, key=lambda p: p.rsplit("/", 1)[-1]):
        with open(path, encoding="ascii") as source:
            lines = "\n".join(literal(line) for line in source.read().splitlines())
        rows.append(f'{{ "{path.rsplit("/", 1)[-1]}",\n{lines} }},\n')
    with open(out_path, "w", encoding="ascii") as out:
        out.write('#include "codegen/bundle.h"\n\n'
                  '#ifdef __GNUC__\n'
                  '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
                  '#endif\n'
                  "const struct runtime_source runtime_sources[] = {\n"
                  + "".join(rows)
                  + f"}};\nconst int n_runtime_sources = {len(rows)};\n")


if __name__ == "__main__":
    main()
