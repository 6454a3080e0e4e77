// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "codegen/names.h"

#include <criterion/criterion.h>

Test(names, sanitised)
{
    static const char *const cases[][2] = {
        { "/layer1/layer1.0/conv1/Conv", "layer1_layer1_0_conv1_Conv" },
        { "gpu_0/data_0", "gpu_0_data_0" },
        { "123", "t123" },
        { "", "t" },
        { "***", "t" },
        { "*/ system(\"rm\"); /*", "system_rm" },
        { "a\xc3\xbc" "b", "a_b" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_str_eq(name_sanitised(a, cases[i][0]), cases[i][1]);
    arena_free(a);
}

/* Inputs with hard names: each gets a name of its own that is no word of C. */
Test(names, unique_and_no_words_of_c)
{
    static const char *const inputs[] = { "x", "X", "x!", "int", "ws", "NULL", "size_t", "resc_x",
                                          "m_run", "12", "x_2", "" };
    enum { N = sizeof(inputs) / sizeof(*inputs) };
    struct arena *a = arena_new();
    struct graph *g = graph_new(a, "g");
    struct plan p = { 0 };

    for (int i = 0; i < N; i++)
        graph_add_input(g, inputs[i], DT_F32, shape_of(1));
    const struct names names = make_names(a, g, &p, "m");

    for (int i = 0; i < N; i++) {
        const char *name = names.value[g->inputs[i]->id];

        for (int k = 0; k < i; k++)
            cr_expect_str_neq(name_upper(a, name),
                              name_upper(a, names.value[g->inputs[k]->id]));
        cr_expect_str_neq(name, "int");
        cr_expect_str_neq(name, "ws");
        cr_expect_str_neq(name, "size_t");
        cr_expect_str_neq(name, "m_run");
        cr_expect_neq(strncmp(name, "resc_", 5), 0);
    }
    cr_expect_str_eq(names.value[g->inputs[0]->id], "x");
    cr_expect_str_eq(names.value[g->inputs[9]->id], "t12");
    arena_free(a);
}
