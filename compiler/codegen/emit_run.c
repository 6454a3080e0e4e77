// SPDX-License-Identifier: Apache-2.0
/* emit_run - the parameters of every step, and NAME_run(), one call a step. */
#include "codegen/emitter.h"

#include "base/arena.h"
#include "resc_c16.h"

#include <assert.h>
#include <string.h>

static const char *pointer_to(struct emit *e, const struct value *v, bool is_const)
{
    return arena_printf(e->arena, "%s%s *%s", is_const ? "const " : "", dtype_c_name(v->type),
                        e->names.value[v->id]);
}

void emit_signature(struct emit *e, const char *end)
{
    emit_printf(e, "int %s_run(", e->prefix);
    struct list l = list_here(e, ",");

    if (e->weights == WEIGHTS_FILE)
        list_item(&l, "const void *weights");
    for (int i = 0; i < e->graph->n_inputs; i++)
        list_item(&l, pointer_to(e, e->graph->inputs[i], true));
    for (int i = 0; i < e->graph->n_outputs; i++)
        list_item(&l, pointer_to(e, e->graph->outputs[i], false));
    list_item(&l, "void *workspace");
    emit_printf(e, ")%s", end);
}

static const char *act_text(struct emit *e, const struct resc_act *act)
{
    switch (act->kind) {
    case RESC_ACT_RELU:
        return "{ .kind = RESC_ACT_RELU }";
    case RESC_ACT_CLIP:
        return arena_printf(e->arena, "{ RESC_ACT_CLIP, %s, %s }", emit_float(e, act->lo),
                            emit_float(e, act->hi));
    case RESC_ACT_LEAKY_RELU:
        return arena_printf(e->arena, "{ RESC_ACT_LEAKY_RELU, %s, 0.0f }",
                            emit_float(e, act->lo));
    case RESC_ACT_NONE:
        break;
    }
    return "{ .kind = RESC_ACT_NONE }";
}

static const char *number_text(struct emit *e, const struct field *f, const unsigned char *at)
{
    int i;
    ptrdiff_t size;
    float x;
    struct resc_act act;
    struct resc_halo halo;

    switch (f->kind) {
    case FIELD_INT:
        memcpy(&i, at, sizeof(i));
        return arena_printf(e->arena, "%d", i);
    case FIELD_ENUM:
        memcpy(&i, at, sizeof(i));
        return f->names[i];
    case FIELD_SIZE:
        memcpy(&size, at, sizeof(size));
        return arena_printf(e->arena, "%td", size);
    case FIELD_FLOAT:
        memcpy(&x, at, sizeof(x));
        return emit_float(e, x);
    case FIELD_ACT:
        memcpy(&act, at, sizeof(act));
        return act_text(e, &act);
    case FIELD_HALO:
        memcpy(&halo, at, sizeof(halo));
        return arena_printf(e->arena, "{ %d, %d, %d, %d }", halo.top, halo.left, halo.bottom,
                            halo.right);
    }
    return NULL;
}

static size_t number_size(const struct field *f)
{
    return f->kind == FIELD_SIZE ? sizeof(ptrdiff_t) : f->kind == FIELD_FLOAT ? sizeof(float)
         : f->kind == FIELD_ACT ? sizeof(struct resc_act)
         : f->kind == FIELD_HALO ? sizeof(struct resc_halo) : sizeof(int);
}

static bool all_zero(const unsigned char *bytes, size_t size)
{
    while (size && !bytes[size - 1])
        size--;
    return !size;
}

/* ".pads = { 1, 1 }", or NULL: a field left out of an initialiser is 0. */
static const char *field_text(struct emit *e, const struct field *f, const unsigned char *at)
{
    const int count = f->count ? f->count : 1;
    const size_t size = number_size(f);
    struct str text = { 0 };

    if (f->kind != FIELD_ENUM && all_zero(at, (size_t)count * size))
        return NULL;
    str_printf(&text, ".%s = %s", f->name, f->count ? "{ " : "");
    int used = count;

    while (used > 1 && all_zero(at + (size_t)(used - 1) * size, size))
        used--;
    for (int i = 0; i < used; i++)
        str_printf(&text, "%s%s", i ? ", " : "", number_text(e, f, at + (size_t)i * size));
    str_puts(&text, f->count ? " }" : "");
    const char *copy = arena_strdup(e->arena, str_text(&text));

    str_free(&text);
    return copy;
}

void emit_parameters(struct emit *e)
{
    str_puts(e->out, "/* ---- layer parameters ---- */\n\n");
    for (int s = 0; s < e->plan->n_steps; s++) {
        const struct node *n = e->plan->steps[s].node;
        const struct params *params = n->op->params;
        _Alignas(max_align_t) unsigned char bytes[PARAMS_MAX] = { 0 };

        if (!params)
            continue;
        assert(params->size <= sizeof(bytes));
        plan_params(e->plan, &e->plan->steps[s], bytes);
        emit_printf(e, "static const struct %s %s = {\n    ", params->type, emit_name(e, n));
        struct list l = list_here(e, ",");

        for (int i = 0; i < params->n_fields; i++) {
            const char *text = field_text(e, &params->fields[i], bytes + params->fields[i].offset);

            if (text)
                list_item(&l, text);
        }
        str_puts(e->out, l.any ? ",\n};\n" : "0\n};\n");
    }
    str_puts(e->out, "\n");
}

static const char *at_offset(struct emit *e, size_t offset)
{
    return offset ? arena_printf(e->arena, "ws + %zu", offset) : "ws";
}

/* Whether NAME_run() has a pointer of its own for `v`. */
static bool is_declared(struct emit *e, const struct value *v)
{
    const struct place *at = plan_place(e->plan, v);

    return at->kind == PLACE_WORKSPACE || (at->kind == PLACE_OUTPUT && v != at->output);
}

/* "float *const conv1_out" */
static const char *declarator(struct emit *e, const struct value *v)
{
    return arena_printf(e->arena, "%s *const %s", dtype_c_name(v->type), e->names.value[v->id]);
}

/* " in blocks, halo 1,1,1,1", or "" for ONNX's own layout. */
static const char *layout_note(struct emit *e, const struct value *v)
{
    const struct layout *l = &e->plan->layout[v->id];
    const struct resc_halo h = l->halo;

    if (l->kind == LAYOUT_NCHW)
        return "";
    return h.top || h.left || h.bottom || h.right
               ? arena_printf(e->arena, " in blocks, halo %d,%d,%d,%d,", h.top, h.left, h.bottom,
                              h.right) : " in blocks";
}

static void declare_tensor(struct emit *e, const struct value *v, int step, int width)
{
    const struct place *at = plan_place(e->plan, v);
    char shape[SHAPE_TEXT_MAX];

    emit_printf(e, "    %-*s = ", width, declarator(e, v));
    if (at->kind == PLACE_OUTPUT)
        emit_printf(e, "%s;", e->names.value[at->output->id]);
    else if (!e->plan->workspace_size) /* it has no elements */
        str_puts(e->out, "workspace;");
    else
        emit_printf(e, "(%s *)(void *)%s;", dtype_c_name(v->type),
                    at->offset ? arena_printf(e->arena, "(%s)", at_offset(e, at->offset)) : "ws");
    emit_printf(e, " /* %s%s from step %d */\n", shape_text(&v->shape, shape),
                layout_note(e, v), step + 1);
}

static void workspace_map(struct emit *e)
{
    const struct plan *p = e->plan;
    int width = 0;

    for (int pass = 0; pass < 2; pass++) {
        if (pass && width)
            str_puts(e->out, "\n    /* Workspace map.  A tensor's bytes are used again after its "
                             "last reader, or by it. */\n");
        for (int s = 0; s < p->n_steps; s++)
            for (int i = 0; i < p->steps[s].node->n_out; i++) {
                const struct value *v = p->steps[s].node->out[i];

                if (!v || !is_declared(e, v))
                    continue;
                const int n = (int)strlen(declarator(e, v));

                if (pass)
                    declare_tensor(e, v, s, width);
                else if (n > width)
                    width = n;
            }
    }
}

static void check_arguments(struct emit *e)
{
    const struct graph *g = e->graph;

    str_puts(e->out, "    if (");
    struct list l = list_here(e, " ||");

    if (e->weights == WEIGHTS_FILE)
        list_item(&l, "!weights");
    for (int i = 0; i < g->n_inputs; i++)
        list_item(&l, arena_printf(e->arena, "!%s", e->names.value[g->inputs[i]->id]));
    for (int i = 0; i < g->n_outputs; i++)
        list_item(&l, arena_printf(e->arena, "!%s", e->names.value[g->outputs[i]->id]));
    if (e->plan->workspace_size) {
        list_item(&l, "!ws");
        list_item(&l, arena_printf(e->arena, "(uintptr_t)ws %% %s_WORKSPACE_ALIGN", e->upper));
    }
    str_puts(e->out, ")\n        return -1;\n");
}

static void emit_kernel_call(struct emit *e, const struct step *s)
{
    const struct node *n = s->node;
    const struct op *op = n->op;
    const int n_in = op->n_kernel_in ? op->n_kernel_in : op->max_in < 0 ? n->n_in : op->max_in;

    emit_printf(e, "    %s(", s->kernel->fn);
    struct list l = list_here(e, ",");

    if (op->params)
        list_item(&l, arena_printf(e->arena, "&%s", emit_name(e, n)));
    for (int i = 0; i < n_in; i++)
        list_item(&l, emit_value(e, i < n->n_in ? s->in[i] : NULL));
    for (int i = 0; i < n->n_out; i++)
        list_item(&l, emit_value(e, n->out[i]));
    if (op->flags & OP_SCRATCH)
        list_item(&l, s->scratch_size ? at_offset(e, s->scratch_offset) : "NULL");
    str_puts(e->out, ");\n");
}

static void emit_step(struct emit *e, int i)
{
    const struct step *s = &e->plan->steps[i];
    const struct node *n = s->node;

    emit_printf(e, "\n    /* %d  ", i + 1);
    emit_comment(e, n->origin);
    emit_printf(e, "%s%s */\n", s->kernel->brief ? ": " : "",
                s->kernel->brief ? s->kernel->brief : "");
    if (n->op->emit_call)
        n->op->emit_call(e, n, s->kernel);
    else
        emit_kernel_call(e, s);
    if (e->opt->profile)
        emit_printf(e, "    profile_step(%d);\n", i);
    if (e->opt->trace)
        for (int k = 0; k < n->n_out; k++)
            if (n->out[k])
                emit_printf(e, "    trace(%d, %s, %zu);\n", i, emit_value(e, n->out[k]),
                            layout_size(n->out[k], &e->plan->layout[n->out[k]->id]));
}

/* A NaN has 23 bits that processors choose as they like. */
static void emit_same_nans(struct emit *e)
{
    for (int i = 0; i < e->graph->n_outputs; i++) {
        const struct value *v = e->graph->outputs[i];
        const char *name = e->names.value[v->id];

        if (v->type != DT_F32 || shape_len(&v->shape) == 0)
            continue;
        e->needs_math_h = true;
        emit_printf(e, "\n    for (size_t resc_i = 0; resc_i < %s_%s_LEN; resc_i++) /* one NaN for all */\n"
                       "        %s[resc_i] = %s[resc_i] == %s[resc_i] ? %s[resc_i] : NAN;\n", e->upper,
                    name_upper(e->arena, name), name, name, name, name);
    }
}

void emit_run(struct emit *e)
{
    emit_signature(e, "\n{\n");
    if (e->plan->n_weights && e->weights == WEIGHTS_INLINE)
        str_puts(e->out, "    const struct weights *const w = &weights_blob.at;\n");
    else if (e->plan->n_weights && e->weights == WEIGHTS_INCBIN)
        str_puts(e->out, "    const struct weights *const w = &weights_at;\n");
    if (e->plan->workspace_size)
        str_puts(e->out, "    unsigned char *const ws = workspace;\n");
    str_puts(e->out, "\n");
    check_arguments(e);
    if (e->plan->n_weights && e->weights == WEIGHTS_FILE)
        emit_printf(e, "\n    const struct weights *const w =\n"
                       "        (const struct weights *)(const void *)"
                       "((const char *)weights + %d);\n",
                    (int)WORKSPACE_ALIGN);
    if (!e->plan->workspace_size)
        str_puts(e->out, "    (void)workspace;\n");
    workspace_map(e);
    if (e->opt->profile)
        str_puts(e->out, "\n    profile_begin();\n");
    for (int i = 0; i < e->plan->n_steps; i++)
        emit_step(e, i);
    if (e->plan->reproducible)
        emit_same_nans(e);
    str_puts(e->out, "    return 0;\n}\n");
}
