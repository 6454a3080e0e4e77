#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernels.sh SOURCE-DIR BUILD-DIR SHAPES [long]: the bits of every kernel, on SHAPES shapes each,
# are the same from each compiler and for each processor and instruction set.  The flags are
# those of resc_reproducible.h.
set -u
source=$1 build=$2 shapes=$3 size=${4-quick}
passed=0 failed=0 skipped=0

# digests NAME COMMAND...: what checkkernel says of its rows, to compare with the first ones.
digests() {
    name=$1
    shift
    "$@" --digests --shapes="$shapes" >"$build/kernels.log" 2>&1
    status=$?
    if [ "$status" = 77 ]; then
        skipped=$((skipped + 1))
        printf 'skipped: %s: %s\n' "$name" "$(head -n 1 "$build/kernels.log")"
        return
    fi
    grep '^digest' "$build/kernels.log" >"$build/kernels.digests"
    [ -e "$build/kernels.wanted" ] || cp "$build/kernels.digests" "$build/kernels.wanted"
    if [ "$status" = 0 ] && [ -s "$build/kernels.wanted" ] &&
       diff "$build/kernels.wanted" "$build/kernels.digests"; then
        passed=$((passed + 1))
        printf 'passed: %s: %d rows\n' "$name" "$(wc -l <"$build/kernels.digests")"
    else
        failed=$((failed + 1))
        printf 'failed: %s, exit status %d\n' "$name" "$status"
        grep -v '^digest' "$build/kernels.log" | tail -n 20
    fi
}

# try RUNNER COMPILER FLAG...: RUNNER is an emulator, or "" for this machine.
try() {
    runner=$1
    shift
    for tool in "$1" ${runner:+"$runner"}; do
        command -v "$tool" >/dev/null && continue
        skipped=$((skipped + 1))
        printf 'skipped: %s: no %s here\n' "$*" "$tool"
        return
    done
    "$source/tests/kernels/standalone.sh" "$source" "$build/kernels" "$@" -DRESC_REPRODUCIBLE ||
        { failed=$((failed + 1)); printf 'failed: %s does not build\n' "$*"; return; }
    if [ "$runner" ]; then
        digests "$*" "$runner" "$build/kernels"
        return
    fi
    for isa in base avx2 avx512; do
        digests "$*, $isa" env RESC_ISA=$isa "$build/kernels"
    done
}

rm -f "$build/kernels.wanted"
try '' gcc -O1
try qemu-aarch64 aarch64-linux-gnu-gcc -O2 -static
try qemu-riscv64 riscv64-linux-gnu-gcc -O1 -static
if [ "$size" = long ]; then
    try '' gcc -O0
    try '' gcc -O3 -march=native -Wno-psabi
    try '' gcc -O2 -DRESC_NO_SIMD
    try '' clang -O2
    try '' clang -O3 -march=native
    try qemu-aarch64 clang --target=aarch64-linux-gnu -O2 -static
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
