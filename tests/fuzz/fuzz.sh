#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh SOURCE-DIR PROGRAMS-DIR replay
#                                 mutants N SAMPLE
#                                 fuzz TARGET OPTION...   (of libFuzzer: how long)
#                                 fuzz_long TARGET        (FUZZ_SECONDS, 1800 if not set)
# What is found is left in PROGRAMS-DIR/findings/.  Exit status 77, and the reason, where clang has
# no libFuzzer.
set -eu
source=$1 programs=$2 what=$3
shift 3
corpus=$source/tests/fuzz/corpus findings=$programs/findings
mkdir -p "$findings"

# The models that other tests use, up to 700 KB, in the same order everywhere.
models() {
    find -L "$source/examples" /usr/share/libonnx-testdata/data -name '*.onnx' -size -1400 |
        LC_ALL=C sort
}

# libfuzzer TARGET OPTION...: one run; says how far it came and, if it found something, how to see
# it again.
libfuzzer() {
    target=$1 log=$findings/$1.log
    shift
    if [ ! -x "$programs/fuzz_$target" ]; then
        printf 'skipped: this clang has no libFuzzer\n0 passed, 0 failed, 1 skipped\n'
        exit 77
    fi
    if "$programs/fuzz_$target" -timeout=100 -rss_limit_mb=1024 -print_final_stats=1 \
            -artifact_prefix="$findings/$target-" "$@" >"$log" 2>&1; then
        grep -E 'DONE|stat::(number_of_executed|average_exec|slowest|peak)' "$log" | cut -c1-160
        printf '1 passed, 0 failed\n'
        return
    fi
    grep -E '^Seed|INFO: Seed' "$log" || true
    tail -n 60 "$log"
    printf 'to see it again: %s/replay %s %s/%s-FILE\n0 passed, 1 failed\n' "$programs" \
        "$target" "$findings" "$target"
    exit 1
}

case $what in
replay) exec "$programs/replay" "$corpus" ;;
mutants)
    models | "$programs/mutants" --n="$1" --sample="$2" --seed="${FUZZ_SEED:-1}" \
        --folder="$findings"
    ;;
fuzz) # new inputs are not kept: writing them would take a sixth of the time
    ls -d "$corpus/$1"/* | tr '\n' ',' | sed 's/,$//' >"$findings/$1.list"
    libfuzzer "$@" -seed_inputs=@"$findings/$1.list"
    ;;
fuzz_long) # each run goes on where the last one stopped
    mkdir -p "$programs/corpus/$1"
    libfuzzer "$1" -max_total_time="${FUZZ_SECONDS:-1800}" "$programs/corpus/$1" "$corpus/$1"
    ;;
esac
