// SPDX-License-Identifier: Apache-2.0
/* sets.h - every form in which resc writes files, over old ones or none: what is
 * there before, and what may be there afterwards. */
#ifndef RESC_TESTS_FAULTS_SETS_H
#define RESC_TESTS_FAULTS_SETS_H

#include "trial.h"

#include <stddef.h>

enum { SET_FILES = 8 };
extern const char *const set_files[SET_FILES + 1]; /* NULL behind the last */

struct form {
    const char *args;
    bool over; /* over the files of another model */
};
extern const struct form forms[];
extern const int n_forms;

struct state {
    unsigned long long file[SET_FILES]; /* file_number() */
};

struct set {
    const struct form *form;
    struct state before, after;
    char *bytes[SET_FILES]; /* of what is there before; NULL: no file */
    size_t size[SET_FILES];
};

/* Makes the models and a whole run; then what was there before is there again. */
void set_begin(struct set *s, struct bench *b, const struct form *form);
void set_restore(const struct set *s);
void set_end(struct set *s);

struct state set_state(struct bench *b);
bool set_same(const struct state *a, const struct state *b);
/* Each file is the one before or the one after. */
bool set_known(const struct set *s, const struct state *now);

/* The files that a trial may leave, for n_strangers(). */
extern const char *const set_names[];

#endif
