#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# leaks.sh RESC RUNS FOLDER...: valgrind watches resc itself through RUNS runs of compile, check
# and inspect on files of the folders, good models and bad, and 6 without a model.  A run fails if
# memory is misused or lost, or if resc ends in another way than with status 0, 1 or 2.
# Exit status 77, and the reason, where there is no valgrind.
set -u
resc=$1 runs=$2
shift 2

command -v valgrind >/dev/null ||
    { printf 'skipped: no valgrind here\n0 passed, 0 failed, 1 skipped\n'; exit 77; }
# valgrind knows no AVX-512.
export RESC_ISA=avx2 OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

# one ARGUMENT...: a run of resc
one() {
    valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        "$resc" "$@" >"$dir/out" 2>"$dir/log" </dev/null
    case $? in
    0 | 1 | 2) passed=$((passed + 1)) ;;
    *)
        failed=$((failed + 1))
        echo "resc $*"
        tail -n 25 "$dir/log"
        ;;
    esac
}

# on MODEL I: one of the commands in turn
on() {
    case $(($2 % 6)) in
    0) one compile "$1" -o "$dir/m.c" ;;
    1) one check "$1" ;;
    2) one inspect "$1" ;;
    3) one compile "$1" --bundle -o "$dir/b.c" ;;
    4) one compile "$1" --weights="$dir/m.bin" --selftest -o "$dir/w.c" ;;
    5) one inspect --json "$1" ;;
    esac
}

one --help
one ops
one help compile
one no-such-command
one compile
one check /nowhere/to-be-found.onnx
find "$@" -type f | LC_ALL=C sort >"$dir/models"
# Evenly from the whole list, whatever its length.
n=$(wc -l <"$dir/models")
i=0
while [ "$i" -lt "$runs" ] && [ "$n" -gt 0 ]; do
    on "$(sed -n "$((i * n / runs + 1))p" "$dir/models")" "$i"
    i=$((i + 1))
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$n" -gt 0 ]
