#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# variant.sh VARIANT SOURCE-DIR BUILD-DIR SHAPES: checkkernel, compiled in another way.  Exit
# status 77, and the reason, where the tools for that are missing.
set -eu
variant=$1 source=$2 build=$3 shapes=$4
program=$build/checkkernel_$variant

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null ||
            { printf 'skipped: no %s here\n0 passed, 0 failed, 1 skipped\n' "$tool"; exit 77; }
    done
}
# The code for AVX-512, 16 lanes wide, for processors with AVX2 only.
widen() {
    rm -rf "$program.source"
    mkdir -p "$program.source"
    cp -R "$source/compiler" "$source/runtime" "$source/tests" "$program.source"
    sed -i -e '/^#define RESC_TARGET_avx512 /s/avx512[^"]*avx2/avx2/' -e 's/_mm512_/lanes16_/g' \
        -e 's|^#include <immintrin.h>|#include "../tests/kernels/lanes16.h"|' \
        "$program.source/runtime/resc_simd.h" "$program.source/runtime/resc_vectors.h"
    sed -i -e 's/__asm__("vfmadd231ps .*/(sum) = V(fma)(w, x, sum)/' \
        -e 's/__asm__("" : [^)]*))/(void)0/' "$program.source"/runtime/*.[ch]
    sed -i 's/return RESC_ISA_AVX2;/return RESC_ISA_AVX512;/' "$program.source/runtime/isa.c"
    source=$program.source
}
make_it() { "$source/tests/kernels/standalone.sh" "$source" "$program" "$@"; }

case $variant in
neon) # the vectors of 64-bit ARM, in an emulator
    need aarch64-linux-gnu-gcc qemu-aarch64
    make_it aarch64-linux-gnu-gcc -O2 -static
    exec qemu-aarch64 "$program" --shapes="$shapes"
    ;;
lanes16)
    need gcc
    widen
    make_it gcc -O1 -Wno-psabi
    exec env RESC_ISA=avx512 "$program" --shapes="$shapes"
    ;;
clang)
    need clang
    make_it clang -O2
    exec "$program" --shapes="$shapes"
    ;;
openmp) # several threads, of a number that divides nothing
    need gcc
    make_it gcc -O1 -fopenmp
    for threads in 3 4 6; do
        OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive "$program" --shapes="$shapes" \
            'resc_conv2d_f32_c16*'
    done
    ;;
sanitized) # no frames: the sanitizer watches the edges, and reads, too
    need gcc
    make_it gcc -O0 -g -fsanitize=address,undefined -fno-sanitize-recover=all
    exec "$program" --no-frames --shapes="$shapes"
    ;;
valgrind)
    need valgrind
    exec env OPENBLAS_NUM_THREADS=1 valgrind -q --error-exitcode=1 "$build/checkkernel" \
        --no-frames --shapes="$shapes"
    ;;
esac
