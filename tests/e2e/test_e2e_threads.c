// SPDX-License-Identifier: Apache-2.0
/* Two different models in one program, run from four threads at once. */
#include "base/arena.h"
#include "interpret.h"
#include "model.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Two blocks of a residual network. */
static void left(struct model *m)
{
    model_input(m, "x", DT_F32, "1,4,12,12");
    random_weight(m, "w1", "8,4,3,3");
    random_weight(m, "w2", "8,8,3,3");
    random_weight(m, "wp", "8,4,1,1");
    random_weight(m, "fc", "6,8");
    random_weight(m, "fb", "6");
    model_node(m, "Conv", "x w1", "a", "pads=[1,1,1,1] strides=[2,2]");
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "Conv", "b w2", "c", "pads=[1,1,1,1]");
    model_node(m, "Conv", "x wp", "p", "strides=[2,2]");
    model_node(m, "Add", "c p", "d", NULL);
    model_node(m, "Relu", "d", "e", NULL);
    model_node(m, "GlobalAveragePool", "e", "f", NULL);
    model_node(m, "Flatten", "f", "g", NULL);
    model_node(m, "Gemm", "g fc fb", "y", "transB=1");
    model_output(m, "y", DT_F32, "1,6");
}

/* Depthwise and pointwise convolution, pooling, softmax. */
static void right(struct model *m)
{
    model_input(m, "x", DT_F32, "1,8,9,7");
    random_weight(m, "dw", "8,1,3,3");
    random_weight(m, "pw", "5,8,1,1");
    model_node(m, "Conv", "x dw", "a", "group=8 pads=[1,1,1,1]");
    model_node(m, "HardSwish", "a", "b", NULL);
    model_node(m, "Conv", "b pw", "c", NULL);
    model_node(m, "MaxPool", "c", "d", "kernel_shape=[3,3] strides=[2,2]");
    model_node(m, "Softmax", "d", "y", "axis=1");
    model_output(m, "y", DT_F32, "1,5,4,3");
}

/* y of the network on the program's input, to a file. */
static void write_wanted(const struct e2e *e, const char *path)
{
    const struct value *in = e->graph->inputs[0], *out = e->graph->outputs[0];
    const int64_t n = shape_len(&in->shape);
    float *x = arena_new_n(e->arena, float, n);

    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(i % 17 - 8) / 8.0f;
    const void **values = interpret(e->arena, e->graph, (const void *[]){ x });
    FILE *f = fopen(path, "wb");

    cr_assert(f && fwrite(values[out->id], 1, value_size(out), f) == value_size(out));
    fclose(f);
}

/* Builds with `flags` and runs; false if this machine cannot do it. */
static void check(const struct form *f, const char *cc_flags, const char *before)
{
    struct e2e l = e2e_new(&(struct e2e_model){ "left", 14, left });
    struct e2e r = e2e_new(&(struct e2e_model){ "right", 14, right });
    struct arena *a = l.arena;
    struct process p;

    write_wanted(&l, arena_printf(a, "%s/wanted.raw", l.dir));
    write_wanted(&r, arena_printf(a, "%s/wanted.raw", r.dir));
    cr_assert(e2e_compile(&l, f) && e2e_compile(&r, f));
    cr_assert(shell(a, &p, "gcc -std=gnu11 -O1 -g %s %s -I%s -I%s -o %s/program %s/two_models.c "
                    "%s/left.c %s/right.c %s -pthread", cc_flags, compile_flags(&l, f), l.dir, r.dir,
                    l.dir, getenv("RESC_E2E"), l.dir, r.dir, link_flags(&l, f)));
    cr_assert(shell(a, &p, "%s %s/program %s/wanted.raw %s/wanted.raw", before, l.dir, l.dir, r.dir),
              "%s", p.out);
    cr_assert_str_eq(p.out, "0 wrong\n");
    e2e_end(&r);
    e2e_end(&l);
}

Test(e2e_threads, linked)
{
    check(&(struct form){ .kernels = KERNELS_BLAS, .level = 1 }, "", "");
}

Test(e2e_threads, bundled)
{
    check(&(struct form){ .bundle = true, .kernels = KERNELS_BLAS, .level = 1 }, "", "");
}

/* BLAS is not built for the sanitizer, so without it.  Addresses are not
 * randomised, which the sanitizer of older compilers takes ill. */
Test(e2e_threads, under_thread_sanitizer)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    const struct process probe = process_run(a, dir, (const char *[]){ "sh", "-c",
        "echo 'int main(void) { return 0; }' > a.c && gcc -fsanitize=thread a.c && "
        "setarch -R ./a.out", NULL }, NULL, 60);
    const bool randomised = probe.status != 0;

    if (randomised && process_run(a, dir, (const char *[]){ "./a.out", NULL }, NULL, 60).status != 0)
        printf("skipped: no ThreadSanitizer here: %s\n", probe.err);
    else
        check(&(struct form){ .bundle = true, .kernels = KERNELS_REF, .level = 1 }, "-fsanitize=thread",
              randomised ? "" : "setarch -R");
    folder_remove(dir);
    arena_free(a);
}
