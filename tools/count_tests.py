#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the tests of one `meson test` run: count_tests.py testlog.json

A Criterion program counts each of its tests, a program that ends with a line
"N passed, N failed, N skipped" counts as that says, any other as one test.
Exits 1 if any failed or none ran."""
import json
import re
import sys

CRITERION = re.compile(
    r"Synthesis: Tested: (\d+) \| Passing: (\d+) \| Failing: (\d+) \| Crashing: (\d+)")
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)


def counts(test: dict) -> tuple[int, int, int]:
    text = re.sub(r"\x1b\[[0-9;]*m", "", test.get("stdout", "") + test.get("stderr", ""))
    good = test["result"] in ("OK", "SKIP")
    criterion = CRITERION.findall(text)
    plain = PLAIN.findall(text)
    if criterion:
        passed, failed = (sum(int(c[1]) for c in criterion),
                          sum(int(c[2]) + int(c[3]) for c in criterion))
        skipped = len(re.findall(r"^skipped: ", text, re.M))
        passed -= min(skipped, passed)
    elif plain:
        passed, failed, skipped = (int(n or 0) for n in plain[-1])
    else:
        passed, failed, skipped = int(test["result"] == "OK"), 0, int(test["result"] == "SKIP")
    if not good and not failed:
        failed = 1
    return passed, failed, skipped


def main() -> None:
    total = [0, 0, 0]
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            total = [a + b for a, b in zip(total, counts(json.loads(line)))]
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if total[1] or not total[0] else 0)


if __name__ == "__main__":
    main()
