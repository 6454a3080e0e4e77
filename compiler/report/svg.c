// SPDX-License-Identifier: Apache-2.0
#include "report/svg.h"

#include "base/str.h"
#include "report/assets.h"
#include "report/html.h"

#include <math.h>

void svg_open(struct svg *s, double width, double height, const char *label)
{
    str_printf(s->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig\" width=\"%.0f\" "
               "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"",
               ceil(width), ceil(height), ceil(width), ceil(height));
    html_text(s->out, label, 200);
    str_puts(s->out, "\">\n");
    if (s->file)
        str_printf(s->out, "<style>\n%s</style>\n<rect class=\"paper\" width=\"100%%\" "
                   "height=\"100%%\"/>\n", figure_css);
}

void svg_close(struct svg *s)
{
    str_puts(s->out, "</svg>\n");
}

void svg_at(struct svg *s, const char *before, double x)
{
    const double rounded = round(x * 10) / 10;

    str_printf(s->out, "%s%.7g", before, rounded == 0 ? 0.0 : rounded);
}

static void open_element(struct svg *s, const char *name, const char *css_class)
{
    str_printf(s->out, "<%s class=\"%s\"", name, css_class);
}

void svg_line(struct svg *s, const char *css_class, double x1, double y1, double x2, double y2)
{
    open_element(s, "path", css_class);
    svg_at(s, " d=\"M", x1);
    svg_at(s, " ", y1);
    svg_at(s, "L", x2);
    svg_at(s, " ", y2);
    str_puts(s->out, "\"/>\n");
}

static void open_text(struct svg *s, const char *css_class, double x, double y)
{
    open_element(s, "text", css_class);
    svg_at(s, " x=\"", x);
    svg_at(s, "\" y=\"", y);
    str_puts(s->out, "\">");
}

void svg_text(struct svg *s, const char *css_class, double x, double y, const char *text, int max)
{
    open_text(s, css_class, x, y);
    html_text(s->out, text, (size_t)max);
    str_puts(s->out, "</text>\n");
}

void svg_say(struct svg *s, const char *css_class, double x, double y, const char *fmt, ...)
{
    va_list ap;

    open_text(s, css_class, x, y);
    va_start(ap, fmt);
    str_vprintf(s->out, fmt, ap);
    va_end(ap);
    str_puts(s->out, "</text>\n");
}

void svg_rect(struct svg *s, const char *css_class, double x, double y, double w, double h)
{
    open_element(s, "rect", css_class);
    svg_at(s, " x=\"", x);
    svg_at(s, "\" y=\"", y);
    svg_at(s, "\" width=\"", w);
    svg_at(s, "\" height=\"", h);
    str_puts(s->out, "\"");
}

void svg_circle(struct svg *s, const char *css_class, double x, double y, double r)
{
    open_element(s, "circle", css_class);
    svg_at(s, " cx=\"", x);
    svg_at(s, "\" cy=\"", y);
    svg_at(s, "\" r=\"", r);
    str_puts(s->out, "\"");
}

void svg_no_title(struct svg *s)
{
    str_puts(s->out, "/>\n");
}

void svg_title_begin(struct svg *s)
{
    str_puts(s->out, "><title>");
}

void svg_title_end(struct svg *s, const char *element)
{
    str_printf(s->out, "</title></%s>\n", element);
}
