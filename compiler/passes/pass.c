// SPDX-License-Identifier: Apache-2.0
#include "passes/pass.h"

#include <string.h>

const struct pass all_passes[] = {
#define PASS(fn, level, brief) { #fn, brief, level, pass_##fn },
#include "passes/passes.def"
#undef PASS
};
const int n_all_passes = (int)(sizeof(all_passes) / sizeof(*all_passes));

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

void run_passes(struct graph *g, const struct pass_options *opt)
{
    bool again = true;

    for (int round = 0; again; round++) {
        again = false;
        for (int i = 0; i < n_all_passes; i++) {
            const struct pass *p = &all_passes[i];

            if (p->level > opt->level || listed(opt->disable, p->name))
                continue;
            const bool changed = p->run(g);

            again = again || changed;
#ifndef NDEBUG
            graph_validate(g);
#endif
            if ((changed || !round) && listed(opt->print_after, p->name)) {
                fprintf(stderr, "# after %s\n", p->name);
                graph_print(g, stderr);
            }
        }
    }
}
