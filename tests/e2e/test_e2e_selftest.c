// SPDX-License-Identifier: Apache-2.0
/* NAME_selftest(): right in every form, with every compiler; and not right when
 * code, a weight or a stored number has changed. */
#include "base/arena.h"
#include "model.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

/* Large ones, of which not every element is stored; all types; NaN, infinities and the least
 * integer, where they are due. */
static void types(struct model *m)
{
    static const float special[] = { NAN, INFINITY, -INFINITY, 0.25f, -0.0f, 1e-40f };
    static const int64_t least[] = { INT64_MIN, INT64_MAX, -1 };

    model_input(m, "bytes", DT_U8, "3,70,90");
    model_input(m, "signed", DT_I8, "7");
    model_input(m, "flag", DT_BOOL, "5");
    model_input(m, "selftest_seed", DT_F32, "6"); /* a name that is ours */
    model_initialiser(m, "special", DT_F32, "6", special);
    model_initialiser(m, "least", DT_I64, "3", least);
    model_node(m, "Cast", "bytes", "as_float", "to=1");
    model_node(m, "Cast", "signed", "wide", "to=6");
    model_node(m, "Cast", "flag", "flag32", "to=6");
    model_node(m, "Add", "selftest_seed special", "sum", NULL);
    model_node(m, "Identity", "least", "same", NULL);
    model_node(m, "Identity", "bytes", "bytes_out", NULL);
    model_node(m, "Identity", "signed", "signed_out", NULL);
    model_node(m, "Identity", "flag", "flag_out", NULL);
    static const char *const outputs[] = { "as_float", "wide", "flag32", "sum", "same", "bytes_out",
                                           "signed_out", "flag_out" };
    static const enum dtype of[] = { DT_F32, DT_I32, DT_I32, DT_F32, DT_I64, DT_U8, DT_I8, DT_BOOL };

    for (int i = 0; i < 8; i++)
        model_output(m, outputs[i], of[i], NULL);
}

/* Nothing comes in. */
static void constants(struct model *m)
{
    random_weight(m, "w", "3,4");
    random_weight(m, "v", "4");
    model_node(m, "Add", "w v", "sum", NULL);
    model_node(m, "Identity", "w", "same", NULL);
    model_output(m, "sum", DT_F32, "3,4");
    model_output(m, "same", DT_F32, "3,4");
}

static const struct e2e_model own_models[] = {
    { "types", 13, types },
    { "constants", 13, constants },
};

/* What `program -t` says: the deviation.  Its status is whether that is tolerable. */
static double deviation(const struct e2e *e, const struct form *f)
{
    const char *weights = arena_printf(e->arena, "%s.bin", e->name);
    const struct process p = process_run(e->arena, e->dir, (const char *[]){
        "./program", "-t", f->weights == WEIGHTS_FILE ? weights : NULL, NULL }, NULL, 60);
    double x;

    cr_assert_eq(sscanf(p.out, "deviation %lf", &x), 1, "%s: %s%s", form_text(e, f), p.out, p.err);
    cr_assert_eq(p.status, !(x <= 1e-4), "%s: %g", form_text(e, f), x);
    return x;
}

static void check_forms(const struct e2e_model *model, int turn)
{
    static const char *const compilers[] = { "gcc", "clang" };
    static const char *const flags[] = { "-std=c99 -O1", "-std=c11 -O0", "-std=c99 -O2 -ffast-math" };
    static const enum kernels kernels[] = { KERNELS_REF, KERNELS_NATIVE, KERNELS_BLAS };
    struct e2e e = e2e_new(model);

    for (int i = 0; i < 3; i++) {
        const int k = turn + i;
        const struct form f = {
            .bundle = k % 4 != 0, .with_main = true, .selftest = true, .kernels = kernels[i],
            .weights = (enum weights_form)(WEIGHTS_INLINE + k % 3), .level = (k + 1) % 4 != 0,
        };
        /* Special numbers in a model are not for -ffast-math. */
        const bool fast = k % 3 == 2 && model->build != types;

        cr_assert(e2e_compile(&e, &f), "%s", form_text(&e, &f));
        cr_assert(e2e_build(&e, &f, compilers[k % 2],
                            arena_printf(e.arena, "%s " WARNINGS, flags[fast ? 2 : k % 2])),
                  "%s", form_text(&e, &f));
        cr_assert_leq(deviation(&e, &f), 1e-5, "%s", form_text(&e, &f));
        cr_assert(fast || e2e_agrees(&e, &f), "%s", form_text(&e, &f)); /* the other main() too */
    }
    e2e_end(&e);
}

Test(e2e_selftest, forms)
{
    int turn = 0;

    for (int k = 0; k < n_e2e_models; k++)
        check_forms(&e2e_models[k], turn++);
    for (int k = 0; k < n_e2e_native_models; k += 2)
        check_forms(&e2e_native_models[k], turn++);
    for (int k = 0; k < 4; k++)
        check_forms(&own_models[k % 2], turn++);
}

/* `from` in NAME.c becomes `to`, once. */
static void change_source(const struct e2e *e, const char *from, const char *to)
{
    struct process p;

    cr_assert(shell(e->arena, &p, "cd %s && cp %s.c before && sed -i '0,/%s/s//%s/' %s.c && "
                    "! cmp -s before %s.c", e->dir, e->name, from, to, e->name, e->name),
              "no '%s' in %s.c", from, e->name);
}

/* Code that is not what resc wrote, as a broken compiler would make it. */
Test(e2e_selftest, finds_wrong_code)
{
    static const struct { const char *from, *to; double at_least; } changes[] = {
        { "RESC_ACT_RELU }", "RESC_ACT_NONE }", 1e-3 },
        { "\\.pt = 1", ".pt = 0", 1e-3 },
        { "\\.probabilities = { 0", ".probabilities = { 1", 1.0 },
        { "\\.logits = { [^,]*,", ".logits = { 0.0f \\/ 0.0f,", 3e38 },
        { "\\.logits = { [^,]*,", ".logits = { -1.0f \\/ 0.0f,", 3e38 },
        { "    resc_softmax_f32", "    if (0) resc_softmax_f32", 0.5 },
    };
    const struct form f = { .bundle = true, .with_main = true, .selftest = true, .level = 1,
                            .kernels = KERNELS_REF };
    struct e2e e = e2e_new(e2e_model_named("residual"));

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        cr_assert(e2e_compile(&e, &f));
        change_source(&e, changes[i].from, changes[i].to);
        cr_assert(e2e_build(&e, &f, "gcc", "-std=c99 -O1"));
        cr_expect_geq(deviation(&e, &f), changes[i].at_least, "'%s'", changes[i].to);
    }
    e2e_end(&e);
}

static void flip_bit(const struct e2e *e, const char *file, long byte, int bit)
{
    FILE *f = fopen(arena_printf(e->arena, "%s/%s", e->dir, file), "r+b");

    cr_assert(f && fseek(f, byte, byte < 0 ? SEEK_END : SEEK_SET) == 0);
    const int c = getc(f);

    cr_assert(c != EOF && fseek(f, -1, SEEK_CUR) == 0 && putc(c ^ 1 << bit, f) != EOF);
    cr_assert_eq(fclose(f), 0);
}

/* Any bit of any weight, the least one of a mantissa too, in each of the forms. */
Test(e2e_selftest, finds_a_flipped_bit)
{
    struct e2e e = e2e_new(e2e_model_named("residual"));
    struct form f = { .bundle = true, .with_main = true, .selftest = true, .level = 1,
                      .kernels = KERNELS_REF, .weights = WEIGHTS_FILE };
    const char *bin = arena_printf(e.arena, "%s.bin", e.name);

    cr_assert(e2e_compile(&e, &f) && e2e_build(&e, &f, "gcc", "-std=c99 -O1"));
    cr_assert_leq(deviation(&e, &f), 1e-4);
    for (int i = 0; i < 100; i++) {
        const long byte = 64 + (long)i * 23;

        flip_bit(&e, bin, byte, i % 8);
        cr_assert_gt(deviation(&e, &f), 3e38, "byte %ld", byte);
        flip_bit(&e, bin, byte, i % 8);
    }
    cr_assert_leq(deviation(&e, &f), 1e-4);
    f.weights = WEIGHTS_INCBIN;
    cr_assert(e2e_compile(&e, &f));
    flip_bit(&e, arena_printf(e.arena, "%s.c.weights", e.name), -1, 0);
    cr_assert(e2e_build(&e, &f, "gcc", "-std=c99 -O1"));
    cr_assert_gt(deviation(&e, &f), 3e38);
    e2e_end(&e);
}

/* From C++, on memory of exactly the size that the header names, under sanitizers; and what is
 * refused. */
Test(e2e_selftest, from_cpp)
{
    static const char program[] =
        "#include \"residual.h\"\n#include <cstdlib>\n#include <cfloat>\n"
        "int main()\n{\n"
        "    char *m = (char *)std::aligned_alloc(64, (RESIDUAL_SELFTEST_SIZE + 63) / 64 * 64);\n"
        "    char *at = m + (RESIDUAL_SELFTEST_SIZE + 63) / 64 * 64 - RESIDUAL_SELFTEST_SIZE;\n"
        "    if ((at - m) % 64 != 0) at = m;\n"
        "    const bool ok = residual_selftest(at) <= RESIDUAL_SELFTEST_TOLERANCE &&\n"
        "                    residual_selftest(NULL) == FLT_MAX && residual_selftest(m + 4) == FLT_MAX;\n"
        "    std::free(m);\n    return ok ? 0 : 1;\n}\n";
    const struct form f = { .bundle = true, .selftest = true, .level = 1, .kernels = KERNELS_REF };
    struct e2e e = e2e_new(e2e_model_named("residual"));
    FILE *file = fopen(arena_printf(e.arena, "%s/main.cpp", e.dir), "wb");
    struct process p;

    cr_assert(file && fputs(program, file) >= 0 && fclose(file) == 0);
    cr_assert(e2e_compile(&e, &f));
    cr_assert(shell(e.arena, &p, "cd %s && gcc -std=c99 -O1 -g -fsanitize=address,undefined "
                    "-fno-sanitize-recover=all -c %s.c && g++ -Wall -Wextra -Werror "
                    "-fsanitize=address,undefined main.cpp %s.o -lm -o cpp && ./cpp", e.dir, e.name,
                    e.name));
    e2e_end(&e);
}
