// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include "base/str.h"
#include "report/html.h"

#include <math.h>
#include <stdio.h>

enum { LEFT = 74, RIGHT = 18, TOP = 34, BOTTOM = 46, LEGEND_WIDTH = 210 };

static double place(double value, const struct axis *a)
{
    const double share = (value - a->lo) / (a->hi - a->lo);

    return share > 0 ? share < 1 ? share : 1 : 0;
}

double chart_x(const struct chart *c, double value)
{
    return c->left + c->width * place(value, &c->x);
}

double chart_y(const struct chart *c, double value)
{
    return c->top + c->height * (1 - place(value, &c->y));
}

/* The distance of at most `most` ticks: 1, 2 or 5 times a power of ten, or of bytes a power
 * of two. */
static double tick_step(const struct axis *a, int most)
{
    const double least = (a->hi - a->lo) / most;

    if (a->scale == SCALE_BYTES)
        return pow(2, ceil(log2(least > 1 ? least : 1)));
    double step = pow(10, floor(log10(least)));

    if (step < 1)
        step = 1;
    return step >= least ? step : 2 * step >= least ? 2 * step : 5 * step >= least ? 5 * step :
                                                                                   10 * step;
}

static const char *tick_text(const struct axis *a, double value, char text[NUMBER_TEXT_MAX])
{
    switch (a->scale) {
    case SCALE_BYTES: {
        const int unit = value >= 0x1p30 ? 3 : value >= 0x1p20 ? 2 : value >= 0x1p10;
        static const char *const units[] = { " B", " KiB", " MiB", " GiB" };

        snprintf(text, NUMBER_TEXT_MAX, "%g%s", value / pow(1024, unit),
                 value > 0 ? units[unit] : "");
        return text;
    }
    case SCALE_DECADE:
        return decade_text((int)lround(value), text);
    case SCALE_COUNT:
        break;
    }
    snprintf(text, NUMBER_TEXT_MAX, "%g", value);
    return text;
}

/* The ticks of an axis are n * step, from the first n to the last. */
struct ticks {
    double step;
    long first, last;
};

static struct ticks ticks_of(const struct axis *a, int most)
{
    const double step = tick_step(a, most);

    return (struct ticks){ step, lround(ceil(a->lo / step - 1e-9)),
                           lround(floor(a->hi / step + 1e-9)) };
}

static void draw_x_axis(struct chart *c)
{
    const struct ticks t = ticks_of(&c->x, 10);
    const double bottom = c->top + c->height;
    char text[NUMBER_TEXT_MAX];

    for (long n = t.first; n <= t.last; n++) {
        const double value = (double)n * t.step, x = chart_x(c, value);

        svg_line(c->svg, "grid", x, c->top, x, bottom);
        svg_say(c->svg, "tick mid", x, bottom + 16, "%s", tick_text(&c->x, value, text));
    }
    svg_say(c->svg, "axis mid", c->left + c->width / 2, bottom + 36, "%s", c->x.title);
}

static void draw_y_axis(struct chart *c)
{
    const struct ticks t = ticks_of(&c->y, 8);
    char text[NUMBER_TEXT_MAX];

    for (long n = t.first; n <= t.last; n++) {
        const double value = (double)n * t.step, y = chart_y(c, value);

        svg_line(c->svg, "grid", c->left, y, c->left + c->width, y);
        svg_say(c->svg, "tick end", c->left - 7, y + 4, "%s", tick_text(&c->y, value, text));
    }
    svg_say(c->svg, "axis", 6, 20, "%s", c->y.title);
}

struct chart chart_open(struct svg *svg, struct axis x, struct axis y, double height,
                        const char *label)
{
    struct chart c = { svg, x, y, LEFT, TOP, CHART_WIDTH - LEFT - RIGHT, height - TOP - BOTTOM };

    svg_open(svg, CHART_WIDTH, height, label);
    svg_rect(svg, "area", c.left, c.top, c.width, c.height);
    svg_no_title(svg);
    draw_x_axis(&c);
    draw_y_axis(&c);
    return c;
}

void chart_close(struct chart *c)
{
    svg_close(c->svg);
}

const struct axis axis_empty = { SCALE_DECADE, INFINITY, -INFINITY, "" };

void axis_cover(struct axis *a, double value)
{
    if (!isfinite(value))
        return;
    a->lo = value < a->lo ? value : a->lo;
    a->hi = value > a->hi ? value : a->hi;
}

void axis_round(struct axis *a)
{
    if (a->lo > a->hi)
        a->lo = a->hi = 0;
    a->lo = floor(a->lo);
    a->hi = ceil(a->hi);
    if (a->hi - a->lo < 1) {
        a->lo--;
        a->hi++;
    }
}

struct line line_begin(struct chart *c, const char *css_class)
{
    str_printf(c->svg->out, "<path class=\"%s\" d=\"", css_class);
    return (struct line){ c, false };
}

void line_to(struct line *l, double x, double y)
{
    if (!isfinite(y)) {
        l->drawing = false;
        return;
    }
    svg_at(l->chart->svg, l->drawing ? "L" : "M", chart_x(l->chart, x));
    svg_at(l->chart->svg, " ", chart_y(l->chart, y));
    l->drawing = true;
}

void line_end(struct line *l)
{
    str_puts(l->chart->svg->out, "\"/>\n");
}

void chart_legend(struct chart *c, int at, const char *css_class, const char *text)
{
    const double x = c->left + c->width - (at + 1) * LEGEND_WIDTH;

    svg_line(c->svg, css_class, x, 16, x + 26, 16);
    svg_say(c->svg, "tick", x + 32, 20, "%s", text);
}
