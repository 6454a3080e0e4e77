#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rewrites.sh RESC SOURCE-ROOT: whole networks compute the same with and without exact
# rewrites.  Where none has anything to do, the C is the same, byte for byte; elsewhere both
# must agree with the reference outputs.
set -u
resc=$1 root=$2
models=${RESC_SHARED:-$root/../shared}/models
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
limits='--limit=folded=1G --limit=memory=4G'

# compile_into FOLDER FILE OPTION...
compile_into() {
    mkdir -p "$dir/$1"
    out=$dir/$1/net.c model=$2
    shift 2
    # shellcheck disable=SC2086
    "$resc" compile "$model" -o "$out" $limits -Wno-unused-initialiser "$@"
}

agrees() {
    # shellcheck disable=SC2086
    "$resc" verify "$@" $limits > "$dir/said" 2>&1 || { cat "$dir/said"; false; }
}

# network NAME FILE
network() {
    if ! compile_into with "$2" || ! compile_into without "$2" --no-exact-rewrites; then
        said='failed: does not compile'
    elif diff -r "$dir/with" "$dir/without" > "$dir/said"; then
        said='the same C'
    elif agrees "$2" && agrees "$2" --no-exact-rewrites; then
        said='both agree with the reference'
    else
        said='failed: results differ'
    fi
    echo "$1: $said"
    case $said in
    failed*) failed=$((failed + 1)) ;;
    *) passed=$((passed + 1)) ;;
    esac
    rm -rf "$dir/with" "$dir/without"
}

network fashion "$root/examples/fashion/fashion.onnx"
for m in "$models"/*/model.onnx; do
    name=$(basename "$(dirname "$m")")
    case $name in
    '*' | *_qdq | *_qop) ;; # none there, or refused
    *) network "$name" "$m" ;;
    esac
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
