// SPDX-License-Identifier: Apache-2.0
/* --limit: what a model may ask for, said by every command in its own form. */
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <string.h>

Test(limits, a_model_beyond_one_is_refused_by_name)
{
    struct world w = world_new();

    write_doubler(&w, "double.onnx");
    struct outcome o = resc_words(&w, "compile double.onnx --limit nodes=1");

    cr_assert_eq(o.status, 1);
    cr_assert_str_eq(o.err, "double.onnx: error: the graph has 2 nodes: the limit is 1\n"
                            "  hint: --limit nodes=N raises it; 'resc help limits' explains\n");
    cr_assert_str_eq(list(&w, ""), "double.onnx");
    o = resc_words(&w, "check double.onnx --limit=nodes=2 --limit memory=1G");
    cr_assert_eq(o.status, 0, "%s", o.err);
    world_end(&w);
}

/* A few hundred bytes that ask for 4 MB. */
static void write_bomb(const struct world *w)
{
    static const int64_t million = 1000000;
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4");
    model_initialiser(m, "shape", DT_I64, "1", &million);
    model_node(m, "ConstantOfShape", "shape", "many", NULL);
    model_node(m, "ReduceSum", "many", "sum", "keepdims=0");
    model_node(m, "Add", "x sum", "y", NULL);
    model_output(m, "y", DT_F32, "1,4");
    cr_assert(model_write(m, in_world(w, "bomb.onnx")));
    model_free(m);
}

Test(limits, memory_ends_as_text_and_as_json)
{
    struct world w = world_new();

    write_bomb(&w);
    struct outcome o = resc_words(&w, "compile bomb.onnx --limit memory=1M");

    cr_assert_eq(o.status, 1);
    cr_assert(strstr(o.err, "error: the model needs too much memory to compile, beyond 16 times its "
                            "size: the limit is 1M\n  hint: --limit memory=N"), "%s", o.err);
    cr_assert_str_eq(o.out, "");
    o = resc_words(&w, "inspect bomb.onnx --limit memory=1M --json");
    cr_assert_eq(o.status, 1);
    cr_assert(strstr(o.out, "\"status\":\"failed\"") && strstr(o.out, "the limit is 1M"), "%s",
              o.out);
    cr_assert_str_eq(o.err, "");
    cr_assert_str_eq(list(&w, ""), "bomb.onnx");
    o = resc_words(&w, "check bomb.onnx");
    cr_assert_eq(o.status, 0, "%s", o.err);
    world_end(&w);
}

Test(limits, wrong_ones_are_wrong_usage)
{
    static const char *const wrong[] = { "node=1", "nodes=0", "nodes", "depth=5000", "memory=1T" };
    struct world w = world_new();

    write_doubler(&w, "double.onnx");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct outcome o = resc(&w, "check", "double.onnx", "--limit", wrong[i], NULL);

        cr_assert_eq(o.status, 2, "%s", wrong[i]);
        cr_assert(strstr(o.err, "wanted NAME=N, such as nodes=200000 or memory=2G"), "%s", o.err);
    }
    world_end(&w);
}
