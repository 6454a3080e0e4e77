// SPDX-License-Identifier: Apache-2.0
/* report.h - everything resc knows about a model in one HTML file, which needs
 * no network, no script and no other file.
 *
 * This room draws and writes; what was measured is handed to it.  Text of the
 * model reaches HTML, SVG and JSON only through escapers. */
#ifndef RESC_REPORT_REPORT_H
#define RESC_REPORT_REPORT_H

#include "analysis/signal.h"
#include "codegen/plan.h"

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
    double bandwidth;                /* bytes a second from memory, measured */
    const char *isa;
};

struct report_error { /* of a step's output, as `verify --layers` judges it */
    bool known;
    const char *verdict; /* "exact", "within", "no bound", "OFF" */
    double error, bound, ratio;
};

struct report {
    const char *model; /* file name */
    const struct model_info *info;
    struct graph *before;       /* at -O0, shapes known; blocks not yet looked for */
    struct graph *after;        /* what the plan is of */
    const struct plan *plan;
    const char *json;           /* the document of `resc inspect --json`, put into the file */
    const struct signal *signal;        /* of a graph like `before`; NULL: not measured */
    const struct report_bench *bench;   /* NULL: times are the cost model's */
    const struct report_error *errors;  /* [plan->n_steps]; NULL: not measured */
};

/* Appends the document to `out`. */
void report_html(const struct report *r, struct str *out);

/* The pictures by themselves, as SVG files.  NULL if there is none of that name. */
struct figure {
    const char *name, *brief;
    /* False: r lacks what it shows, and nothing was written. */
    bool (*draw)(const struct report *r, struct str *out);
};
extern const struct figure all_figures[];
extern const int n_all_figures;
const struct figure *figure_find(const char *name);

#endif
