// SPDX-License-Identifier: Apache-2.0
#include "ops/window.h"

#include "ir/graph.h"
#include "ops/attr.h"

#include <inttypes.h>
#include <string.h>

/* Every kernel size, stride, dilation and pad stays below this, so that
 * positions of a window fit int64_t and the kernels' ints. */
#define WINDOW_MAX ((int64_t)1 << 29)

enum { LIST_MAX = 2 * MAX_RANK, LIST_TEXT_MAX = 24 * LIST_MAX };

/* "[3,3]" */
static const char *list_text(const int64_t *v, int n, char text[LIST_TEXT_MAX])
{
    size_t at = 0;

    text[at++] = '[';
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, LIST_TEXT_MAX - at, "%s%" PRId64, i ? "," : "", v[i]);
    snprintf(text + at, LIST_TEXT_MAX - at, "]");
    return text;
}

/* Reads a list of `per_dim` numbers a spatial dimension, each at least `min`.
 * What is given first settles w->spatial.  Returns how many, or -1 after a message. */
static int read_list(struct window *w, struct attr_list *attrs, const char *name, int per_dim,
                     int64_t min, int64_t v[LIST_MAX])
{
    const int n = attr_ints(attrs, name, v, LIST_MAX);
    char text[LIST_TEXT_MAX];

    if (n == 0)
        return 0;
    if (n > 2 * per_dim && strcmp(name, "kernel_shape") == 0)
        node_error(attrs->diag, attrs->node, "%d-D kernel %s: only 1-D and 2-D are supported", n,
                   list_text(v, n, text));
    else if (n % per_dim != 0)
        node_error(attrs->diag, attrs->node, "%s=%s has %d values, expected an even number", name,
                   list_text(v, n, text), n);
    else if (w->spatial ? n != w->spatial * per_dim : n > 2 * per_dim)
        node_error(attrs->diag, attrs->node, "%s=%s has %d values, expected %d", name,
                   list_text(v, n, text), n, (w->spatial ? w->spatial : 2) * per_dim);
    else {
        w->spatial = n / per_dim;
        for (int i = 0; i < n; i++)
            if (v[i] < min || v[i] > WINDOW_MAX) {
                node_error(attrs->diag, attrs->node, "%s=%s: expected %" PRId64 " to %" PRId64,
                           name, list_text(v, n, text), min, WINDOW_MAX);
                return -1;
            }
        return n;
    }
    return -1;
}

/* One number a dimension, right-aligned: a 1-D window is one of height 1. */
static bool read_dims(struct window *w, struct attr_list *attrs, const char *name, int64_t dflt,
                      int64_t out[2])
{
    int64_t v[LIST_MAX];
    const int n = read_list(w, attrs, name, 1, 1, v);

    out[0] = n == 2 ? v[0] : n == 1 ? 1 : dflt;
    out[1] = n == 2 ? v[1] : n == 1 ? v[0] : dflt;
    return n >= 0;
}

static bool read_pads(struct window *w, struct attr_list *attrs)
{
    int64_t v[LIST_MAX];
    const int n = read_list(w, attrs, "pads", 2, -WINDOW_MAX, v);

    if (n == 4)
        memcpy(w->pad, v, sizeof(w->pad));
    else if (n == 2)
        w->pad[1] = v[0], w->pad[3] = v[1];
    for (int i = 0; i < n; i++)
        if (v[i] < 0) {
            char text[LIST_TEXT_MAX];

            return node_error(attrs->diag, attrs->node, "pads=%s: negative pads are not supported",
                              list_text(v, n, text));
        }
    return n >= 0;
}

static const char *const auto_pads[] = {
    [PAD_EXPLICIT] = "NOTSET", [PAD_VALID] = "VALID",
    [PAD_SAME_UPPER] = "SAME_UPPER", [PAD_SAME_LOWER] = "SAME_LOWER",
};

static bool read_auto_pad(struct window *w, struct attr_list *attrs)
{
    const char *s = attr_string(attrs, "auto_pad", "NOTSET");

    w->auto_pad = PAD_EXPLICIT;
    if (!*s)
        return true;
    for (int i = 0; i <= PAD_SAME_LOWER; i++)
        if (strcmp(s, auto_pads[i]) == 0) {
            w->auto_pad = (enum auto_pad)i;
            return true;
        }
    return node_error(attrs->diag, attrs->node,
                      "auto_pad '%s': expected NOTSET, SAME_UPPER, SAME_LOWER or VALID", s);
}

bool window_parse(struct window *w, struct attr_list *attrs, bool has_ceil_mode)
{
    *w = (struct window){ .spatial = 0 };
    if (has_ceil_mode)
        w->ceil_mode = attr_int(attrs, "ceil_mode", 0) != 0;
    return read_dims(w, attrs, "kernel_shape", 0, w->kernel) &&
           read_dims(w, attrs, "strides", 1, w->stride) &&
           read_dims(w, attrs, "dilations", 1, w->dilation) &&
           read_pads(w, attrs) && read_auto_pad(w, attrs);
}

/* The pads that auto_pad asks for in dimension i, where the input has `in` pixels. */
static void auto_pad(const struct window *w, int i, int64_t in, int64_t pad[2])
{
    const int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
    const int64_t out = (in + w->stride[i] - 1) / w->stride[i];
    const int64_t total = (out - 1) * w->stride[i] + reach - in;

    pad[0] = pad[1] = 0;
    if (w->auto_pad == PAD_VALID || total <= 0)
        return;
    pad[0] = w->auto_pad == PAD_SAME_UPPER ? total / 2 : total - total / 2;
    pad[1] = total - pad[0];
}

/* Some exporters write pads beside auto_pad: fine if they mean the same. */
static bool resolve_auto_pad(struct window *w, const struct node *n, const int64_t in[2],
                             struct diag *d)
{
    int64_t pad[4] = { 0 };
    bool same = true, zero = true;

    if (w->auto_pad == PAD_EXPLICIT)
        return true;
    for (int i = 0; i < 2; i++) {
        int64_t begin_end[2];

        auto_pad(w, i, in[i], begin_end);
        pad[i] = begin_end[0];
        pad[i + 2] = begin_end[1];
    }
    for (int i = 0; i < 4; i++) {
        same = same && w->pad[i] == pad[i];
        zero = zero && w->pad[i] == 0;
    }
    if (!same && !zero) {
        char given[LIST_TEXT_MAX], wanted[LIST_TEXT_MAX];

        return node_error(d, n, "pads=%s contradict auto_pad %s, which amounts to %s",
                          list_text(w->pad, 4, given), auto_pads[w->auto_pad],
                          list_text(pad, 4, wanted));
    }
    memcpy(w->pad, pad, sizeof(pad));
    /* ONNX: under VALID the output's size is the same with and without ceil_mode. */
    if (w->auto_pad == PAD_VALID)
        w->ceil_mode = false;
    w->auto_pad = PAD_EXPLICIT;
    return true;
}

/* How often the window fits into dimension i, which has `in` pixels. */
static int64_t positions(const struct window *w, int i, int64_t in)
{
    const int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
    const int64_t slack = in + w->pad[i] + w->pad[i + 2] - reach;
    const int64_t stride = w->stride[i];
    int64_t n;

    if (slack < 0)
        return w->ceil_mode && slack > -stride && in > 0 ? 1 : 0;
    n = slack / stride + 1;
    if (w->ceil_mode && slack % stride != 0)
        n++;
    /* ceil_mode: not if nothing of the last one is over x or the padding before x. */
    if (w->ceil_mode && (n - 1) * stride >= in + w->pad[i])
        n--;
    return n;
}

bool window_infer(struct window *w, const struct node *n, const struct shape *x,
                  int64_t out[2], struct diag *d)
{
    char text[SHAPE_TEXT_MAX], list[LIST_TEXT_MAX];
    int64_t in[2];

    if (x->rank > 4)
        return node_error(d, n, "%d-D kernel on input %s: only 1-D and 2-D are supported",
                          x->rank - 2, shape_text(x, text));
    if (x->rank < 3)
        return node_error(d, n, "input 0 '%s' has shape %s, expected [N,C,W] or [N,C,H,W]",
                          n->in[0]->name, shape_text(x, text));
    if (w->spatial == 0)
        w->spatial = x->rank - 2;
    if (w->spatial != x->rank - 2)
        return node_error(d, n, "attributes for %d spatial dimensions, input %s has %d",
                          w->spatial, shape_text(x, text), x->rank - 2);
    window_spatial(x, in);
    if (!resolve_auto_pad(w, n, in, d))
        return false;
    for (int i = 0; i < 2; i++) {
        out[i] = positions(w, i, in[i]);
        if (out[i] < 1)
            return node_error(d, n, "kernel %s with dilations %" PRId64 "x%" PRId64
                              " is larger than the padded input %s",
                              list_text(w->kernel + 2 - w->spatial, w->spatial, list),
                              w->dilation[0], w->dilation[1], shape_text(x, text));
    }
    return true;
}

void window_spatial(const struct shape *x, int64_t hw[2])
{
    hw[0] = x->rank == 4 ? x->dim[2] : 1;
    hw[1] = x->dim[x->rank - 1];
}

struct shape window_output(const struct shape *x, int64_t channels, const int64_t out[2])
{
    struct shape s = { .rank = x->rank, .dim = { x->dim[0], channels } };

    if (x->rank == 4)
        s.dim[2] = out[0];
    s.dim[x->rank - 1] = out[1];
    return s;
}

static void print_dims(const char *name, const int64_t v[2], int spatial, FILE *out)
{
    if (spatial == 2)
        fprintf(out, " %s=%" PRId64 "x%" PRId64, name, v[0], v[1]);
    else
        fprintf(out, " %s=%" PRId64, name, v[1]);
}

void window_print(const struct window *w, FILE *out)
{
    print_dims("kernel", w->kernel, w->spatial, out);
    if (w->stride[0] != 1 || w->stride[1] != 1)
        print_dims("stride", w->stride, w->spatial, out);
    if (w->dilation[0] != 1 || w->dilation[1] != 1)
        print_dims("dilation", w->dilation, w->spatial, out);
    if (w->spatial == 1 && (w->pad[1] || w->pad[3]))
        fprintf(out, " pads=%" PRId64 ",%" PRId64, w->pad[1], w->pad[3]);
    else if (w->pad[0] || w->pad[1] || w->pad[2] || w->pad[3])
        fprintf(out, " pads=%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, w->pad[0], w->pad[1],
                w->pad[2], w->pad[3]);
    if (w->ceil_mode)
        fprintf(out, " ceil_mode");
}
