// SPDX-License-Identifier: Apache-2.0
/* errors - how far each step is from what double precision gives, at the element
 * that is nearest to its bound. */
#include "base/str.h"
#include "report/chart.h"
#include "report/figures.h"
#include "report/html.h"

#include <math.h>

static bool is_off(const struct report_error *e)
{
    return e->known && !(e->ratio <= 1) && e->error > 0;
}

static void draw_step(struct chart *c, const struct report *r, int s)
{
    const struct report_error *e = &r->errors[s];
    const double x = chart_x(c, s + 1);
    char error[NUMBER_TEXT_MAX], bound[NUMBER_TEXT_MAX];

    if (!e->known)
        return;
    if (e->error > 0 && e->bound > 0)
        svg_line(c->svg, "bound-mark", x - 3, chart_y(c, log10(e->bound)), x + 3,
                 chart_y(c, log10(e->bound)));
    svg_circle(c->svg, is_off(e) ? "dot bad" : e->error > 0 ? "dot" : "dot exact", x,
               chart_y(c, e->error > 0 ? log10(e->error) : c->y.lo), 3);
    svg_title_begin(c->svg);
    str_printf(c->svg->out, "step %d: %s", s + 1, e->verdict);
    if (e->error > 0)
        str_printf(c->svg->out, ", error %s, bound %s", number_text(e->error, error),
                   number_text(e->bound, bound));
    str_puts(c->svg->out, "\n");
    html_text(c->svg->out, r->plan->steps[s].node->origin, 120);
    svg_title_end(c->svg, "circle");
}

bool draw_errors(const struct report *r, struct svg *svg)
{
    const struct axis x = { SCALE_COUNT, 0.5, r->plan->n_steps + 0.5, "step" };
    struct axis y = axis_empty;

    if (!r->errors || !r->plan->n_steps)
        return false;
    for (int s = 0; s < r->plan->n_steps; s++)
        if (r->errors[s].known && r->errors[s].error > 0) {
            axis_cover(&y, log10(r->errors[s].error));
            axis_cover(&y, log10(r->errors[s].bound));
        }
    if (y.lo > y.hi) /* every step is exact */
        return false;
    axis_round(&y);
    y.title = "largest error against its bound";
    struct chart c = chart_open(svg, x, y, CHART_HEIGHT, "error of every step");

    chart_legend(&c, 0, "bound-mark", "proven bound");
    chart_legend(&c, 1, "dot-line", "error (at the bottom: exact)");
    for (int s = 0; s < r->plan->n_steps; s++)
        draw_step(&c, r, s);
    chart_close(&c);
    return true;
}
