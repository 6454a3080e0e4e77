// SPDX-License-Identifier: Apache-2.0
/* gen_window - Conv, MaxPool, AveragePool and the global pools. */
#include "gen.h"

#include <math.h>

/* Along one dimension. */
struct axis {
    int64_t in, kernel, stride, dilation, begin, end;
};

enum padding { PADS, NO_PADS, SAME_UPPER, SAME_LOWER, VALID };

struct span {
    int n; /* dimensions */
    struct axis axis[2];
    enum padding padding;
    bool ceil_mode;
    int64_t out[2];
};

static int64_t reach(const struct axis *a)
{
    return (a->kernel - 1) * a->dilation + 1;
}

/* How many windows there are; 0: not one. */
static int64_t windows(const struct span *w, const struct axis *a)
{
    if (w->padding == SAME_UPPER || w->padding == SAME_LOWER)
        return (a->in + a->stride - 1) / a->stride;
    const bool ceil = w->ceil_mode && w->padding != VALID;
    const int64_t slack = a->in + a->begin + a->end - reach(a);
    int64_t n = slack / a->stride + 1;

    if (slack < 0)
        return 0;
    if (ceil && slack % a->stride != 0 && n * a->stride < a->in + a->begin)
        n++;
    return n;
}

/* Each window has a tap inside of the input: the maximum of nothing is no number. */
static bool all_reach(const struct axis *a, int64_t begin, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        bool found = false;

        for (int64_t k = 0; k < a->kernel; k++) {
            const int64_t at = i * a->stride - begin + k * a->dilation;

            found = found || (at >= 0 && at < a->in);
        }
        if (!found)
            return false;
    }
    return true;
}

static void random_axis(struct gen *g, struct span *w, int i, bool pools)
{
    struct axis *a = &w->axis[i];

    if (i > 0 && chance(g, 60)) { /* like the other one */
        const int64_t in = a->in;

        *a = w->axis[0];
        a->in = in;
        return;
    }
    a->kernel = pools ? one_of(g, 1, 2, 2, 3, 3, 4, 5) : one_of(g, 1, 1, 2, 3, 3, 3, 3, 4, 5, 7);
    a->stride = one_of(g, 1, 1, 1, 1, 2, 2, 3);
    /* What SAME means for a pool with dilations is not the same for everyone. */
    a->dilation = chance(g, 85) || (pools && (g->opset < 19 || w->padding == SAME_UPPER ||
                                              w->padding == SAME_LOWER)) ? 1 : between(g, 1, 3);
    a->begin = a->end = 0;
    if (w->padding != PADS)
        return;
    if (chance(g, 50)) { /* keeps the size */
        a->begin = a->end = a->kernel / 2;
        return;
    }
    a->begin = between(g, 0, a->kernel - 1);
    a->end = between(g, 0, a->kernel - 1);
}

static struct span random_span(struct gen *g, const struct operand *x, bool pools)
{
    struct span w = { .n = x->s.rank - 2 };

    w.padding = chance(g, 70) ? (chance(g, 75) ? PADS : NO_PADS)
                              : (enum padding)between(g, SAME_UPPER, VALID);
    w.ceil_mode = pools && g->opset >= 10 && w.padding == PADS && chance(g, 25);
    for (int i = 0; i < w.n; i++) {
        struct axis *a = &w.axis[i];

        a->in = x->s.dim[2 + i];
        random_axis(g, &w, i, pools);
        while (windows(&w, a) < 1 && a->kernel > 1)
            a->kernel--, a->begin = a->end = 0;
        if (windows(&w, a) < 1)
            a->dilation = 1;
        w.out[i] = windows(&w, a);
        const int64_t total = (w.out[i] - 1) * a->stride + reach(a) - a->in;
        const bool same = w.padding == SAME_UPPER || w.padding == SAME_LOWER;

        if (pools && !all_reach(a, same && total > 0 ? (total + 1) / 2 : a->begin, w.out[i])) {
            a->kernel = a->stride = a->dilation = 1;
            a->begin = a->end = 0;
            w.out[i] = windows(&w, a);
        }
    }
    return w;
}

static const char *list(struct gen *g, const struct span *w, const char *attrs, const char *name,
                        int64_t (*of)(const struct axis *a), int64_t dflt)
{
    int64_t v[2];
    bool is_default = true;

    for (int i = 0; i < w->n; i++) {
        v[i] = of(&w->axis[i]);
        is_default = is_default && v[i] == dflt;
    }
    return is_default && chance(g, 60) ? attrs : with(g, attrs, name, ints_text(g, w->n, v));
}

static int64_t kernel_of(const struct axis *a) { return a->kernel; }
static int64_t stride_of(const struct axis *a) { return a->stride; }
static int64_t dilation_of(const struct axis *a) { return a->dilation; }

static bool has_dilation(const struct span *w)
{
    return w->axis[0].dilation != 1 || (w->n > 1 && w->axis[1].dilation != 1);
}

static const char *span_attrs(struct gen *g, const struct span *w, bool with_kernel)
{
    static const char *const names[] = { "", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID" };
    const char *attrs = "";
    int64_t pads[4];

    if (with_kernel)
        attrs = list(g, w, attrs, "kernel_shape", kernel_of, -1);
    attrs = list(g, w, attrs, "strides", stride_of, 1);
    if (has_dilation(w))
        attrs = list(g, w, attrs, "dilations", dilation_of, 1);
    if (w->padding != PADS)
        return w->padding == NO_PADS && chance(g, 50) ? attrs :
               with(g, attrs, "auto_pad", names[w->padding]);
    for (int i = 0; i < w->n; i++) {
        pads[i] = w->axis[i].begin;
        pads[w->n + i] = w->axis[i].end;
    }
    return with(g, attrs, "pads", ints_text(g, 2 * w->n, pads));
}

static struct shape span_output(const struct operand *x, const struct span *w, int64_t channels)
{
    struct shape s = x->s;

    s.dim[1] = channels;
    for (int i = 0; i < w->n; i++)
        s.dim[2 + i] = w->out[i];
    return s;
}

static int64_t random_groups(struct gen *g, int64_t channels)
{
    if (chance(g, 60) || channels == 1)
        return 1;
    if (chance(g, 50))
        return channels;
    const int64_t parts = one_of(g, 2, 3, 4, 8);

    return channels % parts == 0 ? parts : 1;
}

/* Winograd's product of integers is not exact. */
static bool may_be_winograd(const struct span *w)
{
    return w->axis[0].kernel == 3 || (w->n > 1 && w->axis[1].kernel == 3);
}

static struct operand conv_weights(struct gen *g, struct shape s, bool whole, double fan_in)
{
    const double limit = whole ? 2 : (double)(float)(1.5 / sqrt(fan_in));

    if (chance(g, 10))
        return new_input(g, DT_F32, s, -limit, limit, whole);
    if (chance(g, 15))
        return planted_weights(g, s, limit, whole);
    if (!chance(g, 5))
        return constant_f32(g, s, -limit, limit, whole);
    /* all filters the same */
    const int64_t len = shape_product(&s, 1, s.rank);
    float *data = arena_new_n(g->a, float, shape_len(&s) + 1);

    for (int64_t i = 0; i < shape_len(&s); i++)
        data[i] = i >= len ? data[i - len] :
                  whole ? (float)between(g, -2, 2) : (float)rng_real(&g->rng, -limit, limit);
    return constant_of(g, DT_F32, s, data, -limit, limit, whole);
}

/* The bias may belong to the runtime. */
static struct operand conv_bias(struct gen *g, int64_t channels, bool whole)
{
    const double limit = whole ? 4 : 1;

    if (chance(g, 15))
        return planted_list(g, channels, -limit, limit, whole);
    return chance(g, 10) ? new_input(g, DT_F32, shape_of(channels), -limit, limit, whole)
                         : constant_f32(g, shape_of(channels), -limit, limit, whole);
}

bool gen_conv(struct gen *g, const char *op)
{
    struct operand x = keep_small(g, take_image(g));

    if (chance(g, 10))
        x = padded_image(g, x);
    const struct span w = random_span(g, &x, false);
    const int64_t groups = random_groups(g, x.s.dim[1]), ic = x.s.dim[1] / groups;
    struct shape ws = { .rank = x.s.rank, .dim = { 0, ic } };
    int64_t taps = 1;

    for (int i = 0; i < w.n; i++)
        taps *= ws.dim[2 + i] = w.axis[i].kernel;
    int64_t oc = groups * (groups == x.s.dim[1] ? one_of(g, 1, 1, 1, 2) :
                           one_of(g, 1, 2, 3, 4, 5, 8, 15, 16, 16, 17, 24, 31, 32, 33, 48));

    if (chance(g, 25) && groups == 1)
        oc = x.s.dim[1]; /* for a residual */
    while (oc > groups && (oc * ic * taps > WEIGHTS_MAX ||
                           shape_len(&x.s) / x.s.dim[1] * oc > LEN_MAX))
        oc -= groups;
    ws.dim[0] = oc;
    const struct shape s = span_output(&x, &w, oc);
    const double work = (double)shape_len(&s) * (double)(ic * taps);

    if (shape_len(&s) > LEN_MAX || oc * ic * taps > WEIGHTS_MAX || g->macs + work > MACS_MAX)
        return false;
    const double fan_in = (double)(ic * taps);
    const bool exact = x.whole && chance(g, 80) && magnitude(&x) * 2 * fan_in + 4 < WHOLE_MAX;
    const struct operand weights = conv_weights(g, ws, exact, fan_in);
    const bool has_bias = chance(g, 65);
    const struct operand bias = has_bias ? conv_bias(g, oc, exact) : LEFT_OUT;
    const char *attrs = span_attrs(g, &w, chance(g, 70));
    struct operand y = shaped(&x, s);

    if (groups > 1 || chance(g, 20))
        attrs = with_int(g, attrs, "group", groups);
    y.hi = magnitude(&x) * magnitude(&weights) * fan_in + (has_bias ? magnitude(&bias) : 0);
    y.lo = -y.hi;
    y.whole = exact && !may_be_winograd(&w);
    g->macs += work;
    y = node1(g, op, has_bias ? 3 : 2, (struct operand[]){ x, weights, bias }, attrs, y);
    follow(g, y);
    return true;
}

/* Indices are of maxima that are exact; of equal ones the first. */
bool gen_pool(struct gen *g, const char *op)
{
    const bool is_max = op[0] == 'M';
    struct operand x = take_image(g);

    if (chance(g, 8))
        x = padded_image(g, x);
    const struct span w = random_span(g, &x, true);
    const char *attrs = span_attrs(g, &w, true);
    struct operand y[2] = { shaped(&x, span_output(&x, &w, x.s.dim[1])) };
    const bool indices = is_max && x.whole && g->opset >= 8 && chance(g, 50);

    if (!is_max && has_dilation(&w))
        return false;
    if (w.ceil_mode)
        attrs = with_int(g, attrs, "ceil_mode", 1);
    if (!is_max && g->opset >= 7 && chance(g, 40))
        attrs = with_int(g, attrs, "count_include_pad", 1);
    if (indices && chance(g, 30) && x.s.rank == 4)
        attrs = with_int(g, attrs, "storage_order", 1);
    if (!is_max) {
        y[0].whole = false;
        y[0].lo = fmin(x.lo, 0), y[0].hi = fmax(x.hi, 0);
    }
    y[0].name = NULL;
    y[1] = y[0];
    y[1].type = DT_I64;
    y[1].lo = 0, y[1].hi = (double)shape_len(&x.s);
    node_n(g, op, 1, &x, attrs, indices ? 2 : 1, y);
    if (!indices && chance(g, 25))
        follow(g, y[0]);
    return true;
}

bool gen_global_pool(struct gen *g, const char *op)
{
    struct operand x = chance(g, 90) ? take_image(g) : take(g, DT_F32, 5, 5), y;
    struct shape s = x.s;

    for (int i = 2; i < s.rank; i++)
        s.dim[i] = 1;
    y = shaped(&x, s);
    y.whole = x.whole && op[6] == 'M';
    NODE(g, op, NULL, y, x);
    return true;
}
