// SPDX-License-Identifier: Apache-2.0
/* bound.h - how far a kernel's result may be from what it should be, proven.
 *
 * What it should be ("wanted") is computed in double precision from the same
 * float32 inputs and rounded to float32 once, as op->eval does.  The proofs use
 * the usual model of rounding (Higham, Accuracy and Stability of Numerical
 * Algorithms, chapters 2 and 3): an operation's result is the exact one times
 * 1 + d, |d| <= u = 2^-24, or, if a product is too small for that, off by 2^-150
 * at most.  What has gone through n of them is the exact one times 1 + t with
 * |t| <= gamma(n) = nu / (1 - nu), and gamma(m) + gamma(n) + gamma(m) gamma(n)
 * <= gamma(m + n).  So a sum of k products, of a bias and of a residual is off by
 * at most gamma(k + 2) times the same sum over absolute values, in any order, on
 * any number of threads, with fused multiply-adds (which round less) or without.
 * Adding FLT_MIN to that sum takes in products that are too small: u * FLT_MIN is
 * 2^-150.
 *
 * What is assumed: float operations round to nearest (no -ffast-math, no flushing
 * to zero), and BLAS adds up products (and is not a fast algorithm as Strassen's). */
#ifndef RESC_OPS_BOUND_H
#define RESC_OPS_BOUND_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct kernel;
struct node;

/* Units in the last place that the functions of runtime/resc_math.h may be off (0.51, as
 * tests/reproducible/ holds them to).  One such unit is at most 2u of the value. */
enum { MATH_ULPS = 1 };
#define ROUNDING_UNIT 0x1p-24 /* u */

enum {
    /* Roundings that every bound of a sum has besides those of the kernel: of the wanted
     * result, of the sum over absolute values, and, all together, those in double precision,
     * which are less than u while there are less than ROUNDINGS_MAX of them. */
    BOUND_ALSO = 3,
    ROUNDINGS_MAX = 1 << 22, /* more: no bound */
};

/* Of out[0], which is of floats. */
struct bounds {
    struct arena *arena;     /* for what is needed meanwhile */
    const void *const *in;   /* what the kernel read, dense */
    float *want;             /* [len]: what op->eval made of it.  A hook whose eval is not
                              * in double precision writes what is. */
    double *bound;           /* [len]: |got - want| at most; 0 to begin with */
};

/* op->bound: fills in b->bound for a node that `k` ran.  False: none is known. */
typedef bool bound_fn(const struct node *n, const struct kernel *k, const struct bounds *b);

double bound_gamma(double n);
/* Roundings of a sum of n terms in double precision, rounded in the end: twice n * 2^-53, since
 * the wanted one was made so, too, and one. */
static inline double bound_in_double(double n)
{
    return 1.0 + n * 0x1p-28;
}
/* Of a sum of products whose kernel rounds each term `roundings` times at most: by eval over
 * absolute values, with `attr` (NULL: those of n).  The activation is taken in. */
bool bound_sum(const struct node *n, void *attr, double roundings, const struct bounds *b);
/* From the bounds of n's result before its activation those after it. */
void bound_act(const struct node *n, const struct bounds *b);
/* Element i is `exact`, from which a kernel may be `bound` away. */
void bound_set(const struct bounds *b, int64_t i, double exact, double bound);

#endif
