#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# coverage.sh SOURCE-DIR BUILD-DIR: how much of compiler/ the quick suites run, by line and by
# branch; fails below LINES and BRANCHES percent, and if a test fails.  BUILD-DIR is configured if
# need be.
#
# Not counted: generated code (protobuf's, the table of bundled sources); the runtime, which
# tests/kernels checks against its definitions; and branches that the compiler made for lines
# without code of their own, such as a closing brace.
#
# The whole report is BUILD-DIR/coverage.txt; by file, BUILD-DIR/coverage.html.
set -eu
source=$1 build=$2
LINES=95 BRANCHES=85
suites="unit onnx ops passes plan golden errors cli"

command -v gcovr >/dev/null ||
    { printf 'skipped: no gcovr here\n0 passed, 0 failed, 1 skipped\n'; exit 77; }
[ -f "$build/build.ninja" ] ||
    meson setup "$build" "$source" -Dtests=enabled -Db_coverage=true -Dbuildtype=debug >/dev/null
ninja -C "$build" --quiet
# Counts of an earlier build do not fit, and resc would say so among its messages.
find "$build" -name '*.gcda' -delete

set --
for suite in $suites; do set -- "$@" --suite "$suite"; done
status=0
meson test -C "$build" --no-rebuild "$@" >"$build/coverage.log" 2>&1 ||
    { grep -E 'FAIL|TIMEOUT' "$build/coverage.log"; status=1; }
gcovr --root "$source" --filter "$source/compiler/" --exclude-unreachable-branches \
    --exclude-throw-branches --print-summary --fail-under-line "$LINES" \
    --fail-under-branch "$BRANCHES" --html-details "$build/coverage.html" \
    --txt "$build/coverage.txt" "$build" || status=1
[ "$status" = 0 ] && echo "1 passed, 0 failed" || echo "0 passed, 1 failed"
exit "$status"
