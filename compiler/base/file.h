// SPDX-License-Identifier: Apache-2.0
/* file.h - whole files in, whole files out.
 *
 * Output files are written under a temporary name in the same folder and get
 * their own names only when all of them are complete: a set is there as a
 * whole or not at all. */
#ifndef RESC_BASE_FILE_H
#define RESC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct diag;

/* What follows the last slash: "models/net.onnx" -> "net.onnx". */
const char *file_base_name(const char *path);

/* The bytes of `path` with a NUL behind them (not counted in *size), or NULL
 * after a diagnostic.  Released by file_release(). */
char *file_read(const char *path, size_t *size, struct diag *d);
void file_release(char *bytes);

enum { OUT_FILES_MAX = 8 };

struct out_set {
    struct arena *arena;
    struct diag *diag;
    const char *source; /* what the files are made from: not to be written over; NULL: none */
    int n;
    struct out_file {
        const char *path, *temp;
        FILE *file;
    } files[OUT_FILES_MAX];
};

/* Opens a file to write; NULL after a diagnostic.  Write errors need no check:
 * out_commit() finds them. */
FILE *out_open(struct out_set *set, const char *path);
/* Gives every file its name.  False after a diagnostic, and then none is left. */
bool out_commit(struct out_set *set);
void out_abandon(struct out_set *set); /* removes the temporary files */

#endif
