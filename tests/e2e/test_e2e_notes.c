// SPDX-License-Identifier: Apache-2.0
/* The examples of the notes that the project started from. */
#include "base/arena.h"
#include "base/diag.h"
#include "compile.h"
#include "config.h"
#include "model.h"
#include "ops/conv.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct form forms[] = {
    { .bundle = true, .with_main = true, .kernels = KERNELS_REF, .level = 0 },
    { .bundle = true, .with_main = true, .kernels = KERNELS_REF, .level = 1 },
    { .bundle = true, .with_main = true, .kernels = KERNELS_BLAS, .level = 0 },
    { .bundle = true, .with_main = true, .kernels = KERNELS_BLAS, .level = 1 },
    { .bundle = true, .with_main = true, .kernels = KERNELS_NATIVE, .level = 0 },
    { .bundle = true, .with_main = true, .kernels = KERNELS_NATIVE, .level = 1 },
};
enum { N_FORMS = sizeof forms / sizeof *forms };

/* The plan at -O1. */
static struct plan *plan_of(const struct e2e *e, enum kernels kernels)
{
    struct diag d = diag_new(e->arena, e->name);
    struct compile_options opt = compile_defaults(e->onnx);
    struct graph *g = compile_graph(e->arena, &opt, NULL, &d);

    cr_assert(g);
    opt.plan.kernels = kernels;
    struct plan *p = make_plan(e->arena, g, &opt.plan, &d);

    cr_assert(p);
    return p;
}

/* What the generated program makes of `input`, which replaces the random one. */
static const float *output_of(const struct e2e *e, const struct form *f, const float *input)
{
    static float got[4096];
    const struct value *in = e->graph->inputs[0], *out = e->graph->outputs[0];
    FILE *file = fopen(arena_printf(e->arena, "%s/in_0.raw", e->dir), "wb");
    const size_t len = (size_t)shape_len(&out->shape);
    struct process p;

    cr_assert(file && fwrite(input, 1, value_size(in), file) == value_size(in));
    fclose(file);
    cr_assert(e2e_compile(e, f) && e2e_build(e, f, "cc", "-std=c99 -O2"));
    cr_assert(shell(e->arena, &p, "cd %s && ./program in_0.raw out_0.raw", e->dir));
    file = fopen(arena_printf(e->arena, "%s/out_0.raw", e->dir), "rb");
    cr_assert(file && len <= 4096 && fread(got, sizeof *got, len, file) == len);
    fclose(file);
    return got;
}

static void doubling(struct model *m)
{
    model_input(m, "x", DT_F32, "1,1,4,4");
    model_initialiser(m, "w", DT_F32, "1,1,1,1", (float[]){ 2.0f });
    model_node(m, "Conv", "x w", "y", NULL);
    model_output(m, "y", DT_F32, "1,1,4,4");
}

/* The matrix 1 ... 16 through the 1x1 kernel [2] is 2 ... 32, exactly. */
Test(e2e_notes, one_by_one_kernel_doubles)
{
    struct e2e e = e2e_new(&(struct e2e_model){ "doubling", 13, doubling });
    float x[16];

    for (int i = 0; i < 16; i++)
        x[i] = (float)(i + 1);
    for (int f = 0; f < N_FORMS; f++) {
        const float *y = output_of(&e, &forms[f], x);

        for (int i = 0; i < 16; i++)
            cr_assert_eq(y[i], 2.0f * x[i], "%s: %d", form_text(&e, &forms[f]), i);
    }
    e2e_end(&e);
}

static void pointwise(struct model *m)
{
    model_input(m, "x", DT_F32, "1,192,28,28");
    random_weight(m, "w", "32,192,1,1");
    random_weight(m, "b", "32");
    model_node(m, "Conv", "x w b", "c", "kernel_shape=[1,1]");
    model_node(m, "Relu", "c", "y", NULL);
    model_output(m, "y", DT_F32, "1,32,28,28");
}

/* 28x28x192 through 32 1x1 filters and ReLU: one step, a matrix product. */
Test(e2e_notes, one_by_one_is_one_gemm)
{
    struct e2e e = e2e_new(&(struct e2e_model){ "pointwise", 13, pointwise });
    const struct plan *p = plan_of(&e, KERNELS_BLAS);
    struct process said;

    cr_assert_eq(p->n_steps, 1);
    cr_assert_str_eq(p->steps[0].kernel->fn, "resc_conv2d_f32_gemm1x1");
    cr_assert_eq(p->steps[0].node->act.kind, ACT_RELU);
    cr_assert_eq(p->steps[0].scratch_size, 0);
    cr_assert_eq(p->workspace_size, 0);
    cr_assert_eq(p->macs, 28.0 * 28 * 192 * 32);
    cr_assert(e2e_compile(&e, &forms[3]) && e2e_build(&e, &forms[3], "cc", "-std=c99 -O2"));
    cr_assert(e2e_agrees(&e, &forms[3]));
    cr_assert(shell(e.arena, &said, "%s inspect -v --kernels=blas %s", getenv("RESC_BIN"),
                    e.onnx));
    cr_assert(strstr(said.out, "resc_conv2d_f32_gemm1x1"), "%s", said.out);
    e2e_end(&e);
}

/* The same in blocks: one step between those that change the layout. */
Test(e2e_notes, one_by_one_is_one_native_step)
{
    struct e2e e = e2e_new(&(struct e2e_model){ "pointwise", 13, pointwise });
    const struct plan *p = plan_of(&e, KERNELS_NATIVE);
    int n_convs = 0;

    for (int s = 0; s < p->n_steps; s++)
        if (p->steps[s].node->op == &op_conv) {
            cr_assert_eq(p->steps[s].kernel->family, FAMILY_NATIVE);
            cr_assert_eq(p->steps[s].node->act.kind, ACT_RELU);
            n_convs++;
        } else {
            cr_assert_eq(p->steps[s].node->op, &op_reorder);
        }
    cr_assert_eq(n_convs, 1);
    cr_assert_eq(p->macs, 28.0 * 28 * 192 * 32);
    cr_assert(e2e_compile(&e, &forms[5]) && e2e_build(&e, &forms[5], "cc", "-std=c99 -O2"));
    cr_assert(e2e_agrees(&e, &forms[5]));
    e2e_end(&e);
}

/* y = relu(conv2(relu(conv1(x))) + x), 3x3 kernels, 4 channels of 6x6. */
static void block_of(struct model *m, bool zero)
{
    enum { N_WEIGHTS = 4 * 4 * 9 };
    static const float zeros[N_WEIGHTS] = { 0.0f };

    model_input(m, "x", DT_F32, "1,4,6,6");
    for (int i = 1; i <= 2; i++) {
        const char *w = arena_printf(model_arena(m), "w%d", i), *b = arena_printf(model_arena(m),
                                                                                  "b%d", i);

        if (zero) {
            model_initialiser(m, w, DT_F32, "4,4,3,3", zeros);
            model_initialiser(m, b, DT_F32, "4", zeros);
        } else {
            random_weight(m, w, "4,4,3,3");
            random_weight(m, b, "4");
        }
    }
    model_node(m, "Conv", "x w1 b1", "c1", "pads=[1,1,1,1]");
    model_node(m, "Relu", "c1", "r1", NULL);
    model_node(m, "Conv", "r1 w2 b2", "c2", "pads=[1,1,1,1]");
    model_node(m, "Add", "c2 x", "sum", NULL);
    model_node(m, "Relu", "sum", "y", NULL);
    model_output(m, "y", DT_F32, "1,4,6,6");
}

static void block(struct model *m)
{
    block_of(m, false);
}

static void zero_block(struct model *m)
{
    block_of(m, true);
}

/* The formula, in doubles: y = conv(x, w) + b, of the weights that `m` holds. */
static void convolve(const double *x, const float *w, const float *b, double *y)
{
    for (int o = 0; o < 4; o++)
    for (int h = 0; h < 6; h++)
    for (int v = 0; v < 6; v++) {
        double sum = (double)b[o];

        for (int i = 0; i < 4; i++)
        for (int kh = 0; kh < 3; kh++)
        for (int kw = 0; kw < 3; kw++) {
            const int ih = h + kh - 1, iw = v + kw - 1;

            if (ih >= 0 && ih < 6 && iw >= 0 && iw < 6)
                sum += x[(i * 6 + ih) * 6 + iw] * (double)w[((o * 4 + i) * 3 + kh) * 3 + kw];
        }
        y[(o * 6 + h) * 6 + v] = sum;
    }
}

static const float *weight_named(const struct e2e *e, const char *name)
{
    for (int i = 0; i < e->graph->n_values; i++)
        if (strcmp(e->graph->values[i]->name, name) == 0 && e->graph->values[i]->data)
            return e->graph->values[i]->data;
    cr_assert(false, "no weight %s", name);
    return NULL;
}

Test(e2e_notes, residual_block_is_two_steps)
{
    enum { LEN = 4 * 6 * 6 };
    struct e2e e = e2e_new(&(struct e2e_model){ "block", 13, block });
    const struct plan *p = plan_of(&e, KERNELS_BLAS);
    double x[LEN], mid[LEN], y[LEN];
    float in[LEN];

    cr_assert_eq(p->n_steps, 2);
    for (int s = 0; s < 2; s++) {
        cr_assert_eq(p->steps[s].node->op, &op_conv);
        cr_assert_eq(p->steps[s].node->act.kind, ACT_RELU);
    }
    cr_assert(p->steps[1].node->n_in > CONV_ADD);
    cr_assert_str_eq(p->steps[1].node->in[CONV_ADD]->name, "x");
    for (int i = 0; i < LEN; i++)
        x[i] = (double)(in[i] = ((const float *)e.inputs[0])[i]);
    convolve(x, weight_named(&e, "w1"), weight_named(&e, "b1"), mid);
    for (int i = 0; i < LEN; i++)
        mid[i] = mid[i] > 0.0 ? mid[i] : 0.0;
    convolve(mid, weight_named(&e, "w2"), weight_named(&e, "b2"), y);
    for (int f = 0; f < N_FORMS; f++) {
        const float *got = output_of(&e, &forms[f], in);

        for (int i = 0; i < LEN; i++) {
            const double want = y[i] + x[i] > 0.0 ? y[i] + x[i] : 0.0;

            cr_assert_float_eq((double)got[i], want, 2e-6, "%s: %d", form_text(&e, &forms[f]), i);
        }
    }
    e2e_end(&e);
}

/* Weights and biases 0: the block is relu(x), to the bit. */
Test(e2e_notes, zero_block_is_relu)
{
    struct e2e e = e2e_new(&(struct e2e_model){ "zero_block", 13, zero_block });
    const float *x = e.inputs[0];

    for (int f = 0; f < N_FORMS; f++) {
        const float *y = output_of(&e, &forms[f], x);

        for (int i = 0; i < 4 * 6 * 6; i++)
            cr_assert_eq(y[i], x[i] > 0.0f ? x[i] : 0.0f, "%s: %d", form_text(&e, &forms[f]), i);
    }
    e2e_end(&e);
}
