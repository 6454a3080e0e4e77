// SPDX-License-Identifier: Apache-2.0
/* The certificate of `verify --layers` tells faults from rounding. */
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const float *random_floats(struct arena *a, int n, float size)
{
    float *v = arena_new_n(a, float, n);

    for (int i = 0; i < n; i++)
        v[i] = size * (float)(rand() / (double)RAND_MAX - 0.5);
    return v;
}

/* Three convolutions, the last with a residual, then average, Gemm and Softmax. */
static void write_net(const struct world *w, const char *name)
{
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);

    model_input(m, "x", DT_F32, "1,16,12,12");
    model_initialiser(m, "w1", DT_F32, "16,16,3,3", random_floats(a, 16 * 16 * 9, 0.3f));
    model_initialiser(m, "w2", DT_F32, "16,16,1,1", random_floats(a, 16 * 16, 0.6f));
    model_initialiser(m, "w3", DT_F32, "16,16,3,3", random_floats(a, 16 * 16 * 9, 0.3f));
    model_initialiser(m, "w4", DT_F32, "16,10", random_floats(a, 16 * 10, 1.0f));
    model_initialiser(m, "b4", DT_F32, "10", random_floats(a, 10, 1.0f));
    model_node(m, "Conv", "x w1", "c1", "kernel_shape=[3,3] pads=[1,1,1,1]");
    model_node_name(m, "first");
    model_node(m, "Relu", "c1", "r1", NULL);
    model_node(m, "Conv", "r1 w2", "c2", "kernel_shape=[1,1]");
    model_node_name(m, "second");
    model_node(m, "Relu", "c2", "r2", NULL);
    model_node(m, "Conv", "r2 w3", "c3", "kernel_shape=[3,3] pads=[1,1,1,1]");
    model_node_name(m, "third");
    model_node(m, "Add", "c3 r1", "s", NULL);
    model_node(m, "GlobalAveragePool", "s", "p", NULL);
    model_node(m, "Flatten", "p", "f", NULL);
    model_node(m, "Gemm", "f w4 b4", "g", NULL);
    model_node_name(m, "last");
    model_node(m, "Softmax", "g", "y", NULL);
    model_output(m, "y", DT_F32, "1,10");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

/* A C compiler that multiplies one element of the weights SPOIL by FACTOR before the program
 * starts, if it is told to. */
static void write_spoiling_compiler(const struct world *w)
{
    write_text(w, "spoil.c", "#ifdef SPOIL\n"
                             "__attribute__((constructor)) static void spoil(void)\n"
                             "{\n"
                             "    float *v = (float *)(void *)&weights_blob.at.SPOIL;\n"
                             "    v[5] *= FACTOR;\n"
                             "}\n#endif\n");
    write_text(w, "spoilcc", "#!/bin/sh\nfor f; do case $f in *.c)\n"
                             "  sed 's/^static const union weights_blob/static union weights_blob/'"
                             " \"$f\" > \"$f.new\"\n"
                             "  cat \"$(dirname \"$0\")/spoil.c\" >> \"$f.new\"\n"
                             "  mv \"$f.new\" \"$f\"\n"
                             "esac; done\nexec cc \"$@\"\n");
    chmod(in_world(w, "spoilcc"), 0755);
}

static struct world world_with_net(void)
{
    struct world w = world_new();

    srand(1);
    write_net(&w, "net.onnx");
    write_spoiling_compiler(&w);
    w.env = arena_printf(w.arena, "CC=%s", in_world(&w, "spoilcc"));
    return w;
}

static const struct spoiled { const char *weights, *origin; } spoiled[] = {
    { "w1", "first (Conv)" }, { "w2", "second (Conv)" }, { "w3", "third (Conv)" },
    { "w4", "last (Gemm)" },
};

static void expect_off(const struct world *w, const char *kernels, const struct spoiled *s,
                       const char *factor)
{
    const struct outcome o =
        resc(w, "verify", "net.onnx", "--layers",
             arena_printf(w->arena, "--kernels=%s", kernels),
             arena_printf(w->arena, "--cc-flags=-O1 -DSPOIL=%s -DFACTOR=%s", s->weights, factor),
             NULL);
    const char *off = strstr(o.out, "first step that is off: ");

    cr_expect_eq(o.status, 1, "%s, %s: %s%s", kernels, s->weights, o.out, o.err);
    cr_expect(off && strstr(off, s->origin) && strstr(off, s->origin) < strchr(off, '\n'),
              "%s, %s: %s%s", kernels, s->weights, o.out, o.err);
    cr_expect(strstr(o.out, "certificate: ") && strstr(o.out, ": 1 OFF, "), "%s, %s: %s", kernels,
              s->weights, o.out);
    cr_expect(strstr(o.err, "not of rounding"), "%s", o.err);
}

Test(certificate, one_weight_that_is_off_is_found_in_its_step)
{
    struct world w = world_with_net();

    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++) {
        expect_off(&w, "ref", &spoiled[i], "1.0001f");
        expect_off(&w, "blas", &spoiled[i], "1.02f");
    }
    expect_off(&w, "native", &spoiled[0], "1.1f");
    expect_off(&w, "native", &spoiled[1], "1.05f");
    world_end(&w);
}

/* The same program unspoiled: within its bounds, which are not so wide as to say nothing. */
Test(certificate, rounding_is_not_a_fault)
{
    static const char *const kernels[] = { "ref", "blas", "native" };
    struct world w = world_with_net();

    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        const struct outcome o =
            resc(&w, "verify", "net.onnx", "--layers", "--json", "--cc-flags=-O1",
                 arena_printf(w.arena, "--kernels=%s", kernels[i]), NULL);
        const char *c = strstr(o.out, "\"certificate\":");

        cr_assert_eq(o.status, 0, "%s%s", o.out, o.err);
        cr_assert(c, "%s", o.out);
        cr_expect(strstr(c, "\"no_bound\":0,\"off\":0,"), "%s", c);
        cr_expect(strstr(c, "\"first_off\":0,\"data_set\":\"random inputs\",\"sha256\":\""), "%s", c);
        const double worst = strtod(strstr(c, "worst_ratio\":") + 13, NULL);
        const double median = strtod(strstr(c, "median_ratio\":") + 14, NULL);

        cr_expect(worst > 0.01 && worst <= 1, "%s: %g", kernels[i], worst);
        cr_expect(median > 0.001, "%s: %g", kernels[i], median);
    }
    world_end(&w);
}

/* What is only moved, or rounded once, must come out to the bit: half a unit in the last place
 * is a fault. */
Test(certificate, exact_steps_are_held_to_the_bit)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4");
    model_node(m, "Add", "x x", "y", NULL);
    model_output(m, "y", DT_F32, "1,4");
    cr_assert(model_write(m, in_world(&w, "net.onnx")));
    model_free(m);
    write_text(&w, "addcc", "#!/bin/sh\nfor f; do case $f in *.c)\n"
                            "  sed 's/a + b/(a + b) * 1.0000001f/' \"$f\" > \"$f.new\"\n"
                            "  mv \"$f.new\" \"$f\"\n"
                            "esac; done\nexec cc \"$@\"\n");
    chmod(in_world(&w, "addcc"), 0755);
    struct outcome o = resc_words(&w, "verify net.onnx --layers --kernels=ref");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    w.env = arena_printf(w.arena, "CC=%s", in_world(&w, "addcc"));
    o = resc_words(&w, "verify net.onnx --layers --kernels=ref");
    cr_expect_eq(o.status, 1, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "first step that is off: 1, "), "%s%s", o.out, o.err);
    world_end(&w);
}
