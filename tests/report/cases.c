// SPDX-License-Identifier: Apache-2.0
/* cases FOLDER: models for reports, and pictures of signals that no test can wait for. */
#include "base/arena.h"
#include "base/count.h"
#include "base/str.h"
#include "model.h"
#include "networks.h"
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void save(struct model *m, const char *folder, const char *name)
{
    const char *path = arena_printf(model_arena(m), "%s/%s", folder, name);

    if (!model_write(m, path)) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    model_free(m);
}

/* A residual block of 1x1 convolutions whose every name wants to be more than text. */
static struct model *hostile(void)
{
    static const float weight[] = { 0.5f };
    static const char *const names[] = {
        "<script>alert(1)</script>", "]]></title></style></script><img/src=x/onerror=alert(2)>",
        "\"onmouseover=\"alert(3)", "'&lt;&#60;b&gt;", "\x01\x1b[31m\x7f\xff\xfe\xc0\xaf",
        "\u202etxt.exe\u2066\ufffe\uffff", "--><!--<svg/onload=alert(4)>", "${alert(5)}`\\u003c",
    };
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);

    model_input(m, names[0], DT_F32, "1,1,4,4");
    model_initialiser(m, names[1], DT_F32, "1,1,1,1", weight);
    model_node(m, "Conv", arena_printf(a, "%s %s", names[0], names[1]), names[2], NULL);
    model_node_name(m, names[0]);
    model_node(m, "Relu", names[2], names[3], NULL);
    model_node_name(m, names[1]);
    model_node(m, "Conv", arena_printf(a, "%s %s", names[3], names[1]), names[4], NULL);
    model_node_name(m, names[5]);
    model_node(m, "Add", arena_printf(a, "%s %s", names[0], names[4]), names[5], NULL);
    model_node_name(m, names[6]);
    model_node(m, "Sigmoid", names[5], names[7], NULL);
    model_node_name(m, names[4]);
    model_output(m, names[7], DT_F32, "1,1,4,4");
    return m;
}

static struct model *single(void)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,3");
    model_node(m, "Relu", "x", "y", NULL);
    model_output(m, "y", DT_F32, "1,3");
    return m;
}

/* Two ways that part and are concatenated, one of them longer, without a residual block. */
static struct model *plain(void)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4,8,8");
    model_initialiser(m, "w", DT_F32, "4,4,3,3", NULL);
    model_node(m, "Conv", "x w", "a", "pads=[1,1,1,1]");
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "MaxPool", "b", "c", "kernel_shape=[3,3] pads=[1,1,1,1]");
    model_node(m, "Sigmoid", "x", "d", NULL);
    model_node(m, "Concat", "c d x", "y", "axis=1");
    model_output(m, "y", DT_F32, "1,12,8,8");
    return m;
}

/* Gains down to nothing, and beyond what a double holds; blocks of which some are not known. */
static void draw_signal(const char *folder, const char *figure)
{
    enum { N = 40 };
    static const struct node node = { .name = "n", .origin = "<n> (Conv)" };
    static struct value value = { .name = "v & w" };
    struct signal_step steps[N];
    struct signal_block blocks[N];
    struct str text = { 0 };
    char path[4096];

    for (int i = 0; i < N; i++) {
        const struct gain up = { true, 12.0 * i, i / 4.0 };
        const struct gain down = { true, i > 30 ? -INFINITY : -10.0 * i, 0.5 };

        steps[i] = (struct signal_step){
            .node = &node, .value = &value, .stats = { .rms = pow(10, i / 8.0) },
            .cut_stats = { .rms = i > 20 ? 0 : pow(10, -i) }, .gain = up, .cut_gain = down,
        };
        blocks[i] = (struct signal_block){
            .block = { .from = &value, .to = &value }, .ratio = i % 7 ? 1.0 / i : 0,
            .rest = { i % 5 == 0, -i / 3.0, 0 }, .cut_rest = { i % 5 == 0, -9.0 * i, 0 },
        };
    }
    const struct signal signal = { .steps = steps, .n_steps = N, .blocks = blocks, .n_blocks = N,
                                   .n_rest = N / 5 };
    const struct report r = { .signal = &signal };

    snprintf(path, sizeof path, "%s/made-%s.svg", folder, figure);
    FILE *f = fopen(path, "w");

    if (!f || !figure_file(figure_find(figure), &r, &text) ||
        fwrite(str_text(&text), 1, text.len, f) != text.len || fclose(f) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    str_free(&text);
}

int main(int argc, char **argv)
{
    static const char *const figures[] = { "rms", "gain", "gain-out", "ratio" };
    static const int blocks152[] = { 3, 8, 36, 3 };
    const char *folder = argc == 2 ? argv[1] : ".";

    save(hostile(), folder, "hostile.onnx");
    save(hostile(), folder, "<svg onload=alert(6)>.onnx");
    save(single(), folder, "single.onnx");
    save(plain(), folder, "plain.onnx");
    save(bottleneck_network(blocks152, 4, 64), folder, "deep152.onnx");
    for (int i = 0; i < COUNT(figures); i++)
        draw_signal(folder, figures[i]);
    return 0;
}
