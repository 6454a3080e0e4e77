// SPDX-License-Identifier: Apache-2.0
#include "cli/prune.h"

#include "analysis/residual.h"
#include "base/amount.h"
#include "cli/buildrun.h"
#include "cli/compare.h"
#include "cli/data_set.h"
#include "ops/op.h"

#include <math.h>
#include <string.h>

/* Two sums of squares, of which a ratio is taken: of a branch and its skip, of the change of
 * an output and the output as it was. */
struct squares {
    double of, to;
};

/* Of the network as it is in the file. */
struct calibration {
    struct cmd *cmd;
    struct arena *own; /* graphs and activations */
    struct compile_options opt;
    const struct data_set *sets;
    int n_sets;
    struct tensor **before; /* [set][output]: with all blocks */
    const struct residual_block *blocks;
    struct squares *block, *output;
};

static double macs_of(const struct graph *g)
{
    double macs = 0;

    graph_foreach_node(n, g)
        macs += node_macs(n);
    return macs;
}

static double sum_of_squares(const struct value *v, const float *x)
{
    const int64_t n = shape_len(&v->shape);
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

static struct tensor *copy_outputs(struct arena *a, const struct graph *g,
                                   const void *const *values)
{
    struct tensor *out = arena_new_n(a, struct tensor, g->n_outputs + 1);

    for (int i = 0; i < g->n_outputs; i++) {
        const struct value *v = g->outputs[i];
        void *data = arena_alloc(a, value_size(v) + 1);

        memcpy(data, values[v->id], value_size(v));
        out[i] = (struct tensor){ arena_strdup(a, v->name), v->type, v->shape, data };
    }
    return out;
}

/* Runs `g` on data set i and hands every value to `look`. */
static bool run_set(const struct calibration *c, const struct graph *g, int i,
                    void (*look)(const struct calibration *c, const struct graph *g, int i,
                                 const void *const *values, struct pruned *p), struct pruned *p)
{
    struct arena *a = arena_new();
    const struct tensor *in = data_set_inputs(a, &c->sets[i], g, &c->cmd->diag);

    if (in) {
        cmd_progress(c->cmd, "%s: calibrating %d/%d...", c->cmd->model, i + 1, c->n_sets);
        look(c, g, i, graph_values(a, g, in), p);
        cmd_progress(c->cmd, "%s", "");
    }
    arena_free(a);
    return in != NULL;
}

static void look_before(const struct calibration *c, const struct graph *g, int i,
                        const void *const *values, struct pruned *p)
{
    for (int b = 0; b < p->n_blocks; b++) {
        const struct residual_block *block = &c->blocks[b];

        if (block->join->out[0]->type != DT_F32)
            continue;
        c->block[b].of += sum_of_squares(block->branch, values[block->branch->id]);
        c->block[b].to += sum_of_squares(block->skip, values[block->skip->id]);
    }
    c->before[i] = copy_outputs(c->own, g, values);
}

static void compare_output(struct pruned_output *o, struct squares *s, const struct tensor *was,
                           const struct tensor *is)
{
    for (int64_t i = 0; i < shape_len(&was->shape); i++) {
        const double x = tensor_element(was, i), change = tensor_element(is, i) - x;

        o->max_abs = fabs(change) > o->max_abs ? fabs(change) : o->max_abs;
        s->of += change * change;
        s->to += x * x;
    }
    o->rows += tensor_classes(was) ? was->shape.dim[0] : 0;
    o->top1_changes += compare_classes(is, was);
}

static void look_after(const struct calibration *c, const struct graph *g, int i,
                       const void *const *values, struct pruned *p)
{
    for (int k = 0; k < g->n_outputs; k++) {
        const struct value *v = g->outputs[k];
        const struct tensor is = { v->name, v->type, v->shape, values[v->id] };

        compare_output(&p->outputs[k], &c->output[k], &c->before[i][k], &is);
    }
}

/* What is small goes on the list. */
static void choose(const struct calibration *c, struct pruned *p)
{
    int *list = arena_new_n(c->cmd->arena, int, p->n_blocks + 1), n = 0;

    for (int b = 0; b < p->n_blocks; b++) {
        const struct value *v = c->blocks[b].join->out[0];
        const double count = fmax(1, (double)shape_len(&v->shape) * c->n_sets);
        struct pruned_block *block = &p->blocks[b];

        block->join = arena_strdup(c->cmd->arena, c->blocks[b].join->origin);
        block->branch = sqrt(c->block[b].of / count);
        block->skip = sqrt(c->block[b].to / count);
        block->ratio = v->type != DT_F32 ? (double)NAN :
                       block->branch == 0 ? 0 : block->branch / block->skip;
        block->dropped = block->ratio < p->eps;
        if (block->dropped)
            list[n++] = b;
    }
    p->list = (struct prune_list){ list, n };
}

static bool measure_blocks(struct calibration *c, struct pruned *p)
{
    struct graph *g = compile_graph_as_is(c->own, &c->opt, &c->cmd->diag);

    if (!g)
        return false;
    c->blocks = residual_blocks(g, &p->n_blocks);
    c->block = arena_new_n(c->own, struct squares, p->n_blocks + 1);
    c->before = arena_new_n(c->own, struct tensor *, c->n_sets);
    p->blocks = arena_new_n(c->cmd->arena, struct pruned_block, p->n_blocks + 1);
    p->macs_before = macs_of(g);
    for (int i = 0; i < c->n_sets; i++)
        if (!run_set(c, g, i, look_before, p))
            return false;
    p->n_outputs = g->n_outputs;
    p->outputs = arena_new_n(c->cmd->arena, struct pruned_output, g->n_outputs + 1);
    for (int k = 0; k < g->n_outputs; k++)
        p->outputs[k].name = arena_strdup(c->cmd->arena, g->outputs[k]->name);
    choose(c, p);
    return true;
}

static bool measure_change(struct calibration *c, struct pruned *p)
{
    c->opt.prune = &p->list;
    const struct graph *g = compile_graph_as_is(c->own, &c->opt, &c->cmd->diag);

    if (!g)
        return false;
    c->output = arena_new_n(c->own, struct squares, p->n_outputs + 1);
    p->macs_after = macs_of(g);
    for (int i = 0; i < c->n_sets; i++)
        if (!run_set(c, g, i, look_after, p))
            return false;
    for (int k = 0; k < p->n_outputs; k++) {
        const struct squares *s = &c->output[k];

        p->outputs[k].relative_l2 = s->of == 0 ? 0 : sqrt(s->of / s->to);
    }
    return true;
}

const struct pruned *prune(struct cmd *c, double eps, const char *dir)
{
    struct pruned *p = arena_new_n(c->arena, struct pruned, 1);
    struct calibration k = { .cmd = c, .own = arena_new(), .opt = c->compile };

    p->eps = eps;
    k.sets = data_sets_find(k.own, c->model, dir, &k.n_sets, &c->diag);
    p->n_sets = k.n_sets;
    bool ok = k.sets != NULL;

    if (ok) {
        k.opt.load.data = k.sets[0].in;
        k.opt.load.n_data = k.sets[0].n_in;
        ok = measure_blocks(&k, p) && measure_change(&k, p);
    }
    arena_free(k.own);
    if (!ok)
        return NULL;
    c->compile.prune = &p->list;
    return p;
}

void prune_print(const struct cmd *c, const struct pruned *p, FILE *out)
{
    char before[AMOUNT_TEXT_MAX], after[AMOUNT_TEXT_MAX];

    fprintf(out, "residual branches against their skips, RMS on %d input%s:\n", p->n_sets,
            p->n_sets == 1 ? "" : "s");
    fprintf(out, "  block    branch      skip     ratio\n");
    for (int i = 0; i < p->n_blocks; i++) {
        const struct pruned_block *b = &p->blocks[i];

        fprintf(out, "  %5d %9.3g %9.3g %9.3g  %-8s%s\n", i + 1, b->branch, b->skip,
                b->ratio, b->dropped ? "dropped" : "", cmd_escaped(c, b->join));
    }
    fprintf(out, "%d of %d dropped (ratio below %g): %s of %s multiply-adds are left\n", p->list.n,
            p->n_blocks, p->eps, amount_text(p->macs_after, after),
            amount_text(p->macs_before, before));
    for (int k = 0; k < p->n_outputs; k++) {
        const struct pruned_output *o = &p->outputs[k];

        fprintf(out, "output '%s' changes by at most %.3g, relative L2 %.3g",
                cmd_escaped(c, o->name), o->max_abs, o->relative_l2);
        if (o->rows)
            fprintf(out, "; another top-1 in %lld of %lld", (long long)o->top1_changes,
                    (long long)o->rows);
        putc('\n', out);
    }
}

void prune_json(struct json *j, const struct pruned *p)
{
    json_object(j, "prune");
    json_number(j, "eps", p->eps);
    json_int(j, "inputs", p->n_sets);
    json_number(j, "macs_before", p->macs_before);
    json_number(j, "macs_after", p->macs_after);
    json_array(j, "blocks");
    for (int i = 0; i < p->n_blocks; i++) {
        json_object(j, NULL);
        json_string(j, "join", p->blocks[i].join);
        json_number(j, "branch_rms", p->blocks[i].branch);
        json_number(j, "skip_rms", p->blocks[i].skip);
        json_number(j, "ratio", p->blocks[i].ratio);
        json_bool(j, "dropped", p->blocks[i].dropped);
        json_end_object(j);
    }
    json_end_array(j);
    json_array(j, "outputs");
    for (int k = 0; k < p->n_outputs; k++) {
        const struct pruned_output *o = &p->outputs[k];

        json_object(j, NULL);
        json_string(j, "name", o->name);
        json_number(j, "max_abs", o->max_abs);
        json_number(j, "relative_l2", o->relative_l2);
        json_int(j, "rows", o->rows);
        json_int(j, "top1_changes", o->top1_changes);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
