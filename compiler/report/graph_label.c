// SPDX-License-Identifier: Apache-2.0
#include "report/graph_label.h"

#include "base/count.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "ops/pool.h"

#include <inttypes.h>
#include <string.h>

const struct label_kind label_kinds[] = {
    { "k-mac", "multiplies with weights" },
    { "k-norm", "scales and shifts" },
    { "k-act", "activation" },
    { "k-join", "joins" },
    { "k-pool", "pools, reduces" },
    { "k-move", "moves" },
};
const int n_label_kinds = COUNT(label_kinds);

/* "3×3 /2": the kernel, and the stride if there is one. */
static int put_window(const struct window *w, char *text, size_t size)
{
    int n = w->spatial == 1 ? snprintf(text, size, " %" PRId64, w->kernel[1]) :
                              snprintf(text, size, " %" PRId64 "\u00d7%" PRId64, w->kernel[0],
                                       w->kernel[1]);

    if (w->stride[0] > 1 || w->stride[1] > 1)
        n += snprintf(text + n, size - (size_t)n, " /%" PRId64, w->stride[1]);
    return n;
}

static const char *conv_label(const struct node *n, char text[LABEL_MAX])
{
    const struct conv_attr *a = n->attr;
    const int64_t channels = n->out[0]->shape.dim[1];
    int at = snprintf(text, LABEL_MAX, "Conv");

    at += put_window(&a->win, text + at, (size_t)(LABEL_MAX - at));
    at += snprintf(text + at, (size_t)(LABEL_MAX - at), " \u2192 %" PRId64, channels);
    if (a->group > 1)
        snprintf(text + at, (size_t)(LABEL_MAX - at), a->group == channels ? " dw" : " g%" PRId64,
                 a->group);
    return text;
}

static const char *pool_label(const struct node *n, char text[LABEL_MAX])
{
    const struct pool_attr *a = n->attr;
    const int at = snprintf(text, LABEL_MAX, "%s", n->op->name);

    put_window(&a->win, text + at, (size_t)(LABEL_MAX - at));
    return text;
}

const char *label_text(const struct node *n, char text[LABEL_MAX])
{
    const struct shape *out = n->out[0] ? &n->out[0]->shape : NULL;

    if (n->op == &op_conv)
        return conv_label(n, text);
    if (n->op == &op_max_pool || n->op == &op_average_pool)
        return pool_label(n, text);
    if (n->op->macs && out && out->rank > 0)
        snprintf(text, LABEL_MAX, "%s \u2192 %" PRId64, n->op->name, out->dim[out->rank - 1]);
    else
        snprintf(text, LABEL_MAX, "%s", n->op->name);
    return text;
}

const char *label_fused(const struct node *n, char text[LABEL_MAX])
{
    static const char *const acts[] = {
        [ACT_NONE] = "", [ACT_RELU] = "+relu", [ACT_CLIP] = "+clip", [ACT_LEAKY_RELU] = "+leaky",
    };
    const bool adds = n->op->flags & OP_FUSES_ADD && node_in(n, n->op->max_in - 1);

    snprintf(text, LABEL_MAX, "%s%s%s", adds ? "+add" : "", adds && n->act.kind ? " " : "",
             acts[n->act.kind]);
    return text;
}

static bool one_of(const char *name, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Not only a constant to a value. */
static bool joins_values(const struct node *n)
{
    int values = 0;

    for (int i = 0; i < n->n_in; i++)
        values += n->in[i] && !n->in[i]->data;
    return values > 1;
}

const char *label_class(const struct node *n)
{
    static const char *const norms[] = { "BatchNormalization", "ScaleShift", "LRN", "Mul", "Div" };
    static const char *const joins[] = { "Add", "Sum", "Concat", "Sub" };
    static const char *const pools[] = {
        "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceSum",
        "ArgMax", "Max", "Min",
    };
    static const char *const acts[] = {
#define UNARY(sym, onnx, since, until, alpha, beta, y) onnx,
#include "unary.def"
#undef UNARY
        "Clip", "PRelu", "Softmax", "LogSoftmax",
    };

    if (n->op->macs)
        return "k-mac";
    if (one_of(n->op->name, norms, COUNT(norms)))
        return "k-norm";
    if (one_of(n->op->name, joins, COUNT(joins)))
        return joins_values(n) ? "k-join" : "k-norm";
    if (one_of(n->op->name, pools, COUNT(pools)))
        return "k-pool";
    if (one_of(n->op->name, acts, COUNT(acts)))
        return "k-act";
    return "k-move";
}
