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

/* The sources of the kernels in `p`, each once, headers and helpers before
 * what needs them, every function static. */
void bundle_sources(struct str *out, const struct plan *p);

#endif
