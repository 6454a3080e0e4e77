// SPDX-License-Identifier: Apache-2.0
/* memory - who has which bytes of the workspace during which steps. */
#include "base/amount.h"
#include "base/str.h"
#include "report/chart.h"
#include "report/figures.h"
#include "report/html.h"

#include <stdio.h>

static void draw_bytes(struct chart *c, const char *css_class, int first, int last, size_t offset,
                       size_t size)
{
    const double x = chart_x(c, first + 0.5), y = chart_y(c, (double)(offset + size));
    const bool narrow = c->width / c->x.hi < 4; /* an outline would be all there is to see */
    char text[32];

    snprintf(text, sizeof text, "%s%s", css_class, narrow ? " narrow" : "");
    svg_rect(c->svg, text, x, y, chart_x(c, last + 1.5) - x, chart_y(c, (double)offset) - y);
}

static void draw_value(struct chart *c, const struct value *v, const struct place *p, int nth)
{
    static const char *const shades[] = { "m m0", "m m1", "m m2" };
    char amount[AMOUNT_TEXT_MAX], shape[SHAPE_TEXT_MAX];

    draw_bytes(c, shades[nth % 3], p->first, p->last, p->offset, p->size);
    svg_title_begin(c->svg);
    html_text(c->svg->out, v->name, 80);
    str_printf(c->svg->out, " %s%s\n%s at %zu, steps %d to %d", dtype_name(v->type),
               shape_text(&v->shape, shape), bytes_text(p->size, amount), p->offset, p->first + 1,
               p->last + 1);
    svg_title_end(c->svg, "rect");
}

static void draw_scratch(struct chart *c, const struct step *s, int i)
{
    char amount[AMOUNT_TEXT_MAX];

    draw_bytes(c, "m scratch", i, i, s->scratch_offset, s->scratch_size);
    svg_title_begin(c->svg);
    str_printf(c->svg->out, "scratch of step %d, %s\n%s at %zu", i + 1, kernel_name(s->kernel),
               bytes_text(s->scratch_size, amount), s->scratch_offset);
    svg_title_end(c->svg, "rect");
}

static void draw_limit(struct chart *c, const char *css_class, double bytes)
{
    svg_line(c->svg, css_class, c->left, chart_y(c, bytes), c->left + c->width, chart_y(c, bytes));
}

static struct chart open_memory(const struct plan *p, struct svg *svg)
{
    const struct axis x = { SCALE_COUNT, 0.5, p->n_steps + 0.5, "step" };
    const struct axis y = { SCALE_BYTES, 0, 1.06 * (double)p->workspace_size, "workspace" };
    char size[AMOUNT_TEXT_MAX], bound[AMOUNT_TEXT_MAX];
    struct chart c = chart_open(svg, x, y, 380, "memory plan");

    chart_legend(&c, 2, "m scratch", "scratch of a kernel");
    svg_say(svg, "tick end", c.left + c.width, 20,
            "<tspan class=\"limit-text\">\u2015</tspan> workspace %s, "
            "<tspan class=\"bound-text\">\u254d</tspan> lower bound %s",
            bytes_text(p->workspace_size, size), bytes_text(p->lower_bound, bound));
    return c;
}

bool draw_memory(const struct report *r, struct svg *svg)
{
    const struct plan *p = r->plan;

    if (!p->workspace_size || !p->n_steps)
        return false;
    struct chart c = open_memory(p, svg);
    int nth = 0;

    for (int i = 0; i < r->after->n_values; i++) {
        const struct value *v = r->after->values[i];
        const struct place *place = &p->place[v->id];

        if (place->kind == PLACE_WORKSPACE && place->root == v)
            draw_value(&c, v, place, nth++);
    }
    for (int s = 0; s < p->n_steps; s++)
        if (p->steps[s].scratch_size)
            draw_scratch(&c, &p->steps[s], s);
    draw_limit(&c, "limit", (double)p->workspace_size);
    draw_limit(&c, "bound", (double)p->lower_bound);
    chart_close(&c);
    return true;
}
