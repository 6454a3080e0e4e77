// SPDX-License-Identifier: Apache-2.0
/* npy.h - NumPy's .npy files: one tensor each, row-major and little-endian. */
#ifndef RESC_NPY_H
#define RESC_NPY_H

#include "ir/tensor.h"

struct arena;
struct diag;
struct out_set;

/* False after a diagnostic.  npy_parse() reads the bytes of the file `path`. */
bool npy_read(struct arena *a, const char *path, struct tensor *out, struct diag *d);
bool npy_parse(struct arena *a, const char *path, const char *bytes, size_t size,
               struct tensor *out, struct diag *d);
/* The set is the caller's to commit. */
bool npy_write(struct out_set *set, const char *path, const struct tensor *t);

#endif
