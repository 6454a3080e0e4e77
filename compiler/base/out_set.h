// SPDX-License-Identifier: Apache-2.0
/* out_set.h - everything that resc writes, whole or not at all.
 *
 * A file is written to a temporary name in its folder, ".NAME.resc-PID-N", and
 * gets its own when every file of the set is complete, by fsync() on disk, and
 * closed.  What had the names before is kept under further such names until
 * all are in place, and put back if one cannot be.  So, of a set:
 *
 *     any error, a signal, no memory   every file is absent or the old one, and
 *                                      no temporary file is left
 *     SIGKILL, power                   every file is absent, old or complete;
 *                                      ".NAME.resc-*" may be left
 *
 * Between the first and the last rename() a set is mixed for the moment of
 * SIGKILL.  Files get their names in the order in which they were opened, so
 * that a set with a check in it (emit_files.c) can be told from a mixed one:
 * the file that is checked is opened first, the one that checks it last.
 *
 * Devices, pipes and links are written in place. */
#ifndef RESC_BASE_OUT_SET_H
#define RESC_BASE_OUT_SET_H

#include "base/cleanup.h"

#include <stdio.h>

struct arena;
struct diag;

struct out_set {
    struct arena *arena; /* lives until the set is committed or abandoned */
    struct diag *diag;
    const char *source; /* what the files are made from: not to be written over; NULL: none */
    struct out_file *first, *last;
};

/* Opens a file to write; NULL after a diagnostic.  Write errors need no check:
 * out_commit() finds them. */
FILE *out_open(struct out_set *set, const char *path);
/* Gives every file its name.  False after a diagnostic; then nothing has changed. */
bool out_commit(struct out_set *set);
void out_abandon(struct out_set *set); /* removes the temporary files */

#endif
