// SPDX-License-Identifier: Apache-2.0
/* selftest.h - what the outputs are on the input of NAME_selftest(). */
#ifndef RESC_SELFTEST_H
#define RESC_SELFTEST_H

struct arena;
struct compile_options;
struct diag;

/* One for each output of the model, all elements.  Computed in double precision
 * from the model as it is in the file, so that passes and plan are tested too.
 * NULL after a diagnostic. */
const void *const *selftest_outputs(struct arena *a, const struct compile_options *opt,
                                    struct diag *d);

#endif
