// SPDX-License-Identifier: Apache-2.0
/* The generator of random models, and that what looks for faults finds them. */
#include "base/arena.h"
#include "onnx.pb-c.h"
#include "ops/op.h"
#include "process.h"
#include "random_model.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MODELS = 1000 };

Test(random_model, same_seed_same_bytes)
{
    struct arena *a = arena_new();
    size_t size[3];

    for (uint64_t seed = 0; seed < 200; seed++) {
        const unsigned char *first = random_model(a, seed, &size[0]);
        const unsigned char *again = random_model(a, seed, &size[1]);
        const unsigned char *other = random_model(a, seed + 200, &size[2]);

        cr_assert(size[0] == size[1] && memcmp(first, again, size[0]) == 0);
        cr_assert(size[0] != size[2] || memcmp(first, other, size[0]) != 0);
    }
    arena_free(a);
}

Test(random_model, knows_every_operator)
{
    for (int i = 0; i < n_all_ops; i++)
        cr_expect((all_ops[i]->flags & OP_INTERNAL) || random_model_knows(all_ops[i]->name),
                  "%s has no row in families.def", all_ops[i]->name);
}

static void count_nodes(int *counts, uint64_t seed)
{
    struct arena *a = arena_new();
    size_t size;
    const unsigned char *bytes = random_model(a, seed, &size);
    Onnx__ModelProto *m = onnx__model_proto__unpack(NULL, size, bytes);

    cr_assert(m && m->graph->n_node > 0 && m->graph->n_output > 0, "seed %llu",
              (unsigned long long)seed);
    for (size_t k = 0; k < m->graph->n_node; k++) {
        bool known;
        const struct op *op = op_find(m->graph->node[k]->op_type,
                                      (int)m->opset_import[0]->version, &known);

        for (int i = 0; i < n_all_ops; i++)
            counts[i] += all_ops[i] == op;
        cr_assert(op, "%s at opset %d", m->graph->node[k]->op_type,
                  (int)m->opset_import[0]->version);
    }
    onnx__model_proto__free_unpacked(m, NULL);
    arena_free(a);
}

/* ... in each of its versions. */
Test(random_model, uses_every_operator)
{
    int *counts = calloc((size_t)n_all_ops, sizeof(*counts));

    for (uint64_t seed = 1; seed <= MODELS; seed++)
        count_nodes(counts, seed);
    for (int i = 0; i < n_all_ops; i++)
        cr_expect((all_ops[i]->flags & OP_INTERNAL) || counts[i] > 1,
                  "%s (opsets %d to %d): %d times in %d models", all_ops[i]->name,
                  all_ops[i]->since, all_ops[i]->until, counts[i], MODELS);
    free(counts);
}

Test(random_model, elements_are_what_the_text_says)
{
    struct arena *a = arena_new();
    const float *real = random_elements(a, DT_F32, 1000, "real -0.5 2", 1);
    const float *plain = random_elements(a, DT_F32, 1000, NULL, 1);
    const int64_t *whole = random_elements(a, DT_I64, 1000, "whole -3 7", 1);
    const signed char *bytes = random_elements(a, DT_I8, 1000, "whole -128 127", 1);
    bool lowest = false, highest = false, negative = false;

    for (int i = 0; i < 1000; i++) {
        cr_assert(real[i] >= -0.5f && real[i] <= 2.0f);
        cr_assert(plain[i] >= -1.0f && plain[i] <= 1.0f);
        cr_assert(whole[i] >= -3 && whole[i] <= 7);
        lowest = lowest || whole[i] == -3;
        highest = highest || whole[i] == 7;
        negative = negative || bytes[i] < -100;
    }
    cr_assert(lowest && highest && negative);
    arena_free(a);
}

/* The reference of Tanh is made wrong: that is seen, and reduced to a Tanh. */
Test(random_faults, an_injected_fault_is_found_and_shrunk)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    const struct process p = process_run(a, dir, (const char *[]){
        getenv("RANDOM_BIN"), "--seed=1", "--count=30", "--inject=Tanh", "--shrink", NULL }, NULL,
        600);

    cr_assert_eq(p.status, 1, "%d: %s%s", p.status, p.out, p.err);
    cr_assert(strstr(p.out, "wrong: output"), "%s", p.out);
    cr_assert(strstr(p.out, "    again: random --seed="), "%s", p.out);
    const char *left = strstr(p.out, "shrunk from");

    cr_assert(left && strstr(left, " = Tanh("), "%s", p.out);
    cr_assert_eq(strstr(strstr(left, " = ") + 1, " = "), NULL, "more than one node: %s", left);

    /* What is left can be tried again. */
    const struct process again = process_run(a, dir, (const char *[]){
        getenv("RANDOM_BIN"), "--file=shrunk.onnx", "--inject=Tanh", NULL }, NULL, 600);
    const struct process right = process_run(a, dir, (const char *[]){
        getenv("RANDOM_BIN"), "--file=shrunk.onnx", NULL }, NULL, 600);

    cr_assert_eq(again.status, 1, "%s", again.out);
    cr_assert_eq(right.status, 0, "%s", right.out);
    folder_remove(dir);
    arena_free(a);
}
