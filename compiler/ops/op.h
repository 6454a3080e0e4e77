// SPDX-License-Identifier: Apache-2.0
/* op.h - all the compiler knows about one operator.
 *
 * To add an operator: write ops/<op>.c defining `const struct op op_<op>`,
 * add OP(<op>) to ops.def and the file to ops/meson.build.  Nothing else. */
#ifndef RESC_OPS_OP_H
#define RESC_OPS_OP_H

#include "ir/graph.h"
#include "ops/attr.h"
#include "ops/bound.h"
#include "ops/layout.h"
#include "ops/params.h"

struct diag;
struct emit;

enum { OPSET_MIN = 6, OPSET_MAX = 28 }; /* of the models resc reads */

/* FAMILY_BLAS: matrix products through BLAS, and plain fast loops where BLAS has
 * nothing to offer (depthwise, pooling).  FAMILY_NATIVE: our own, in vectors,
 * on activations in blocks of 16 channels and on weights packed for them. */
enum family { FAMILY_REF, FAMILY_BLAS, FAMILY_NATIVE };

enum {
    KERNEL_WINOGRAD = 1 << 0, /* rounds more than the definition's sum: not with --fp-error=strict */
    KERNEL_GROWS    = 1 << 1, /* packed weights larger than those of the model: not with
                               * --optimize=size */
};

/* One way to run an op.  Of the rows that are allowed and whose match() accepts
 * the node, the plan takes those that together cost least (codegen/choose.c).
 * Rows of FAMILY_REF together accept whatever infer() let by, each the types that its
 * kernel is written for.
 *
 * Calling convention, which the emitter relies on:
 *     fn(&params, in[0], in[1], ..., out[0], ..., scratch);
 * with n_kernel_in or max_in inputs (all there are of a variadic op; NULL for
 * those left out) unless op->emit_call says otherwise, no &params if op->params
 * is NULL, and `void *scratch` only if the op has OP_SCRATCH. */
struct kernel {
    const char *fn;     /* in runtime/, e.g. "resc_conv2d_f32_gemm1x1" */
    const char *file;   /* the runtime source that defines it */
    enum family family;
    unsigned flags;
    bool (*match)(const struct node *n);       /* NULL: always */
    size_t (*scratch)(const struct node *n);   /* bytes; NULL: needs none */
    unsigned in_place;  /* bit i: out[0] may be the same memory as in[i] */
    const char *brief;  /* for comments and inspect: "1x1 as GEMM"; NULL */

    /* Of the activations (all inputs that are not constant), and of the outputs.
     * A row with LAYOUT_C16 matches only if layout_can_block() them. */
    enum layout_kind in, out;
    /* LAYOUT_C16: the least halo that it reads around in[i].  NULL: none. */
    struct resc_halo (*halo)(const struct node *n, int i);
    /* Replaces constants among in[0...n_in) by what the kernel takes instead of
     * them: new constants of g.  NULL: takes them as they are.  A row that packs
     * matches only if those inputs are constant. */
    void (*pack)(struct graph *g, const struct node *n, struct value **in);

    /* What the plan predicts from: see codegen/cost.h. */
    double (*work)(const struct node *n); /* multiply-adds that it does; NULL: op->macs */
    double rate;        /* thousand millions of them a second; 0: the family's */
    double growth;      /* packed weights, in sizes of the model's; 0: as large */
};

enum {
    OP_FUSES_ACT = 1 << 0, /* its kernels apply node->act */
    OP_FUSES_ADD = 1 << 1, /* ... and add in[op->max_in - 1], shaped as out[0], before that */
    OP_VIEW      = 1 << 2, /* out[0] has the bytes of in[0]: no kernel runs, unless a copy is due */
    OP_SCRATCH   = 1 << 3, /* its kernels take `scratch` as last argument */
    OP_INTERNAL  = 1 << 4, /* not an ONNX operator: made by a pass */
    OP_WEIGHTS   = 1 << 5, /* its outputs are linear in each of its constant inputs: a weight
                            * changed by d changes an output by |d| * sum |x| at most */
    OP_AFFINE    = 1 << 6, /* in each input that is not constant, while the others stay as they are:
                            * f(x + t) = f(x) + L(t), L linear */
};

struct op {
    const char *name;    /* ONNX op_type */
    int since, until;    /* opset versions understood, inclusive */
    int min_in, max_in;  /* max < 0: variadic */
    int n_kernel_in;     /* inputs its kernels take, where that is less than max_in; 0: max_in */
    int min_out, max_out;
    unsigned flags;
    size_t attr_size;

    /* ONNX attributes -> node->attr, applying the defaults.  NULL: has none. */
    bool (*parse)(struct node *n, struct attr_list *attrs);
    /* Input types and shapes -> output types and shapes, once.  Rejects, with
     * a diagnostic, every use of the op that no kernel could run.  Inputs that
     * must be constant (axes, shapes) are read here into node->attr and then
     * dropped; an output known at compile time may get its data here. */
    bool (*infer)(struct graph *g, struct node *n, struct diag *d);
    /* Computes the outputs with the reference kernel: constant folding, and
     * the interpreter that tests compare generated code with. */
    void (*eval)(const struct node *n, const void *const *in, void *const *out);
    /* How far a kernel's out[0] may be from that, if it is of floats.  NULL: it is that, to
     * the bit, as of whatever only moves, compares or rounds once. */
    bound_fn *bound;
    const struct params *params;
    double (*macs)(const struct node *n);           /* multiply-adds; NULL: none */
    double (*eval_work)(const struct node *n); /* steps that eval takes; NULL: macs, or an element */
    void (*print)(const struct node *n, FILE *out); /* " kernel=3x3 pads=1,1,1,1"; NULL */
    /* The calls of this step, where they are not of the form above; NULL: they are. */
    void (*emit_call)(struct emit *e, const struct node *n, const struct kernel *k);

    const struct kernel *kernels;
    int n_kernels;
};

#define OP(sym) extern const struct op op_##sym;
#include "ops/ops.def"
#undef OP

extern const struct op *const all_ops[];
extern const int n_all_ops;

/* Multiply-adds a run. */
static inline double node_macs(const struct node *n)
{
    return n->op->macs ? n->op->macs(n) : 0.0;
}

/* NULL if resc has no such operator at that opset version; then *known tells
 * whether it has it at another. */
const struct op *op_find(const char *op_type, int opset, bool *known);

/* What op->emit_call may use; the emitter has them. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void emit_printf(struct emit *e, const char *fmt, ...); /* in the body of NAME_run() */
/* The C expression for the memory of `v`: "conv1_out", "w->fc_weight", "NULL". */
const char *emit_value(struct emit *e, const struct value *v);
const struct layout *emit_layout(struct emit *e, const struct value *v);

/* Gives every value a type and a shape.  Nodes whose outputs are known at
 * compile time are evaluated and removed as it goes, since exporters compute
 * shapes with Shape, Gather, Concat.  False: diagnostics were given, for every
 * node at fault. */
bool infer_shapes(struct graph *g, struct diag *d);
/* Evaluates `n` and removes it.  False: an input is not constant, or g->fold
 * does not allow it, or one of the outputs is the graph's. */
bool fold_node(struct graph *g, struct node *n);
/* Takes from g->fold what a result of `bytes` and `work` costs; false if it is too much. */
bool fold_afford(struct graph *g, double bytes, double work);

#endif
