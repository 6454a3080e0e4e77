#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh RESC SOURCE-ROOT [all]: NAME_selftest() of whole networks, on this
# machine and, where an emulator and a compiler for them are installed, on AArch64
# and RISC-V.  Without "all" a few.
set -u
resc=$1 root=$2 all=${3-}
models=${RESC_SHARED:-$root/../shared}/models
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0

# try NAME CC RUN...: the deviation is at most the tolerance, says the program itself.
try() {
    name=$1 cc=$2
    shift 2
    if $cc -O2 "$dir/net.c" -o "$dir/net" -lm && said=$("$@" "$dir/net" -t); then
        passed=$((passed + 1))
        echo "$name ($cc): $said"
    else
        failed=$((failed + 1))
        echo "$name ($cc): failed: ${said-}"
    fi
}

# network NAME FILE
network() {
    if ! "$resc" compile "$2" -o "$dir/net.c" --name=net --kernels=native --bundle --main \
        --selftest -Wno-blind-selftest; then
        failed=$((failed + 1))
        echo "$1: does not compile"
        return
    fi
    try "$1" cc env
    case $all$1 in
    fashion | all*20* | allmlptiny*) ;;
    *) return ;;
    esac
    for arch in aarch64 riscv64; do
        if command -v $arch-linux-gnu-gcc >"$dir/found" && command -v qemu-$arch >"$dir/found"; then
            try "$1" $arch-linux-gnu-gcc qemu-$arch -L /usr/$arch-linux-gnu
        else
            skipped=$((skipped + 1))
            echo "skipped: $1: no compiler or no emulator for $arch"
        fi
    done
}

network fashion "$root/examples/fashion/fashion.onnx"
for model in "$models"/*/model.onnx; do
    name=$(basename "$(dirname "$model")")
    case $name in
    *_qdq | *_qop) continue ;; # quantised: refused
    mlptiny* | *20_bn | resnet18*) ;;
    '*')
        echo "skipped: no networks in $models"
        skipped=$((skipped + 1))
        break ;;
    *) [ "$all" ] || continue ;;
    esac
    network "$name" "$model"
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
