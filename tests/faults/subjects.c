// SPDX-License-Identifier: Apache-2.0
#include "subjects.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/str.h"
#include "model.h"
#include "onnx/load.h"
#include "ops/op.h"
#include "write_one.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct subject subjects[] = {
#define SUBJECT(name, opset, in, shape, out, nodes) \
    { #name, opset, DT_##in, shape, DT_##out, nodes },
#include "subjects.def"
#undef SUBJECT
};
const int n_subjects = COUNT(subjects);

/* Elements between 0.25 and 1.25, the same in every run. */
static void add_f32(struct model *m, const char *name, const char *shape)
{
    size_t len = 1;

    for (const char *p = shape; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        len *= strtoul(p, NULL, 10);
    float *data = arena_new_n(model_arena(m), float, len);

    for (size_t i = 0; i < len; i++)
        data[i] = 0.25f + (float)(i * 37 % 101) / 101.0f;
    model_initialiser(m, name, DT_F32, shape, data);
}

static void add_i64(struct model *m, const char *name, const char *elements)
{
    int64_t data[16];
    int n = 0;

    for (const char *p = elements; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        data[n++] = strtoll(p, NULL, 10);
    model_initialiser(m, name, DT_I64, arena_printf(model_arena(m), "%d", n), data);
}

/* The names of a node's inputs; what is constant among them becomes an initialiser. */
static const char *inputs_of(struct model *m, char *words)
{
    struct arena *a = model_arena(m);
    const char *names = "";

    for (char *save, *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        char *mark = strpbrk(w, "=@");
        const bool is_f32 = mark && *mark == '=';

        if (mark)
            *mark++ = '\0';
        if (is_f32)
            add_f32(m, w, mark);
        else if (mark)
            add_i64(m, w, mark);
        names = arena_printf(a, "%s%s%s", names, *names ? " " : "", w);
    }
    return names;
}

/* "OPERATOR inputs -> outputs | attributes": the outputs. */
static const char *add_node(struct model *m, char *line)
{
    char *arrow = strstr(line, "->"), *out = arrow + 3, *bar = strstr(out, " | ");
    const size_t op_len = strcspn(line, " ");

    *arrow = line[op_len] = '\0';
    if (bar)
        *bar = '\0';
    const char *inputs = line + op_len < arrow ? inputs_of(m, line + op_len + 1) : "";

    model_node(m, line, inputs, out, bar ? bar + 3 : NULL);
    return out;
}

struct model *subject_model(const struct subject *s)
{
    struct model *m = model_new(s->opset);
    char *text = arena_strdup(model_arena(m), s->nodes);
    const char *out = NULL;

    model_input(m, "x", s->in_type, s->in_shape);
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        out = add_node(m, line);
    }
    model_output(m, out, s->out_type, NULL);
    return m;
}

void subject_write_input(const struct subject *s, const char *path)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, path);
    struct tensor x = { .name = "x", .type = s->in_type, .shape = shape_scalar() };

    for (const char *p = s->in_shape; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        x.shape.dim[x.shape.rank++] = strtoll(p, NULL, 10);
    float *data = arena_new_n(a, float, shape_len(&x.shape));

    for (int64_t i = 0; i < shape_len(&x.shape); i++)
        data[i] = (float)i;
    x.data = data;
    if (!write_one(onnx_write_tensor, path, &x, &d))
        abort();
    arena_free(a);
}

static bool has_op(const struct subject *s, const struct op *op)
{
    if (s->opset < op->since || s->opset > op->until)
        return false;
    for (const char *line = s->nodes; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1
                                                                      : NULL) {
        const size_t n = strcspn(line, " ");

        if (n == strlen(op->name) && strncmp(line, op->name, n) == 0)
            return true;
    }
    return false;
}

int ops_without_subject(void)
{
    int without = 0;

    for (int i = 0; i < n_all_ops; i++) {
        const struct op *op = all_ops[i];
        bool found = op->flags & OP_INTERNAL;

        for (int s = 0; s < n_subjects && !found; s++)
            found = has_op(&subjects[s], op);
        if (!found)
            fprintf(stderr, "no subject has %s of opset %d\n", op->name, op->since);
        without += !found;
    }
    return without;
}
