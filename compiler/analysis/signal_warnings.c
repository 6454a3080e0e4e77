// SPDX-License-Identifier: Apache-2.0
/* signal_warnings - what the figures of signal.h mean where they are extreme. */
#include "analysis/signal.h"

#include "base/arena.h"
#include "ops/op.h"

#include <math.h>

enum { LIMIT = 6 }; /* powers of ten that a signal or a change may gain or lose */
enum { N_FAULTS = SIGNAL_EXPLODES + 1 };

/* Saturation of a Softmax or a Sigmoid is no fault: what is judged are products and sums. */
static bool is_judged(const struct signal_step *s, bool cut)
{
    return s->node->op->flags & OP_AFFINE && (cut ? s->cut_gain : s->gain).known;
}

/* Of a signal that is no number or 0 anyway there is nothing more to say. */
static bool has(const struct signal_step *s, bool cut, enum signal_fault fault, double input_rms)
{
    const struct signal_stats *st = cut ? &s->cut_stats : &s->stats;
    const double gain = (cut ? s->cut_gain : s->gain).mean;
    const double size = st->rms > 0 && input_rms > 0 ? log10(st->rms / input_rms) : 0;

    switch (fault) {
    case SIGNAL_NONFINITE:
        return st->n_nonfinite > 0;
    case SIGNAL_DEAD:
        return st->zeros == 1 && !st->n_nonfinite;
    case SIGNAL_VANISHES:
        return is_judged(s, cut) && st->rms > 0 && !st->n_nonfinite &&
               (gain < -LIMIT || size < -LIMIT);
    case SIGNAL_EXPLODES:
        return is_judged(s, cut) && (gain > LIMIT || size > LIMIT);
    }
    return false;
}

struct signal_warning *signal_warnings(struct graph *g, const struct signal *s, int *n)
{
    struct signal_warning *w = arena_new_n(g->arena, struct signal_warning, 2 * N_FAULTS);
    const int n_modes = s->n_blocks > 0 ? 2 : 1;

    *n = 0;
    for (int cut = 0; cut < n_modes; cut++)
        for (int fault = 0; fault < N_FAULTS; fault++) {
            struct signal_warning *at = &w[*n];

            *at = (struct signal_warning){ .fault = (enum signal_fault)fault, .cut = cut };
            for (int i = 0; i < s->n_steps; i++)
                if (has(&s->steps[i], cut, (enum signal_fault)fault, s->input_rms) && !at->n++)
                    at->step = &s->steps[i];
            *n += at->n > 0;
        }
    return w;
}

const char *signal_fault_text(enum signal_fault f)
{
    static const char *const texts[] = {
        [SIGNAL_NONFINITE] = "elements are NaN or infinite",
        [SIGNAL_DEAD] = "every element is 0",
        [SIGNAL_VANISHES] = "the signal, or what a small change does to it, vanishes",
        [SIGNAL_EXPLODES] = "the signal, or what a small change does to it, explodes",
    };

    return texts[f];
}
