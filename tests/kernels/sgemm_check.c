// SPDX-License-Identifier: Apache-2.0
/* sgemm_check - resc_sgemm() is not a kernel that a node is run by, so it has
 * no subject: integers against the definition, exactly, with rows that are
 * further apart than they are long. */
#include "kernel_check.h"

#include "resc_sgemm.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_MAX = 40, GAP = 3, BUFFER = (SIDE_MAX + GAP) * (SIDE_MAX + GAP) };

static void fill(float *v, struct rng *r)
{
    for (int i = 0; i < BUFFER; i++)
        v[i] = (float)rng_between(r, -4, 4);
}

/* c, by the definition. */
static void define(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    for (ptrdiff_t i = 0; i < p->m; i++)
        for (ptrdiff_t j = 0; j < p->n; j++) {
            float sum = 0.0f;

            for (ptrdiff_t k = 0; k < p->k; k++)
                sum += (p->trans_a ? a[k * p->lda + i] : a[i * p->lda + k]) *
                       (p->trans_b ? b[j * p->ldb + k] : b[k * p->ldb + j]);
            c[i * p->ldc + j] = p->alpha * sum +
                                (p->beta == 0.0f ? 0.0f : p->beta * c[i * p->ldc + j]);
        }
}

static int size(struct rng *r)
{
    return rng_between(r, 0, 3) ? rng_between(r, 1, SIDE_MAX) : rng_between(r, 0, 2);
}

static struct resc_sgemm random_product(struct rng *r)
{
    static const float factors[] = { 1.0f, 0.0f, 2.0f, -0.5f };
    struct resc_sgemm p = { rng_between(r, 0, 1), rng_between(r, 0, 1), size(r), size(r), size(r),
                            0, 0, 0, factors[rng_between(r, 0, 3)],
                            factors[rng_between(r, 0, 3)] };

    p.lda = (p.trans_a ? p.m : p.k) + rng_between(r, 0, GAP);
    p.ldb = (p.trans_b ? p.k : p.n) + rng_between(r, 0, GAP);
    p.ldc = p.n + rng_between(r, 0, GAP);
    return p;
}

static bool agrees(uint64_t seed)
{
    static float a[BUFFER], b[BUFFER], got[BUFFER], wanted[BUFFER];
    struct rng r = { seed };

    for (int round = 0; round < 400; round++) {
        const struct resc_sgemm p = random_product(&r);

        fill(a, &r);
        fill(b, &r);
        fill(got, &r);
        for (ptrdiff_t i = 0; p.beta == 0.0f && i < p.m; i++)
            for (ptrdiff_t j = 0; j < p.n; j++)
                got[i * p.ldc + j] = NAN; /* may not be read */
        memcpy(wanted, got, sizeof(got));
        define(&p, a, b, wanted);
        resc_sgemm(&p, a, b, got);
        for (int i = 0; i < BUFFER; i++)
            if (got[i] != wanted[i]) {
                fprintf(stderr, "resc_sgemm --seed=%" PRIu64 ", round %d, m=%td n=%td k=%td"
                        " trans=%d,%d alpha=%g beta=%g: element %d is %g, wanted %g\n", seed,
                        round, p.m, p.n, p.k, p.trans_a, p.trans_b, (double)p.alpha,
                        (double)p.beta, i, (double)got[i], (double)wanted[i]);
                return false;
            }
    }
    return true;
}

void check_sgemm(struct check *c)
{
    if (fnmatch(c->glob, "resc_sgemm", 0) == 0)
        *(agrees(c->seed) ? &c->passed : &c->failed) += 1;
}
