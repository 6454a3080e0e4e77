// SPDX-License-Identifier: Apache-2.0
/* tensor_file.h - tensors in files, in the format that the name says. */
#ifndef RESC_CLI_TENSOR_FILE_H
#define RESC_CLI_TENSOR_FILE_H

#include "ir/tensor.h"

struct arena;
struct diag;
struct out_set;
struct value;

enum tensor_format { TENSOR_FORMAT_NONE, TENSOR_NPY, TENSOR_PB, TENSOR_RAW };

enum tensor_format tensor_format_named(const char *name); /* "npy", "pb", "raw"; else NONE */
enum tensor_format tensor_format_of(const char *path);    /* by its ending; else TENSOR_RAW */

/* `as`: whose type and shape a raw file has; other formats do not need it. */
bool tensor_file_read(struct arena *a, const char *path, const struct value *as,
                      struct tensor *out, struct diag *d);
/* TENSOR_FORMAT_NONE: as the ending says.  The set is the caller's to commit. */
bool tensor_file_write(struct out_set *set, const char *path, enum tensor_format format,
                       const struct tensor *t);

#endif
