#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Text files as C strings: embed.py OUT.c FILE...; page.css becomes page_css[]."""
import pathlib
import sys


def literal(line: str) -> str:
    text = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    return f'    "{text}\\n"\n'


def main() -> None:
    out_path, *paths = map(pathlib.Path, sys.argv[1:])
    with open(out_path, "w", encoding="ascii") as out:
        out.write('#include "report/assets.h"\n\n'
                  "#ifdef __GNUC__\n"
                  '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
                  "#endif\n")
        for path in paths:
            lines = path.read_text(encoding="ascii").splitlines()
            out.write(f"const char {path.name.replace('.', '_')}[] =\n"
                      + "".join(map(literal, lines)).rstrip() + ";\n")


if __name__ == "__main__":
    main()
