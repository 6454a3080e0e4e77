// SPDX-License-Identifier: Apache-2.0
#include "onnx/load.h"
#include "onnx.pb-c.h"
#include "target.h"

static bool run(struct arena *a, struct diag *d, const char *bytes, size_t size)
{
    struct model_info info;

    return onnx_load_bytes(a, "model.onnx", bytes, size, NULL, &info, d) != NULL;
}

const struct target target_load = { "load", run, &onnx__model_proto__descriptor };
