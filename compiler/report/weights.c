// SPDX-License-Identifier: Apache-2.0
/* weights - the largest constants, as bars. */
#include "base/amount.h"
#include "base/arena.h"
#include "base/str.h"
#include "report/chart.h"
#include "report/figures.h"
#include "report/html.h"

enum { MOST_BARS = 24, BAR = 18, NAMES = 270, AMOUNTS = 150, NAME_MAX_SHOWN = 38 };

static size_t weight_size(const struct plan *p, const struct value *v)
{
    return p->place[v->id].size;
}

/* The largest first; of equals the one that comes first in the file. */
static const struct value **by_size(const struct report *r)
{
    const struct plan *p = r->plan;
    const struct value **w = arena_new_n(r->after->arena, const struct value *, p->n_weights + 1);

    for (int i = 0; i < p->n_weights; i++) {
        int at = i;

        for (; at > 0 && weight_size(p, w[at - 1]) < weight_size(p, p->weights[i]); at--)
            w[at] = w[at - 1];
        w[at] = p->weights[i];
    }
    return w;
}

struct bars {
    struct svg *svg;
    double most, all; /* bytes */
    int n;
};

static void draw_bar(struct bars *b, const char *css_class, double bytes)
{
    const double y = 4 + b->n * BAR, room = CHART_WIDTH - NAMES - AMOUNTS;
    char amount[AMOUNT_TEXT_MAX];

    svg_rect(b->svg, css_class, NAMES, y, room * bytes / b->most, BAR - 5);
    svg_no_title(b->svg);
    svg_say(b->svg, "tick", NAMES + room * bytes / b->most + 6, y + 10.5, "%s, %.1f %%",
            bytes_text((size_t)bytes, amount), 100 * bytes / b->all);
    b->n++;
}

bool draw_weights(const struct report *r, struct svg *svg)
{
    const struct plan *p = r->plan;
    const int shown = p->n_weights > MOST_BARS ? MOST_BARS : p->n_weights;

    if (p->n_weights == 0)
        return false;
    const struct value **w = by_size(r);
    struct bars b = { svg, 1, (double)p->weights_size, 0 };
    double rest = (double)p->weights_size;

    for (int i = 0; i < shown; i++)
        rest -= (double)weight_size(p, w[i]);
    b.most = (double)weight_size(p, w[0]);
    b.most = shown < p->n_weights && rest > b.most ? rest : b.most;
    b.most = b.most > 0 ? b.most : 1;
    svg_open(svg, CHART_WIDTH, 8 + BAR * (shown + (shown < p->n_weights)), "weights by size");
    for (int i = 0; i < shown; i++) {
        svg_text(svg, "tick end", NAMES - 8, 14.5 + i * BAR, w[i]->name, NAME_MAX_SHOWN);
        draw_bar(&b, "bar", (double)weight_size(p, w[i]));
    }
    if (shown < p->n_weights) {
        svg_say(svg, "tick end", NAMES - 8, 14.5 + shown * BAR, "%d others, with padding",
                p->n_weights - shown);
        draw_bar(&b, "bar others", rest);
    }
    svg_close(svg);
    return true;
}
