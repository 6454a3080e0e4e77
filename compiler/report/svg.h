// SPDX-License-Identifier: Apache-2.0
/* svg.h - elements of a picture.  Classes are those of figure.css. */
#ifndef RESC_REPORT_SVG_H
#define RESC_REPORT_SVG_H

#include <stdbool.h>

struct str;

struct svg {
    struct str *out;
    bool file; /* a document of its own, which brings its style along */
};

/* `label`: what the picture shows, for those who cannot see it. */
void svg_open(struct svg *s, double width, double height, const char *label);
void svg_close(struct svg *s);

/* A coordinate as it stands in attributes and paths: a tenth of a pixel will do. */
void svg_at(struct svg *s, const char *before, double x);
void svg_line(struct svg *s, const char *css_class, double x1, double y1, double x2, double y2);
/* Of the model's text: escaped.  `max`: bytes of it that are shown. */
void svg_text(struct svg *s, const char *css_class, double x, double y, const char *text,
              int max);
/* Ours, with entities and tags as it stands. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
void svg_say(struct svg *s, const char *css_class, double x, double y, const char *fmt, ...);

/* An element with what is said when pointed at: svg_rect(); svg_title_begin(); text through
 * html_text(); svg_title_end().  Without a title: svg_no_title(). */
void svg_rect(struct svg *s, const char *css_class, double x, double y, double w, double h);
void svg_circle(struct svg *s, const char *css_class, double x, double y, double r);
void svg_no_title(struct svg *s);
void svg_title_begin(struct svg *s);
void svg_title_end(struct svg *s, const char *element);

#endif
