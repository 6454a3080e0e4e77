// SPDX-License-Identifier: Apache-2.0
#include "ir/dtype.h"

static const struct { const char *name, *c_name; size_t size; int onnx; } rows[N_DTYPES] = {
    [DT_NONE] = { "?", "void", 0, 0 },
#define DTYPE(sym, onnx, name, size, c) [DT_##sym] = { name, c, size, onnx },
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

enum dtype dtype_from_onnx(int data_type)
{
    for (enum dtype t = DT_NONE + 1; t < N_DTYPES; t++)
        if (rows[t].onnx == data_type)
            return t;
    return DT_NONE;
}

bool dtype_runs(enum dtype t)
{
    return t == DT_F32 || t == DT_I64 || t == DT_I32 || t == DT_BOOL || t == DT_U8 || t == DT_I8;
}
