// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"

#include "base/arena.h"
#include "base/count.h"
#include "model.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 12, NAME_SIZE = 32, SHAPE_SIZE = 64, LEN_MAX = 4096 };

static const struct seed {
    int opset;
    const char *lines[LINES_MAX + 1];
} seeds[] = {
#define SEED(opset, ...) { opset, { __VA_ARGS__ } },
#include "seeds.def"
#undef SEED
};
const int n_seeds = COUNT(seeds);

static enum dtype type_named(const char *name)
{
    for (int t = DT_NONE + 1; t < N_DTYPES; t++)
        if (strcmp(dtype_name((enum dtype)t), name) == 0)
            return (enum dtype)t;
    fprintf(stderr, "seeds.def: no type %s\n", name);
    abort();
}

static void constant(struct model *m, const char *name, enum dtype t, const char *shape,
                     const char *numbers)
{
    union { float f32[LEN_MAX]; int64_t i64[LEN_MAX]; } data;
    char *end;

    for (int i = 0; i < LEN_MAX; i++) {
        const double x = strtod(numbers, &end);
        const bool more = end != numbers;
        const double ramp = (i % 7 + 1) * (i % 2 ? -0.5 : 0.25);

        numbers = end;
        if (t == DT_I64)
            data.i64[i] = more ? (int64_t)x : 0;
        else
            data.f32[i] = (float)(more ? x : ramp);
    }
    model_initialiser(m, name, t, shape, &data);
}

/* "in NAME TYPE SHAPE", "const ...", "out ..."; false: it is a node. */
static bool value_line(struct model *m, const char *line)
{
    char kind[NAME_SIZE], name[NAME_SIZE], type[NAME_SIZE], shape[SHAPE_SIZE];
    int end = 0;

    if (sscanf(line, "%31s %31s %31s %63s%n", kind, name, type, shape, &end) != 4 || !end)
        return false;
    if (strcmp(shape, "\"\"") == 0)
        *shape = '\0';
    if (strcmp(kind, "in") == 0)
        model_input(m, name, type_named(type), shape);
    else if (strcmp(kind, "out") == 0)
        model_output(m, name, type_named(type), shape);
    else if (strcmp(kind, "const") == 0)
        constant(m, name, type_named(type), shape, line + end);
    else
        return false;
    return true;
}

/* "OP IN... > OUT... | ATTRIBUTES" */
static void node_line(struct model *m, const char *line)
{
    char *copy = arena_strdup(model_arena(m), line);
    char *out = strchr(copy, '>'), *attributes = strstr(copy, " | "), *in = strchr(copy, ' ');

    if (attributes) {
        *attributes = '\0';
        attributes += 3;
    }
    out[-1] = '\0'; /* the blank before '>' */
    if (in < out - 1)
        *in++ = '\0';
    else
        in = copy + strlen(copy);
    model_node(m, copy, in, out + 2, attributes);
}

struct model *seed_model(int i)
{
    struct model *m = model_new(seeds[i].opset);

    for (const char *const *line = seeds[i].lines; *line; line++)
        if (!value_line(m, *line))
            node_line(m, *line);
    return m;
}
