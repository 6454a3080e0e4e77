#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh SOURCE-DIR BUILD-DIR: resc once more, under sanitizers and, where clang has it, for
# libFuzzer, in a build folder of its own.  Says how on standard output.
set -eu
source=$1 build=$2
flags='-fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize=float-cast-overflow -DRESC_NO_SIMD'

if [ ! -f "$build/build.ninja" ]; then
    if echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return !p && n; }' |
       clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null; then
        compiler=clang fuzz=libfuzzer flags="$flags -fsanitize=fuzzer-no-link"
    else
        compiler=gcc fuzz=replay
    fi
    rm -rf "$build"
    CC=$compiler meson setup "$build" "$source" -Dtests=disabled -Dfuzz=$fuzz \
        --buildtype=debugoptimized -Doptimization=1 -Db_sanitize=address,undefined \
        -Db_lundef=false -Dc_args="$flags"
fi
ninja -C "$build"
