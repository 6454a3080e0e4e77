#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rooms.sh SOURCE-DIR: the rules of the house that a grep can see.
set -u
cd "$1" || exit 1
passed=0 failed=0

# rule TEXT LINES: LINES are what breaks the rule.
rule() {
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'broken: %s\n%s\n' "$1" "$2"
    fi
}

rule "only compiler/onnx/ sees protobuf" \
    "$(grep -rn 'onnx\.pb-c\.h' compiler runtime --include='*.[ch]' | grep -v '^compiler/onnx/')"
rule "the runtime knows nothing of the compiler" \
    "$(grep -rnE '#include "(\.\./|compiler/|base/|ir/|ops/|codegen/)' runtime)"
rule "only compiler/base/ allocates" \
    "$(grep -rnE '\b(malloc|calloc|realloc|free)\(' compiler --include='*.[ch]' |
       grep -v '^compiler/base/' | grep -v '^compiler/codegen/emit_main.c')"
rule "kernels do not allocate, print or keep state" \
    "$(grep -rnE '\b(malloc|calloc|realloc|free|printf|fopen)\(' runtime --include='*.[ch]';
       grep -rnE '^static [^(]*;' runtime --include='*.c' | grep -v const)"
rule "kernels take functions from resc_math.h, not from libm, which rounds as it likes" \
    "$(grep -rnE '\b(exp2?|expm1|log|log2|log1p|pow|sin|cos|tan|sinh|cosh|tanh|atan|erfc?|cbrt|hypot)(f|l)?\(' \
       runtime --include='*.[ch]' --include='*.def' | grep -vE '^[^:]+:[0-9]+:(/\*| \*)')"
rule "base/ includes only base/" \
    "$(grep -rnE '#include "' compiler/base | grep -vE '"(base/|config\.h)')"
rule "ir/ includes base/, ir/ and, to print and check, ops/op.h" \
    "$(grep -rnE '#include "' compiler/ir | grep -vE '"(base/|ir/|ops/op\.h)')"
rule "ops/ does not look up" \
    "$(grep -rnE '#include "(onnx|analysis|passes|codegen|report|cli)/' compiler/ops)"
rule "analysis/ looks at graphs and operators, and changes neither" \
    "$(grep -rnE '#include "(onnx|passes|codegen|report|cli)/' compiler/analysis)"
rule "passes/, onnx/ and codegen/ do not look sideways" \
    "$(grep -rnE '#include "(onnx|passes|cli)/' compiler/codegen;
       grep -rnE '#include "(onnx|codegen)/' compiler/passes;
       grep -rnE '#include "(passes|codegen)/' compiler/onnx)"
rule "report/ draws what it is given: it does not load, run or measure" \
    "$(grep -rnE '#include "(cli|passes|compile|interpret|onnx/(import|wire))' compiler/report)"
rule "nobody but cli/ looks into report/" \
    "$(grep -rnE '#include "report/' compiler | grep -vE '^compiler/(report|cli)/')"
rule "every source says its licence in the first two lines" \
    "$(find compiler runtime tests examples tools bench \( -name '*.[ch]' -o -name '*.py' \) \
       ! -path 'tests/golden/*.[ch]' -exec sh -c \
       'for f; do head -n 2 "$f" | grep -q SPDX-License-Identifier || echo "$f"; done' sh {} +)"
rule "a file is one thought: at most 450 lines" \
    "$(find compiler runtime tests examples \( -name '*.[ch]' \) ! -path 'tests/golden/*' \
       -exec awk 'END { if (NR > 450) print FILENAME ": " NR " lines" }' {} \;)"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
