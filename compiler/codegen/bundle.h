// SPDX-License-Identifier: Apache-2.0
/* bundle.h - the runtime's sources, and copying the used ones into model.c. */
#ifndef RESC_CODEGEN_BUNDLE_H
#define RESC_CODEGEN_BUNDLE_H

#include "codegen/plan.h"

struct str;

/* Made at build time by tools/bundle.py: byte for byte what libresc_rt is built from. */
struct runtime_source {
    const char *name; /* "conv2d_f32_ref.c" */
    const char *text;
};
extern const struct runtime_source runtime_sources[];
extern const int n_runtime_sources;

/* The sources of the kernels in `p` in two parts, so that a reader meets the
 * model before the kernels: first the parameter structs and the prototypes of
 * the kernels, then, after NAME_run(), the kernels with their helpers.  Each
 * source is there once, every function is static. */
struct bundle;
struct bundle *bundle_new(struct arena *a, const struct plan *p);
void bundle_declarations(struct bundle *b, struct str *out);
void bundle_kernels(struct bundle *b, struct str *out); /* requires the declarations */

#endif
