// SPDX-License-Identifier: Apache-2.0
#include "report/figures.h"

#include "base/count.h"

#include <string.h>

const struct figure all_figures[] = {
#define FIGURE(name, function, needs, brief) { name, brief, needs, function },
#include "report/figures.def"
#undef FIGURE
};
const int n_all_figures = COUNT(all_figures);

const struct figure *figure_find(const char *name)
{
    for (int i = 0; i < n_all_figures; i++)
        if (strcmp(all_figures[i].name, name) == 0)
            return &all_figures[i];
    return NULL;
}

bool figure_file(const struct figure *f, const struct report *r, struct str *out)
{
    struct svg svg = { out, true };

    return f->draw(r, &svg);
}
