// SPDX-License-Identifier: Apache-2.0
#include "ops/op.h"

#include "base/count.h"

#include <string.h>

const struct op *const all_ops[] = {
#define OP(sym) &op_##sym,
#include "ops/ops.def"
#undef OP
};
const int n_all_ops = COUNT(all_ops);

const struct op *op_find(const char *op_type, int opset, bool *known)
{
    *known = false;
    for (int i = 0; i < n_all_ops; i++) {
        const struct op *op = all_ops[i];

        if (op->flags & OP_INTERNAL || strcmp(op->name, op_type) != 0)
            continue;
        *known = true;
        if (op->since <= opset && opset <= op->until)
            return op;
    }
    return NULL;
}
