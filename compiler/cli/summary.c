// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.h"

#include "base/json.h"
#include "base/str.h"
#include "codegen/plan.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Whether step i is the first that uses its kernel; then *count is how many do. */
static bool first_of_kernel(const struct plan *p, int i, int *count)
{
    const char *fn = p->steps[i].kernel->fn;

    *count = 0;
    for (int k = 0; k < p->n_steps; k++)
        if (strcmp(p->steps[k].kernel->fn, fn) == 0) {
            if (k < i)
                return false;
            ++*count;
        }
    return true;
}

/* " 3x NAME" in the lines of `what`; *column: 0 before the first. */
static void print_count(const char *what, int count, const char *name, int *column, FILE *out)
{
    const int width = snprintf(NULL, 0, " %dx %s", count, name);

    if (!*column)
        *column = fprintf(out, "  %-14s", what);
    if (*column + width > 80)
        *column = fprintf(out, "\n%16s", "") - 1;
    *column += fprintf(out, " %dx %s", count, name);
}

/* Nothing, where all are ordinary numbers. */
static void print_special(const struct special_weights *s, FILE *out)
{
    if (s->n_nan || s->n_infinite)
        fprintf(out, "                 %" PRId64 " are NaN, %" PRId64 " infinite\n", s->n_nan,
                s->n_infinite);
    if (s->n_denormal)
        fprintf(out, "                 %" PRId64 " were denormal, %" PRId64 " of them are 0 now\n",
                s->n_denormal, s->n_flushed);
}

void summary_print(const struct graph *g, const struct plan *p, FILE *out)
{
    char a[AMOUNT_TEXT_MAX], b[AMOUNT_TEXT_MAX];

    fprintf(out, "  steps          %d, from %d ONNX nodes\n", p->n_steps, g->n_onnx_nodes);
    fprintf(out, "  multiply-adds  %s a run\n", amount_text(p->macs, a));
    fprintf(out, "  weights        %s\n", bytes_text(p->weights_size, a));
    print_special(&p->special, out);
    fprintf(out, "  workspace      %s, lower bound %s", bytes_text(p->workspace_size, a),
            bytes_text(p->lower_bound, b));
    if (p->lower_bound)
        fprintf(out, " (%.3f times)", (double)p->workspace_size / (double)p->lower_bound);
    fputc('\n', out);
    int column = 0;
    for (int i = 0, count; i < p->n_steps; i++)
        if (first_of_kernel(p, i, &count))
            print_count("kernels", count, p->steps[i].kernel->fn, &column, out);
    fputs(column ? "\n" : "  kernels        none\n", out);
}

/* What exact rewrites did, at most `most` of them, and what all saved together. */
static void print_exact(const struct graph *g, int most, FILE *out)
{
    double macs = 0.0, bytes = 0.0;
    char a[AMOUNT_TEXT_MAX], b[AMOUNT_TEXT_MAX];
    int n = 0;

    for (const struct rewrite *r = g->rewrites; r; r = r->next) {
        if (!pass_find(r->pass)->exact_rewrite)
            continue;
        macs += r->macs;
        bytes += r->bytes;
        if (n++ < most)
            fprintf(out, "    %s: %s: %s: %s multiply-adds, %s%s less\n", r->pass,
                    str_escaped_copy(g->arena, r->node, 60), r->why, amount_text(r->macs, a),
                    r->bytes < 0.0 ? "-" : "", bytes_text((size_t)fabs(r->bytes), b));
    }
    if (n > most)
        fprintf(out, "    and %d more\n", n - most);
    if (n)
        fprintf(out, "    together %s multiply-adds and %s%s less\n", amount_text(macs, a),
                bytes < 0.0 ? "-" : "", bytes_text((size_t)fabs(bytes), b));
}

void rewrites_print(const struct graph *g, FILE *out)
{
    enum { MOST = 40 };
    int column = 0;

    for (int i = 0; i < n_all_passes; i++) {
        int count = 0;

        for (const struct rewrite *r = g->rewrites; r; r = r->next)
            count += r->pass == all_passes[i].name;
        if (count)
            print_count("rewrites", count, all_passes[i].name, &column, out);
    }
    fputs(column ? "\n" : "  rewrites       none\n", out);
    print_exact(g, MOST, out);
}

static void rewrites_json(struct json *j, const struct graph *g)
{
    json_array(j, "rewrites");
    for (const struct rewrite *r = g->rewrites; r; r = r->next) {
        json_object(j, NULL);
        json_string(j, "pass", r->pass);
        json_string(j, "node", r->node);
        json_string(j, "why", r->why);
        json_bool(j, "exact", r->exactness == REWRITE_EXACT);
        json_number(j, "macs", r->macs);
        json_int(j, "bytes", (int64_t)r->bytes);
        json_end_object(j);
    }
    json_end_array(j);
}

void summary_json(struct json *j, const struct graph *g, const struct plan *p)
{
    json_int(j, "onnx_nodes", g->n_onnx_nodes);
    json_int(j, "steps", p->n_steps);
    json_number(j, "macs", p->macs);
    json_int(j, "weights_bytes", (int64_t)p->weights_size);
    json_object(j, "special_weights");
    json_int(j, "nan", p->special.n_nan);
    json_int(j, "infinite", p->special.n_infinite);
    json_int(j, "denormal", p->special.n_denormal);
    json_int(j, "flushed", p->special.n_flushed);
    json_end_object(j);
    json_int(j, "workspace_bytes", (int64_t)p->workspace_size);
    json_int(j, "workspace_lower_bound", (int64_t)p->lower_bound);
    json_object(j, "kernels");
    for (int i = 0, count; i < p->n_steps; i++)
        if (first_of_kernel(p, i, &count))
            json_int(j, p->steps[i].kernel->fn, count);
    json_end_object(j);
    rewrites_json(j, g);
}

void value_json(struct json *j, const struct value *v)
{
    json_string(j, "name", v->name);
    json_string(j, "type", dtype_name(v->type));
    json_array(j, "shape");
    for (int i = 0; i < v->shape.rank; i++)
        json_int(j, NULL, v->shape.dim[i]);
    json_end_array(j);
}

void values_json(struct json *j, const char *key, struct value *const *values, int n)
{
    json_array(j, key);
    for (int i = 0; i < n; i++) {
        json_object(j, NULL);
        value_json(j, values[i]);
        json_end_object(j);
    }
    json_end_array(j);
}
