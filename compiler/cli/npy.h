// SPDX-License-Identifier: Apache-2.0
/* npy.h - NumPy's .npy files: one tensor each, row-major and little-endian. */
#ifndef RESC_NPY_H
#define RESC_NPY_H

#include "ir/tensor.h"

struct arena;
struct diag;

/* False after a diagnostic.  npy_parse() reads the bytes of the file `path`. */
bool npy_read(struct arena *a, const char *path, struct tensor *out, struct diag *d);
bool npy_parse(struct arena *a, const char *path, const char *bytes, size_t size,
               struct tensor *out, struct diag *d);
bool npy_write(const char *path, const struct tensor *t, struct diag *d);

#endif
