// SPDX-License-Identifier: Apache-2.0
#include "ir/dtype.h"

static const struct {
    const char *name, *c_name;
    size_t size;
    int onnx;
    bool runs;
} rows[N_DTYPES] = {
    [DT_NONE] = { "?", "void", 0, 0, false },
#define DTYPE(sym, onnx, name, size, c, runs) [DT_##sym] = { name, c, size, onnx, runs },
    DTYPES(DTYPE)
#undef DTYPE
};

const char *dtype_name(enum dtype t)
{
    return rows[t].name;
}

const char *dtype_c_name(enum dtype t)
{
    return rows[t].c_name;
}

size_t dtype_size(enum dtype t)
{
    return rows[t].size;
}

bool dtype_runs(enum dtype t)
{
    return rows[t].runs;
}

enum dtype dtype_from_onnx(int data_type)
{
    for (enum dtype t = DT_NONE + 1; t < N_DTYPES; t++)
        if (rows[t].onnx == data_type)
            return t;
    return DT_NONE;
}

int dtype_to_onnx(enum dtype t)
{
    return rows[t].onnx;
}
