// SPDX-License-Identifier: Apache-2.0
#include "codegen/cost.h"

#define CALL_US 0.3
#define PRODUCT_CALL_US 2.0 /* BLAS packs the operands of a product of any size first; definitions
                             * are for whoever asks for them, not for small steps */
#define ACTIVATION_BYTES_A_US (COST_BANDWIDTH / 1e6)
#define WEIGHT_BYTES_A_US 12e3
#define UNHIDDEN 0.4 /* the share of fetching them that is not done while computing */
#define REORDER_BYTES_A_US 6e3
#define ELEMENTS_A_NS 2.0 /* of steps that multiply nothing */

/* Thousand millions of multiply-adds a second. */
static double rate_of(const struct kernel *k)
{
    static const double rates[] = {
        [FAMILY_REF] = 0.5, [FAMILY_BLAS] = 35, [FAMILY_NATIVE] = 50,
    };

    return k->rate > 0 ? k->rate : rates[k->family];
}

static double bytes_of(const struct value *v)
{
    return v ? (double)value_size(v) : 0;
}

double cost_kernel(const struct node *n, const struct kernel *k)
{
    const double work = k->work ? k->work(n) : node_macs(n);
    double activations = 0, weights = 0, elements = 0;

    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && n->in[i]->data)
            weights += bytes_of(n->in[i]) * (k->growth > 0 ? k->growth : 1);
        else
            activations += bytes_of(n->in[i]);
    for (int i = 0; i < n->n_out; i++) {
        activations += bytes_of(n->out[i]);
        elements += n->out[i] ? (double)shape_len(&n->out[i]->shape) : 0;
    }
    const double compute = (work > 0 ? work / rate_of(k) : elements / ELEMENTS_A_NS) / 1000;
    const double fetch = UNHIDDEN * weights / WEIGHT_BYTES_A_US;
    const double call = k->family != FAMILY_NATIVE && work > 0 ? PRODUCT_CALL_US : CALL_US;

    return call + compute + fetch + activations / ACTIVATION_BYTES_A_US;
}

double cost_reorder(const struct value *v)
{
    return CALL_US + 2 * bytes_of(v) / REORDER_BYTES_A_US;
}
