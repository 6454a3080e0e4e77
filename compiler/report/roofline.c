// SPDX-License-Identifier: Apache-2.0
/* roofline - what a step achieves, and what the processor allows a step that does
 * so many operations with each byte: bandwidth times intensity, at most the peak.
 * Source: Williams, Waterman, Patterson, Roofline, 2009. */
#include "base/str.h"
#include "report/chart.h"
#include "report/step_facts.h"
#include "report/figures.h"
#include "report/html.h"

#include <math.h>

static void draw_roof(struct chart *c, const struct report *r)
{
    const double peak = report_peak(r) * 1e-9, slope = report_bandwidth(r) * 1e-9;
    const double ridge = log10(peak / slope), lo = c->x.lo;
    char text[NUMBER_TEXT_MAX], other[NUMBER_TEXT_MAX];
    struct line l = line_begin(c, "roof");

    /* The slope starts where it comes into the picture. */
    line_to(&l, fmax(lo, c->y.lo - log10(slope)), fmax(c->y.lo, lo + log10(slope)));
    line_to(&l, ridge, log10(peak));
    line_to(&l, c->x.hi, log10(peak));
    line_end(&l);
    const double x = chart_x(c, ridge), y = chart_y(c, log10(peak)), bottom = c->top + c->height;

    svg_say(c->svg, "tick end", c->left + c->width, 20, "peak %s GFLOP/s, memory %s GB/s",
            number_text(peak, text), number_text(slope, other));
    svg_line(c->svg, "unit", x, y, x, bottom);
    svg_say(c->svg, "tick", x + 6, bottom - 8, "ridge: %s operations a byte",
            number_text(pow(10, ridge), text));
}

static void draw_step(struct chart *c, const struct report *r, int s, const struct step_facts *f)
{
    const struct node *n = r->plan->steps[s].node;
    struct str *out = c->svg->out;
    char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX], ms[NUMBER_TEXT_MAX];

    if (!c->svg->file)
        str_printf(out, "<a href=\"#step-%d\">", s + 1);
    svg_circle(c->svg, "dot", chart_x(c, log10(f->intensity)), chart_y(c, log10(f->gflops)),
               3 + 0.9 * sqrt(f->share));
    svg_title_begin(c->svg);
    str_printf(out, "step %d, %s: %s ms\n%s GFLOP/s, %s operations a byte\n", s + 1,
               kernel_name(r->plan->steps[s].kernel), number_text(f->ms, ms),
               number_text(f->gflops, a), number_text(f->intensity, b));
    html_text(out, n->origin, 120);
    svg_title_end(c->svg, "circle");
    if (!c->svg->file)
        str_puts(out, "</a>\n");
}

bool draw_roofline(const struct report *r, struct svg *svg)
{
    const struct step_facts *f = step_facts(r);
    struct axis x = axis_empty, y = axis_empty;
    int n = 0;

    for (int s = 0; s < r->plan->n_steps; s++) {
        if (f[s].gflops <= 0)
            continue;
        axis_cover(&x, log10(f[s].intensity) + 0.05);
        axis_cover(&y, log10(f[s].gflops));
        n++;
    }
    if (n == 0)
        return false;
    const double ridge = log10(report_peak(r) / report_bandwidth(r));

    axis_cover(&x, ridge - 0.5);
    axis_cover(&x, ridge + 1);
    axis_cover(&y, log10(report_peak(r) * 1e-9) + 0.2);
    axis_round(&x);
    axis_round(&y);
    x.title = "operations a byte read or written";
    y.title = r->bench ? "GFLOP/s, measured" : "GFLOP/s, predicted";
    struct chart c = chart_open(svg, x, y, 400, "roofline");

    draw_roof(&c, r);
    for (int s = 0; s < r->plan->n_steps; s++)
        if (f[s].gflops > 0)
            draw_step(&c, r, s, &f[s]);
    chart_close(&c);
    return true;
}
