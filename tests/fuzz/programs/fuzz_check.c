// SPDX-License-Identifier: Apache-2.0
#include "base/diag.h"
#include "onnx.pb-c.h"
#include "pipeline.h"
#include "target.h"

static bool run(struct arena *a, struct diag *d, const char *bytes, size_t size)
{
    struct choices c = choices_of(bytes, size);
    struct compiled made;

    if (!pipeline_plan(a, d, bytes, size, &c, &made))
        return false;
    graph_validate(made.graph);
    return true;
}

const struct target target_check = { "check", run, &onnx__model_proto__descriptor };
