// SPDX-License-Identifier: Apache-2.0
/* report.h - everything resc knows about a model in one HTML file, which needs
 * no network, no script and no other file.
 *
 * This room draws and writes; what was measured is handed to it.  Text of the
 * model reaches HTML, SVG and JSON only through escapers (html.h). */
#ifndef RESC_REPORT_REPORT_H
#define RESC_REPORT_REPORT_H

#include "analysis/signal.h"
#include "codegen/plan.h"
#include "ir/rewrite.h"

struct diag_message;
struct model_info;
struct str;

struct report_time { /* of a step, in milliseconds */
    double min, median;
};

/* Speed, as `resc bench` measures it. */
struct report_bench {
    int runs, threads;
    struct report_time run;
    const struct report_time *steps; /* [plan->n_steps] */
    double peak_gflops;              /* of all threads */
    double bandwidth;                /* bytes a second from memory, of one core, measured */
    const char *isa;
};

struct report_error { /* of a step's output, as `verify --layers` judges it */
    bool known;
    const char *verdict; /* "exact", "within", "no bound", "OFF" */
    double error, bound, ratio;
};

/* What was not measured is NULL, and `why_no_...` is the sentence that says why. */
struct report {
    const char *model; /* file name */
    const struct model_info *info;
    struct graph *before;       /* at -O0, shapes known */
    struct graph *after;        /* what the plan is of */
    const struct plan *plan;
    const struct rewrite *rewrites;
    const char *const *unusual; /* sentences, escaped for terminals */
    int n_unusual;
    const struct diag_message *messages;
    const char *json;           /* the document of `resc inspect --json`, put into the file */
    const struct report_bench *bench;   /* NULL: times are the cost model's */
    const struct report_error *errors;  /* [plan->n_steps] */
    const char *why_no_errors;
    const struct signal *signal;        /* of a graph like `before` */
    const struct signal_warning *warnings;
    int n_warnings;
    const char *why_no_signal;
    const char *data;           /* what errors and signal were measured on */
};

/* Appends the document to `out`. */
void report_html(const struct report *r, struct str *out);

/* The pictures by themselves. */
struct svg;
enum figure_needs { NEEDS_NOTHING, NEEDS_ERRORS, NEEDS_SIGNAL }; /* measured */
struct figure {
    const char *name, *brief;
    enum figure_needs needs;
    /* False: r lacks what it shows, and nothing was written. */
    bool (*draw)(const struct report *r, struct svg *svg);
};
extern const struct figure all_figures[];
extern const int n_all_figures;
const struct figure *figure_find(const char *name); /* NULL if there is none */
/* As an SVG file.  False: r lacks what it shows, and nothing was written. */
bool figure_file(const struct figure *f, const struct report *r, struct str *out);

#endif
