// SPDX-License-Identifier: Apache-2.0
/* What a model may ask for, and what happens when it asks for more. */
#include "expect.h"
#include "onnx.pb-c.h"
#include "ops/op.h"

#include <criterion/criterion.h>
#include <string.h>

static struct limits only(const char *setting)
{
    struct limits l = limits_default();

    cr_assert(limits_set(&l, setting));
    return l;
}

static struct model *chain_of_three(void)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x", "a", NULL);
    model_node(m, "Neg", "a", "b", NULL);
    model_node(m, "Relu", "b", "y", NULL);
    return m;
}

Test(limits, nodes)
{
    const struct limits two = only("nodes=2"), three = only("nodes=3");

    refused_with(chain_of_three(), (&(struct load_options){ .limits = &two }),
                 "the graph has 3 nodes: the limit is 2", "hint: --limit nodes=N");
    loaded_with(chain_of_three(), (&(struct load_options){ .limits = &three }), "Neg");
}

Test(limits, depth)
{
    const struct limits three = only("depth=3"), eight = only("depth=8");

    refused_with(chain_of_three(), (&(struct load_options){ .limits = &three }),
                 "messages are nested too deep", "the limit is 3");
    loaded_with(chain_of_three(), (&(struct load_options){ .limits = &eight }), "Neg");
}

Test(limits, input)
{
    const struct limits small = only("input=50");

    refused_with(chain_of_three(), (&(struct load_options){ .limits = &small }),
                 "the file of ", "is too large", "the limit is 50", "hint: --limit input=N");
}

Test(limits, packed_numbers_count_as_what_they_become)
{
    enum { N = 40000 }; /* a byte each in the file, eight in memory */
    static int64_t zeros[N];
    const struct limits small = only("unpack=64K");

    for (int refuse = 0; refuse < 2; refuse++) {
        struct model *m = chain_of_three();
        Onnx__TensorProto *w = model_initialiser(m, "w", DT_I64, "40000", NULL);

        w->has_raw_data = false;
        w->raw_data.len = 0;
        w->n_int64_data = N;
        w->int64_data = zeros;
        if (refuse)
            refused_with(m, (&(struct load_options){ .limits = &small }), "the file of 40",
                         "unpacks to more than 3 times its size: the limit is 64K",
                         "hint: --limit unpack=N");
        else
            loaded(m, "Neg");
    }
}

/* What infer_shapes() says of a model under a limit, and how many nodes are left. */
static int nodes_left(struct model *m, const char *limit, struct str *said)
{
    const struct limits l = only(limit);
    struct diag d = diag_new(model_arena(m), "m.onnx");
    int n = 0;

    diag_into(&d, said);
    struct graph *g = model_load(m, &(struct load_options){ .limits = &l }, &d);

    if (!g || !infer_shapes(g, &d))
        return -1;
    graph_foreach_node(node, g)
        n++;
    return n;
}

/* y = x + sum of a constant of 1000 elements, made of one. */
static struct model *sum_of_expanded(void)
{
    static const int64_t thousand = 1000;
    struct model *m = between_x_and_y(13);

    model_initialiser(m, "one", DT_F32, "1", &(float){ 1 });
    model_initialiser(m, "shape", DT_I64, "1", &thousand);
    model_node(m, "Expand", "one shape", "many", NULL);
    model_node(m, "ReduceSum", "many", "sum", NULL);
    model_node(m, "Add", "x sum", "y", NULL);
    return m;
}

Test(limits, folding_beyond_them_is_left_to_run_time)
{
    static const struct { const char *limit; int left; bool note; } cases[] = {
        { "folded=64M", 1, false }, { "folded=1", 3, true }, { "work=1", 3, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model *m = sum_of_expanded();
        struct str said = { 0 };

        cr_assert_eq(nodes_left(m, cases[i].limit, &said), cases[i].left, "%s: %s",
                     cases[i].limit, str_text(&said));
        cr_assert_eq(strstr(str_text(&said), "not every constant is computed now") != NULL,
                     cases[i].note, "%s: %s", cases[i].limit, str_text(&said));
        str_free(&said);
        model_free(m);
    }
}

Test(limits, a_window_costs_its_taps)
{
    struct model *m = between_x_and_y(13);
    struct str said = { 0 };

    model_initialiser(m, "w", DT_F32, "1,1,4,200", NULL);
    model_node(m, "AveragePool", "w", "p", "kernel_shape=[1,100]"); /* 404 x 100 taps */
    model_node(m, "ReduceSum", "p", "s", "keepdims=0");
    model_node(m, "Add", "x s", "y", NULL);
    cr_assert_eq(nodes_left(m, "work=20000", &said), 3, "%s", str_text(&said));
    str_free(&said);
    model_free(m);
}

Test(limits, what_must_be_constant_is_refused_beyond_them)
{
    static const int64_t side = 20000;
    struct model *m = between_x_and_y(13);
    struct str said = { 0 };

    model_initialiser(m, "shape", DT_I64, "1", &side);
    model_node(m, "ConstantOfShape", "shape", "c", NULL);
    model_node(m, "ReduceSum", "c", "s", NULL);
    model_node(m, "Add", "x s", "y", NULL);
    cr_assert_eq(nodes_left(m, "folded=1K", &said), -1);
    cr_assert(strstr(str_text(&said), "a constant f32[20000] is too large to compute\n"
                                      "  hint: --limit folded=N"), "%s", str_text(&said));
    str_free(&said);
    model_free(m);
}
