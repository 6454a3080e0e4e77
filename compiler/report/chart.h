// SPDX-License-Identifier: Apache-2.0
/* chart.h - two axes with ticks and a grid, and what is drawn between them. */
#ifndef RESC_REPORT_CHART_H
#define RESC_REPORT_CHART_H

#include "report/svg.h"

enum scale {
    SCALE_COUNT,  /* linear, with ticks at whole numbers */
    SCALE_BYTES,  /* linear, with ticks at round numbers of KiB and MiB */
    SCALE_DECADE, /* values are logarithms to the base of 10 */
};

struct axis {
    enum scale scale;
    double lo, hi;
    const char *title;
};

struct chart {
    struct svg *svg;
    struct axis x, y;
    double left, top, width, height; /* of the area between the axes, in pixels */
};

enum { CHART_WIDTH = 920, CHART_HEIGHT = 330 };

/* Opens a picture of `height` pixels, and draws the axes. */
struct chart chart_open(struct svg *svg, struct axis x, struct axis y, double height,
                        const char *label);
void chart_close(struct chart *c);

/* Pixels; what lies outside is brought to the edge. */
double chart_x(const struct chart *c, double value);
double chart_y(const struct chart *c, double value);

/* Whole decades around both, at least one, for a SCALE_DECADE axis. */
void axis_cover(struct axis *a, double value); /* not finite: nothing */
void axis_round(struct axis *a);               /* after the last; also if there was none */
extern const struct axis axis_empty;

/* Points in a line, broken where y is not finite. */
struct line {
    struct chart *chart;
    bool drawing;
};
struct line line_begin(struct chart *c, const char *css_class);
void line_to(struct line *l, double x, double y);
void line_end(struct line *l);

/* A row above the chart that says what a class means. */
void chart_legend(struct chart *c, int at, const char *css_class, const char *text);

#endif
