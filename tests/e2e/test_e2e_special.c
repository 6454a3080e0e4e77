// SPDX-License-Identifier: Apache-2.0
/* NaN and infinities in weights and in parameters: the C is standard C without a
 * warning, and computes what the interpreter does. */
#include "base/arena.h"
#include "model.h"
#include "program.h"

#include <criterion/criterion.h>
#include <math.h>

#define WARNINGS "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

/* No pads: whether 0 * infinity is in a sum depends on the kernel. */
static void special(struct model *m)
{
    model_input(m, "x", DT_F32, "1,2,6,6");
    random_weight(m, "w", "3,2,3,3");
    model_initialiser(m, "odd", DT_F32, "3,2,1,1",
                      (float[]){ NAN, 0.5f, INFINITY, -INFINITY, 0.25f, 1e-40f });
    model_initialiser(m, "bias", DT_F32, "3", (float[]){ 1.0f, -INFINITY, 2.0f });
    model_initialiser(m, "fc", DT_F32, "4,2",
                      (float[]){ 1.0f, 2.0f, -INFINITY, 1.0f, NAN, 0.0f, 0.5f, -0.0f });
    model_initialiser(m, "low", DT_F32, "", (float[]){ -INFINITY });
    model_initialiser(m, "high", DT_F32, "", (float[]){ INFINITY });
    model_initialiser(m, "pads", DT_I64, "8", (int64_t[]){ 0, 0, 1, 0, 0, 0, 0, 1 });
    model_initialiser(m, "mask", DT_F32, "3,1,1", (float[]){ 0.0f, NAN, -INFINITY });
    model_node(m, "Conv", "x w bias", "a", NULL);
    model_node(m, "Conv", "x odd", "b", NULL);
    model_node(m, "Clip", "a low high", "c", NULL);
    model_node(m, "Pad", "x pads low", "d", NULL);
    model_node(m, "Pad", "x pads nan", "e", NULL);
    model_initialiser(m, "nan", DT_F32, "", (float[]){ NAN });
    model_node(m, "Add", "a mask", "f", NULL);
    model_node(m, "GlobalAveragePool", "x", "p", NULL);
    model_node(m, "Flatten", "p", "q", NULL);
    model_node(m, "Gemm", "q fc", "g", "transB=1");
    static const char *const outputs[] = { "b", "c", "d", "e", "f", "g" };

    for (int i = 0; i < 6; i++)
        model_output(m, outputs[i], DT_F32, NULL);
}

Test(e2e_special, builds_and_agrees)
{
    static const char *const compilers[] = { "gcc", "clang" };
    static const enum kernels kernels[] = { KERNELS_REF, KERNELS_NATIVE, KERNELS_BLAS };
    struct e2e e = e2e_new(&(struct e2e_model){ "special", 13, special });

    for (int i = 0; i < 6; i++) {
        const struct form f = { .bundle = true, .with_main = true, .kernels = kernels[i % 3],
                                .level = i > 1, .weights = i % 2 ? WEIGHTS_INLINE : WEIGHTS_FILE };

        cr_assert(e2e_compile(&e, &f));
        cr_assert(e2e_build(&e, &f, compilers[i % 2], "-std=c99 -O2 " WARNINGS), "%s",
                  form_text(&e, &f));
        cr_assert(e2e_agrees(&e, &f), "%s", form_text(&e, &f));
    }
    e2e_end(&e);
}
