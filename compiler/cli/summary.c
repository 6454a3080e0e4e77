// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.h"

#include "base/json.h"
#include "codegen/plan.h"

#include <inttypes.h>
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
    fprintf(out, "\n  kernels       ");
    int column = 16;
    for (int i = 0, count; i < p->n_steps; i++) {
        if (!first_of_kernel(p, i, &count))
            continue;
        const int width = snprintf(NULL, 0, " %dx %s", count, p->steps[i].kernel->fn);

        if (column + width > 80) {
            fprintf(out, "\n%16s", "");
            column = 16;
        }
        column += fprintf(out, " %dx %s", count, p->steps[i].kernel->fn);
    }
    fprintf(out, "%s\n", p->n_steps ? "" : " none");
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
