// SPDX-License-Identifier: Apache-2.0
#include "cli/tensor_file.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/out_set.h"
#include "cli/npy.h"
#include "ir/graph.h"
#include "onnx/load.h"

#include <string.h>

enum tensor_format tensor_format_named(const char *name)
{
    return strcmp(name, "npy") == 0 ? TENSOR_NPY : strcmp(name, "pb") == 0 ? TENSOR_PB :
           strcmp(name, "raw") == 0 ? TENSOR_RAW : TENSOR_FORMAT_NONE;
}

enum tensor_format tensor_format_of(const char *path)
{
    const char *dot = strrchr(file_base_name(path), '.');
    const enum tensor_format format = dot ? tensor_format_named(dot + 1) : TENSOR_FORMAT_NONE;

    return format == TENSOR_FORMAT_NONE ? TENSOR_RAW : format;
}

static bool read_raw(struct arena *a, const char *path, const struct value *as,
                     struct tensor *out, struct diag *d)
{
    size_t size = 0;
    char *bytes = file_read(path, &size, d);
    char shape[SHAPE_TEXT_MAX];

    if (!bytes)
        return false;
    const bool fits = size == value_size(as);

    if (fits) {
        void *data = arena_alloc(a, size ? size : 1);

        memcpy(data, bytes, size);
        *out = (struct tensor){ as->name, as->type, as->shape, data };
    } else {
        diag_error(d, "%s '%s': '%s' has %zu bytes, wanted %zu for %s%s",
                   as->is_input ? "input" : "output", as->name, path, size, value_size(as),
                   dtype_name(as->type), shape_text(&as->shape, shape));
    }
    file_release(bytes);
    return fits;
}

bool tensor_file_read(struct arena *a, const char *path, const struct value *as,
                      struct tensor *out, struct diag *d)
{
    switch (tensor_format_of(path)) {
    case TENSOR_NPY: return npy_read(a, path, out, d);
    case TENSOR_PB: return onnx_read_tensor(a, path, out, d);
    default: return read_raw(a, path, as, out, d);
    }
}

static bool write_raw(struct out_set *set, const char *path, const struct tensor *t)
{
    FILE *f = out_open(set, path);

    if (f)
        fwrite(t->data, dtype_size(t->type), (size_t)shape_len(&t->shape), f);
    return f != NULL;
}

bool tensor_file_write(struct out_set *set, const char *path, enum tensor_format format,
                       const struct tensor *t)
{
    switch (format == TENSOR_FORMAT_NONE ? tensor_format_of(path) : format) {
    case TENSOR_NPY: return npy_write(set, path, t);
    case TENSOR_PB: return onnx_write_tensor(set, path, t);
    default: return write_raw(set, path, t);
    }
}
