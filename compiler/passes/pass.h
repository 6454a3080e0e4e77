// SPDX-License-Identifier: Apache-2.0
/* pass.h - graph -> graph transformations.
 *
 * A pass is one file with one public function of the type below.  It cannot
 * fail: what the user did wrong was reported before passes run.  Shapes and
 * types are known; a pass keeps them so. */
#ifndef RESC_PASSES_PASS_H
#define RESC_PASSES_PASS_H

#include "ir/graph.h"

struct pass {
    const char *name;  /* --disable-pass=NAME, --print-after=NAME */
    const char *brief; /* `resc help passes` */
    int level;         /* runs at -O<level> and above */
    bool exact_rewrite; /* of what the weights make superfluous: see pass_options */
    bool (*run)(struct graph *g); /* true if it changed g */
};

struct pass_options {
    int level;
    const char *disable;     /* comma-separated names, or "all"; NULL.  Not those of level 0,
                              * without which no code can be generated. */
    bool no_exact_rewrites;  /* not those that look at the weights for what can go */
    const char *print_after; /* the same; on stderr, whenever the graph is not as last printed */
};

#define PASS(fn, level, exact_rewrite, brief) bool pass_##fn(struct graph *g);
#include "passes/passes.def"
#undef PASS

extern const struct pass all_passes[];
extern const int n_all_passes;

/* Runs them in order until none changes anything. */
void run_passes(struct graph *g, const struct pass_options *opt);
const struct pass *pass_find(const char *name); /* NULL if there is none */

#endif
