# SPDX-License-Identifier: Apache-2.0
"""run_page.py SOURCE BUILD PAGE.md...: are the figures of a page those that are printed?

In each block

    ```console
    $ COMMAND
    what it prints
    ```

COMMAND is run as from the root of the repository with build/ in it, and what it prints, errors
included, must be what stands there; a line "..." stands for any lines, none included.  Commands of a
page are run in their order, in one folder.  Pictures that a page shows, ![...](FILE.svg), must be
the bytes that one of its commands wrote to build/FILE.svg, where one did.
"""
import os
import re
import subprocess
import sys
import tempfile


def commands(text):
    """(command, wanted lines) of the console blocks."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            lines = part.rstrip("\n").split("\n")
            while lines[0].endswith("\\"):
                lines[0:2] = [lines[0] + "\n" + lines[1]]
            yield lines[0], lines[1:]


def matches(got, want):
    if not want:
        return not got
    if want[0] == "...":
        return any(matches(got[i:], want[1:]) for i in range(len(got) + 1))
    return bool(got) and got[0].rstrip() == want[0].rstrip() and matches(got[1:], want[1:])


def run_page(page, folder):
    text = open(page).read()
    passed = failed = 0
    for command, want in commands(text):
        ran = subprocess.run(command, shell=True, cwd=folder, text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, errors="replace")
        got = ran.stdout.rstrip("\n").split("\n") if ran.stdout.strip() else []
        if matches(got, want):
            passed += 1
        else:
            failed += 1
            print(f"{page}: $ {command}\nprints:\n{ran.stdout}\nnot:\n" + "\n".join(want) + "\n")
    for picture in re.findall(r"!\[[^]]*\]\(([^)]*\.svg)\)", text):
        made = os.path.join(folder, "build", os.path.basename(picture))
        if not os.path.exists(made):
            continue
        if open(made, "rb").read() == open(os.path.join(os.path.dirname(page), picture), "rb").read():
            passed += 1
        else:
            failed += 1
            print(f"{page}: {picture} is not the picture that its command makes")
    return passed, failed


def main():
    source, build = (os.path.abspath(p) for p in sys.argv[1:3])
    passed = failed = 0
    for page in sys.argv[3:]:
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "build"))
            os.symlink(os.path.join(source, "examples"), os.path.join(folder, "examples"))
            for entry in ("resc", "examples"):
                os.symlink(os.path.join(build, entry), os.path.join(folder, "build", entry))
            p, f = run_page(page, folder)
            passed += p
            failed += f
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
