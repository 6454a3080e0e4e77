#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers.sh SOURCE-DIR BUILD-DIR: every header compiles alone; those of the
# runtime as C99 without extensions.
set -u
passed=0 failed=0

# alone HEADER OPTION...
alone() {
    header=$1
    shift
    if printf '#include "%s"\n' "$header" |
       ${CC:-cc} -Wall -Wextra -Wpedantic -Werror -fsyntax-only "$@" -x c -; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "does not compile alone: $header"
    fi
}

for h in "$1"/runtime/*.h; do
    alone "${h##*/}" -std=c99 -I"$1/runtime"
done
cd "$1/compiler" || exit 1
for h in *.h */*.h; do
    alone "$h" -std=c11 -D_POSIX_C_SOURCE=200809L -I. -I../runtime -I"$2" -I"$2/proto"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
