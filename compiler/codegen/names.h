// SPDX-License-Identifier: Apache-2.0
/* names.h - short, unique, stable C names from the names in the model.
 *
 * Only letters, digits and underscores of a model's name survive, cut to a
 * length; the rest is made of indices.  No name is a C or C++ keyword, a name
 * of the generated file's own, or one the C library may define as a macro. */
#ifndef RESC_CODEGEN_NAMES_H
#define RESC_CODEGEN_NAMES_H

#include "codegen/plan.h"

struct names {
    const char **value; /* [n_values]: parameter or pointer of NAME_run(), or member of weights */
    const char **node;  /* [n_node_ids]: the parameters of a step */
};

struct names make_names(struct arena *a, const struct graph *g, const struct plan *p,
                        const char *prefix);
/* `text` as a C identifier: never empty, never starting with a digit. */
const char *name_sanitised(struct arena *a, const char *text);
const char *name_upper(struct arena *a, const char *name); /* for macros */

#endif
