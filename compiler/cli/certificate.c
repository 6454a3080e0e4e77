// SPDX-License-Identifier: Apache-2.0
#include "cli/certificate.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/peak.h"
#include "cli/summary.h"
#include "compile.h"
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

/* Steps by the worst verdict of their outputs. */
struct certificate {
    int n_steps, n_of[STEP_OFF + 1];
    double worst, median;        /* of the ratios of those within their bound */
    const struct layer *nearest; /* has the worst; NULL: there are none */
};

static const char *const verdict_names[] = { "exact", "within", "no_bound", "off" };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct certificate certificate_of(struct arena *a, const struct layers *l)
{
    struct certificate c = { 0 };
    double *ratio = arena_new_n(a, double, l->n + 1);
    int n = 0;

    for (int i = 0; i < l->n; i++) {
        const struct layer *one = &l->layer[i];
        const bool first = i == 0 || l->layer[i - 1].step != one->step;
        enum verdict worst = one->verdict;

        if (one->verdict == STEP_WITHIN) {
            ratio[n++] = one->ratio;
            if (!c.nearest || one->ratio > c.worst) {
                c.nearest = one;
                c.worst = one->ratio;
            }
        }
        if (!first)
            continue;
        for (int k = i + 1; k < l->n && l->layer[k].step == one->step; k++)
            worst = l->layer[k].verdict > worst ? l->layer[k].verdict : worst;
        c.n_of[worst]++;
        c.n_steps++;
    }
    qsort(ratio, (size_t)n, sizeof *ratio, by_size);
    if (n)
        c.median = (ratio[(n - 1) / 2] + ratio[n / 2]) / 2;
    return c;
}

static const char *origin(const struct compiled *made, const struct layer *l)
{
    return made->plan->steps[l->step].node->origin;
}

static const char *verdict_text(const struct layer *l, char text[24])
{
    switch (l->verdict) {
    case STEP_EXACT:
        return "exact";
    case STEP_WITHIN:
        snprintf(text, 24, "%.2g", l->ratio);
        return text;
    case STEP_NO_BOUND:
        return "no bound";
    case STEP_OFF:
        break;
    }
    return "OFF";
}

static void print_certificate(const struct certificate *c, const struct certified *of)
{
    struct arena *a = of->made->graph->arena;
    const char *separator = ": ";

    printf("  certificate: %d steps", c->n_steps);
    if (c->n_of[STEP_OFF]) {
        printf("%s%d OFF", separator, c->n_of[STEP_OFF]);
        separator = ", ";
    }
    printf("%s%d exact, %d within the proven bound", separator, c->n_of[STEP_EXACT],
           c->n_of[STEP_WITHIN]);
    if (c->nearest)
        printf(" (at most %.2g of it, in step %d; median %.2g)", c->worst, c->nearest->step + 1,
               c->median);
    if (c->n_of[STEP_NO_BOUND])
        printf(", %d without a bound (within the tolerance)", c->n_of[STEP_NO_BOUND]);
    printf("; %s; model sha256 %s; resc %s; %s; instruction set %s\n",
           str_escaped_copy(a, of->data_set, 200), of->made->info.sha256, RESC_VERSION,
           str_escaped_copy(a, of->compiler, 200), peak_isa());
}

void certificate_print(const struct layers *l, const struct certified *of)
{
    struct arena *a = of->made->graph->arena;
    const struct certificate c = certificate_of(a, l);

    printf("  step  %-30s %-20s %8s %8s %9s %9s\n", "what", "shape", "error", "bound", "of bound",
           "whole run");
    for (int i = 0; i < l->n; i++) {
        const struct layer *one = &l->layer[i];
        char shape[SHAPE_TEXT_MAX], text[24];

        printf("  %4d  %-30s %-20s %8.1e %8.1e %9s %9.1e\n", one->step + 1,
               str_escaped_copy(a, origin(of->made, one), 27),
               shape_text(&one->value->shape, shape), one->error, one->bound,
               verdict_text(one, text), one->run.max_abs);
    }
    if (l->first_off >= 0) {
        const struct layer *off = &l->layer[l->first_off];

        printf("  first step that is off: %d, %s, by %s\n", off->step + 1,
               str_escaped_copy(a, origin(of->made, off), 200),
               of->made->plan->steps[off->step].kernel->fn);
    }
    print_certificate(&c, of);
}

static void layer_json(struct json *j, const struct layer *l, const struct compiled *made)
{
    json_object(j, NULL);
    json_int(j, "step", l->step + 1);
    json_string(j, "origin", origin(made, l));
    json_string(j, "kernel", kernel_name(made->plan->steps[l->step].kernel));
    value_json(j, l->value);
    json_string(j, "verdict", verdict_names[l->verdict]);
    json_number(j, "measured", l->error);
    json_number(j, "bound", l->bound);
    json_number(j, "ratio", l->ratio);
    json_number(j, "max_abs", l->run.max_abs);
    json_number(j, "max_rel", l->run.max_rel);
    json_bool(j, "ok", l->verdict != STEP_OFF);
    json_end_object(j);
}

void certificate_json(struct json *j, const struct layers *l, const struct certified *of)
{
    const struct certificate c = certificate_of(of->made->graph->arena, l);

    json_array(j, "layers");
    for (int i = 0; i < l->n; i++)
        layer_json(j, &l->layer[i], of->made);
    json_end_array(j);
    json_object(j, "certificate");
    json_int(j, "steps", c.n_steps);
    for (int v = STEP_EXACT; v <= STEP_OFF; v++)
        json_int(j, verdict_names[v], c.n_of[v]);
    json_number(j, "worst_ratio", c.worst);
    json_int(j, "worst_step", c.nearest ? c.nearest->step + 1 : 0);
    json_number(j, "median_ratio", c.median);
    json_int(j, "first_off", l->first_off < 0 ? 0 : l->layer[l->first_off].step + 1);
    json_string(j, "data_set", of->data_set);
    json_string(j, "sha256", of->made->info.sha256);
    json_string(j, "resc", RESC_VERSION);
    json_string(j, "compiler", of->compiler);
    json_string(j, "isa", peak_isa());
    json_end_object(j);
}
