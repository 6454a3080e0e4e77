#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# standalone.sh SOURCE-DIR OUTPUT COMPILER [FLAG...]: checkkernel from nothing but the runtime and
# those rooms of the compiler that know operators: no protobuf, no BLAS, no build system.  For
# other machines' compilers, sanitizers, and whatever else wants all of it compiled in another way.
set -eu
source=$1 output=$2
shift 2

rm -rf "$output.objects"
mkdir -p "$output.objects"
export source output
export compiler="$* -I$source/compiler -I$source/runtime -D_POSIX_C_SOURCE=200809L -DRESC_NO_BLAS"

cd "$source"
ls compiler/base/*.c compiler/ir/*.c compiler/ops/*.c compiler/cli/peak.c runtime/*.c \
   tests/kernels/*.c | grep -vE '/(test_.*|by_element)\.c$' |
xargs -P 2 -n 1 sh -c '
    case $0 in runtime/*) standard=-std=c99 ;; *) standard=-std=c11 ;; esac
    exec $compiler $standard -ffp-contract=off \
        -c "$0" -o "$output.objects/$(echo "${0%.c}" | tr / _).o"'
"$@" "$output.objects"/*.o -lm -o "$output"
rm -r "$output.objects"
