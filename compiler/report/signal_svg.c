// SPDX-License-Identifier: Apache-2.0
/* signal_svg - the size of the signal and of a change over depth, as it is and with
 * every skip cut.  All on logarithmic scales: nothing at all is an empty dot on the bottom. */
#include "base/str.h"
#include "report/chart.h"
#include "report/figures.h"
#include "report/html.h"

#include <math.h>

/* The logarithm of something at place i; NAN: not known, -INFINITY: nothing. */
typedef double series(const struct signal *s, int i);

static double rms(const struct signal *s, int i)
{
    return log10(s->steps[i].stats.rms);
}

static double cut_rms(const struct signal *s, int i)
{
    return log10(s->steps[i].cut_stats.rms);
}

static double mean_of(struct gain g)
{
    return g.known ? g.mean : (double)NAN;
}

static double gain(const struct signal *s, int i)
{
    return mean_of(s->steps[i].gain);
}

static double cut_gain(const struct signal *s, int i)
{
    return mean_of(s->steps[i].cut_gain);
}

static double rest(const struct signal *s, int i)
{
    return mean_of(s->blocks[i].rest);
}

static double cut_rest(const struct signal *s, int i)
{
    return mean_of(s->blocks[i].cut_rest);
}

static double ratio(const struct signal *s, int i)
{
    return log10(s->blocks[i].ratio);
}

static void draw_series(struct chart *c, const struct signal *s, series *of, int n,
                        const char *css_class)
{
    struct line l = line_begin(c, css_class);

    for (int i = 0; i < n; i++) {
        const double y = of(s, i);

        if (!isnan(y))
            line_to(&l, i + 1, isinf(y) ? y > 0 ? c->y.hi : c->y.lo : y);
    }
    line_end(&l);
}

enum { MOST_POINTS = 300 };

/* Points that can be pointed at, named after nodes or blocks; of many every so-manyth. */
static void draw_points(struct chart *c, const struct signal *s, series *of, int n,
                        const char *css_class, bool blocks)
{
    const int every = (n + MOST_POINTS - 1) / MOST_POINTS;
    char text[NUMBER_TEXT_MAX];

    for (int i = 0; i < n; i += every) {
        const double y = of(s, i);

        if (isnan(y))
            continue;
        svg_circle(c->svg, y == -INFINITY ? "point none" : css_class, chart_x(c, i + 1),
                   chart_y(c, isinf(y) ? y > 0 ? c->y.hi : c->y.lo : y), n > 100 ? 1.6 : 2.6);
        svg_title_begin(c->svg);
        str_printf(c->svg->out, "%s %d: %s\n", blocks ? "block" : "node", i + 1,
                   power_text(y, text));
        html_text(c->svg->out, blocks ? s->blocks[i].block.to->name : s->steps[i].node->origin,
                  80);
        svg_title_end(c->svg, "circle");
    }
}

/* Mean and a standard deviation to both sides, as far apart as the points. */
static void draw_spread(struct chart *c, const struct signal *s, bool cut)
{
    const int every = (s->n_steps + MOST_POINTS - 1) / MOST_POINTS;
    struct line l = line_begin(c, cut ? "spread cut" : "spread");

    for (int i = 0; i < s->n_steps; i += every) {
        const struct gain g = cut ? s->steps[i].cut_gain : s->steps[i].gain;

        if (!g.known || !isfinite(g.mean) || !(g.spread > 0))
            continue;
        line_to(&l, i + 1, g.mean - g.spread);
        line_to(&l, i + 1, g.mean + g.spread);
        line_to(&l, i + 1, NAN);
    }
    line_end(&l);
}

struct plot {
    const char *title, *x_title, *label;
    series *with, *cut; /* cut may be NULL */
    int n;
    bool blocks;
};

static struct chart open_plot(const struct plot *p, const struct signal *s, struct svg *svg)
{
    const struct axis x = { SCALE_COUNT, p->n > 1 ? 1 : 0.5, p->n > 1 ? p->n : 1.5, p->x_title };
    struct axis y = axis_empty;

    axis_cover(&y, 0);
    for (int i = 0; i < p->n; i++) {
        axis_cover(&y, p->with(s, i));
        if (p->cut)
            axis_cover(&y, p->cut(s, i));
    }
    axis_round(&y);
    y.title = p->title;
    struct chart c = chart_open(svg, x, y, CHART_HEIGHT, p->label);

    svg_line(svg, "unit", c.left, chart_y(&c, 0), c.left + c.width, chart_y(&c, 0));
    if (p->cut) {
        chart_legend(&c, 1, "series", "as it is");
        chart_legend(&c, 0, "series cut", "every skip cut");
    }
    return c;
}

static bool has_blocks(const struct report *r)
{
    return r->signal && r->signal->n_blocks > 0;
}

static void draw_plot(struct chart *c, const struct plot *p, const struct signal *s)
{
    if (p->cut) {
        draw_series(c, s, p->cut, p->n, "series cut");
        draw_points(c, s, p->cut, p->n, "point cut", p->blocks);
    }
    draw_series(c, s, p->with, p->n, "series");
    draw_points(c, s, p->with, p->n, "point", p->blocks);
    chart_close(c);
}

bool draw_rms(const struct report *r, struct svg *svg)
{
    if (!r->signal || !r->signal->n_steps)
        return false;
    const struct plot p = { "RMS of each output", "node, in run order", "RMS over depth", rms,
                            has_blocks(r) ? cut_rms : NULL, r->signal->n_steps, false };
    struct chart c = open_plot(&p, r->signal, svg);

    draw_plot(&c, &p, r->signal);
    return true;
}

bool draw_gain(const struct report *r, struct svg *svg)
{
    if (!r->signal || !r->signal->n_steps)
        return false;
    const struct plot p = { "gain from the input", "node, in run order", "gain over depth", gain,
                            has_blocks(r) ? cut_gain : NULL, r->signal->n_steps, false };
    struct chart c = open_plot(&p, r->signal, svg);

    if (p.cut)
        draw_spread(&c, r->signal, true);
    draw_spread(&c, r->signal, false);
    draw_plot(&c, &p, r->signal);
    return true;
}

bool draw_gain_out(const struct report *r, struct svg *svg)
{
    if (!has_blocks(r) || !r->signal->n_rest)
        return false;
    const struct plot p = { "gain from a block to the output", "residual block",
                            "gain from each block to the output", rest, cut_rest,
                            r->signal->n_blocks, true };
    struct chart c = open_plot(&p, r->signal, svg);

    draw_plot(&c, &p, r->signal);
    return true;
}

bool draw_ratio(const struct report *r, struct svg *svg)
{
    if (!has_blocks(r))
        return false;
    const struct plot p = { "RMS of the branch to RMS of the skip", "residual block",
                            "branch to skip, of every block", ratio, NULL, r->signal->n_blocks,
                            true };
    struct chart c = open_plot(&p, r->signal, svg);

    draw_plot(&c, &p, r->signal);
    return true;
}
