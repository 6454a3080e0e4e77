#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# static.sh TOOL SOURCE-DIR BUILD-DIR: what a tool finds in the compiler, the runtime and the
# library of the tests.  Nothing is the only result that passes; what is no fault is said so where
# it stands (NOLINT, cppcheck-suppress) or, if it is a matter of taste, in .clang-tidy and below.
# Exit status 77, and the reason, where the tool is missing.
set -u
tool=$1 build=$3
cd "$2" || exit 1

include="-D_POSIX_C_SOURCE=200809L -Icompiler -Iruntime -Itests/support -I$build"
include="$include -isystem $build/proto"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow"
quick="-clang-analyzer-*" # what takes most of the time

case $tool in
gcc) run="gcc -fsyntax-only -O2 $warnings" ;;
clang) run="clang -fsyntax-only -O2 $warnings" ;;
# -O1: at -O2 the analyzer sees code that no longer looks like the source's.
gcc-analyzer) run="gcc -c -o /dev/null -O1 -fanalyzer" ;;
clang-tidy) run="clang-tidy --quiet --checks=$quick" ;;
clang-tidy-all) run="clang-tidy --quiet" ;;
cppcheck)
    # variableScope: a buffer is declared where its function begins.
    run="cppcheck --quiet --enable=warning,style,performance,portability --inline-suppr
        --library=tests/static/cppcheck.cfg
        --suppress=variableScope --suppress=preprocessorErrorDirective --error-exitcode=1"
    ;;
*)
    echo "no such tool: $tool"
    exit 1
    ;;
esac
command -v "${run%% *}" >/dev/null ||
    { printf 'skipped: no %s here\n0 passed, 0 failed, 1 skipped\n' "${run%% *}"; exit 77; }

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# one FILE: its findings, if there are any, become a file of $logs.
one() {
    case $1 in runtime/*) std=c99 ;; *) std=c11 ;; esac
    log=$logs/$(echo "$1" | tr / _)
    case $tool in
    clang-tidy*) $run "$1" -- -std=$std $include ;;
    cppcheck) $run --std=$std $(echo "$include" | sed 's/-isystem /-I/') "$1" ;;
    *) $run -std=$std $include "$1" ;;
    esac >"$log" 2>&1
    if [ $? = 0 ] && ! grep -q 'warning:' "$log"; then rm -f "$log"; fi
}

files=$(ls compiler/*.c compiler/*/*.c runtime/*.c tests/support/*.c)
n=$(echo "$files" | wc -l)
# Two at a time: halves of the list, each in a shell of its own.
for half in 0 1; do
    for f in $(echo "$files" | awk -v h=$half 'NR % 2 == h'); do one "$f"; done &
done
wait
bad=$(ls "$logs" | wc -l)
cat "$logs"/* 2>/dev/null
printf '%d passed, %d failed\n' $((n - bad)) "$bad"
[ "$bad" = 0 ]
