// SPDX-License-Identifier: Apache-2.0
#include "passes/pass.h"

#include "base/count.h"
#include "ir/rewrite.h"

#include <string.h>

const struct pass all_passes[] = {
#define PASS(fn, level, exact, brief) { #fn, brief, level, exact, pass_##fn },
#include "passes/passes.def"
#undef PASS
};
enum { N_PASSES = COUNT(all_passes) };
const int n_all_passes = N_PASSES;

const struct pass *pass_find(const char *name)
{
    for (int i = 0; i < n_all_passes; i++)
        if (!strcmp(all_passes[i].name, name))
            return &all_passes[i];
    return NULL;
}

static bool listed(const char *list, const char *name)
{
    for (const char *p = list; p && *p;) {
        const size_t n = strcspn(p, ",");

        if ((n == strlen(name) && !memcmp(p, name, n)) || (n == 3 && !memcmp(p, "all", n)))
            return true;
        p += n + (p[n] == ',');
    }
    return false;
}

/* A network can be made in which each of them uncovers one more, a layer at a time. */
enum { ROUNDS_OF_EXACT_REWRITES = 16 };

static bool is_on(const struct pass *p, const struct pass_options *opt, int round)
{
    if (p->level == 0)
        return true;
    if (p->exact_rewrite && (opt->no_exact_rewrites || round >= ROUNDS_OF_EXACT_REWRITES))
        return false;
    return p->level <= opt->level && !listed(opt->disable, p->name);
}

void run_passes(struct graph *g, const struct pass_options *opt)
{
    int changes = 1, before = 0;
    int printed[N_PASSES] = { 0 }; /* `changes` when it was printed after that pass */

    for (int round = 0; changes != before; round++) {
        before = changes;
        for (int i = 0; i < n_all_passes; i++) {
            const struct pass *p = &all_passes[i];

            if (!is_on(p, opt, round))
                continue;
            rewrite_begin(g, p->name);
            changes += p->run(g);
#ifndef NDEBUG
            graph_validate(g);
#endif
            if (printed[i] != changes && listed(opt->print_after, p->name)) {
                printed[i] = changes;
                fprintf(stderr, "# after %s\n", p->name);
                graph_print(g, stderr);
            }
        }
    }
    rewrite_begin(g, NULL);
}
