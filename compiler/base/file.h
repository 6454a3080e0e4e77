// SPDX-License-Identifier: Apache-2.0
/* file.h - whole files in; out_set.h is for those that go out. */
#ifndef RESC_BASE_FILE_H
#define RESC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct diag;

/* What follows the last slash: "models/net.onnx" -> "net.onnx". */
const char *file_base_name(const char *path);

/* The bytes in `path`, if it is there. */
bool file_size(const char *path, size_t *size);
/* The bytes of `path` with a NUL behind them (not counted in *size), or NULL
 * after a diagnostic.  Released by file_release(). */
char *file_read(const char *path, size_t *size, struct diag *d);
void file_release(char *bytes);

#endif
