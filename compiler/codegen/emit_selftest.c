// SPDX-License-Identifier: Apache-2.0
/* emit_selftest - NAME_selftest(): hashes the weights, makes an input, runs the
 * model on it, compares.
 *
 * Its memory is the workspace, then the inputs, then the outputs, each at a
 * multiple of WORKSPACE_ALIGN.  What is stored is at the end of the file. */
#include "codegen/emitter.h"

#include "base/arena.h"
#include "base/count.h"
#include "codegen/selftest.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

static const char hash_function[] =
    "/* FNV-1a: a change of any one byte changes it. */\n"
    "static uint32_t selftest_hash(const unsigned char *bytes, size_t n)\n{\n"
    "    uint32_t hash = 2166136261u;\n\n"
    "    for (size_t i = 0; i < n; i++)\n"
    "        hash = (hash ^ bytes[i]) * 16777619u;\n"
    "    return hash;\n}\n\n";

static const char next_function[] =
    "/* 24 pseudo-random bits. */\n"
    "static uint32_t selftest_next(uint32_t *seed)\n{\n"
    "    *seed = *seed * 1664525u + 1013904223u;\n"
    "    return *seed >> 8;\n}\n\n";

/* What an element is made of, as in selftest_input(). */
static const struct { enum dtype type; const char *element; } fills[] = {
    { DT_F32, "(float)selftest_next(seed) * (1.0f / 8388608.0f) - 1.0f" },
    { DT_U8, "(uint8_t)(selftest_next(seed) >> 16)" },
    { DT_I8, "(int8_t)((int)(selftest_next(seed) >> 16) - 128)" },
    { DT_I32, "(int32_t)(selftest_next(seed) >> 23)" },
    { DT_I64, "(int64_t)(selftest_next(seed) >> 23)" },
    { DT_BOOL, "(uint8_t)(selftest_next(seed) >> 23)" },
};

static const char float_functions[] =
    "static uint32_t selftest_bits(float x)\n{\n"
    "    const union { float x; uint32_t bits; } u = { x };\n\n"
    "    return u.bits;\n}\n\n"
    "/* The largest of `worst` and |got - want| / scale of every step-th element; FLT_MAX if one of\n"
    " * a pair is NaN or infinite and the other is not, as bits tell with -ffast-math too. */\n"
    "static float selftest_f32(float worst, const float *got, size_t step, const float *want,\n"
    "                          size_t n, float scale)\n{\n"
    "    const uint32_t infinity = 0x7f800000u;\n\n"
    "    for (size_t i = 0; i < n; i++) {\n"
    "        const float g = got[i * step], w = want[i], d = (g > w ? g - w : w - g) / scale;\n"
    "        const uint32_t g_bits = selftest_bits(g), w_bits = selftest_bits(w);\n"
    "        const uint32_t g_size = g_bits & 0x7fffffffu, w_size = w_bits & 0x7fffffffu;\n\n"
    "        if (g_size < infinity && w_size < infinity)\n"
    "            worst = d > worst ? d : worst;\n"
    "        else if (g_bits != w_bits && (g_size <= infinity || w_size <= infinity))\n"
    "            return FLT_MAX;\n"
    "    }\n"
    "    return worst < FLT_MAX ? worst : FLT_MAX;\n}\n\n";

static const char integer_function[] =
    "/* The largest of `worst` and |got - want| of every step-th element. */\n"
    "static float selftest_%s(float worst, const %s *got, size_t step, const %s *want,\n"
    "                          size_t n)\n{\n"
    "    uint64_t most = 0;\n\n"
    "    for (size_t i = 0; i < n; i++) {\n"
    "        const int64_t g = got[i * step], w = want[i];\n"
    "        const uint64_t d = g > w ? (uint64_t)g - (uint64_t)w : (uint64_t)w - (uint64_t)g;\n\n"
    "        most = d > most ? d : most;\n"
    "    }\n"
    "    return (float)most > worst ? (float)most : worst;\n}\n\n";

/* Input or output number k, as NAME_run() counts them. */
static const struct value *tensor(const struct emit *e, int k)
{
    const int n_inputs = e->graph->n_inputs;

    return k < n_inputs ? e->graph->inputs[k] : e->graph->outputs[k - n_inputs];
}

/* Where number k lies in the memory of the self-test; of the one after the last: its size. */
static size_t offset_of(const struct emit *e, int k)
{
    const size_t align = WORKSPACE_ALIGN;
    size_t at = e->plan->workspace_size;

    for (int i = 0; i < k; i++)
        at = (at + align - 1) / align * align + value_size(tensor(e, i));
    return k < e->graph->n_inputs + e->graph->n_outputs ? (at + align - 1) / align * align : at;
}

static bool any_type(struct value *const *values, int n, enum dtype t)
{
    for (int i = 0; i < n; i++)
        if (values[i]->type == t && shape_len(&values[i]->shape))
            return true;
    return false;
}

/* Elements of output v that are stored. */
static int64_t n_stored(const struct value *v)
{
    const int64_t len = shape_len(&v->shape), step = selftest_step(len);

    return (len + step - 1) / step;
}

static void signature(struct emit *e, const char *end)
{
    emit_printf(e, "float %s_selftest(%svoid *workspace)%s", e->prefix,
                e->weights == WEIGHTS_FILE ? "const void *weights, " : "", end);
}

void emit_selftest_header(struct emit *e)
{
    const int n = e->graph->n_inputs + e->graph->n_outputs;
    const size_t size = offset_of(e, n);

    emit_printf(e, "\n#define %s_SELFTEST_SIZE %zu /* bytes */\n"
                   "#define %s_SELFTEST_TOLERANCE 1e-4f\n\n",
                e->upper, size ? size : 1, e->upper);
    emit_printf(e, "/* Whether weights, code and processor are right: runs the model on a pseudo-random\n"
                   " * input, the same everywhere, and compares with what resc computed from the model\n"
                   " * file in double precision: at most %d elements of every output.\n *\n",
                SELFTEST_LEN_MAX);
    if (e->weights == WEIGHTS_FILE)
        emit_printf(e, " * weights: as for %s_run().\n *\n", e->prefix);
    emit_printf(e, " * workspace: %s_SELFTEST_SIZE bytes at a multiple of\n"
                   " * %s_WORKSPACE_ALIGN; inputs and outputs lie in it too.\n *\n", e->upper,
                e->upper);
    emit_printf(e, " * Returns the largest deviation; at most %s_SELFTEST_TOLERANCE\n"
                   " * is right.  Of floats it is |got - want| / the largest |want| of that output, of\n"
                   " * integers |got - want|.  FLT_MAX (of <float.h>): NaN or infinity came where a number\n"
                   " * was due, or the reverse; a weight has changed; or %s_run() would return -1. */\n",
                e->upper, e->prefix);
    signature(e, ";\n");
}

static void functions(struct emit *e)
{
    const struct graph *g = e->graph;
    bool any = false;

    str_puts(e->out, "\n/* ---- self-test ---- */\n\n");
    if (e->plan->weights_size)
        str_puts(e->out, hash_function);
    for (int i = 0; i < COUNT(fills); i++) {
        const enum dtype t = fills[i].type;

        if (!any_type(g->inputs, g->n_inputs, t))
            continue;
        str_puts(e->out, any ? "" : next_function);
        emit_printf(e, "static void selftest_fill_%s(%s *x, size_t n, uint32_t *seed)\n{\n"
                       "    for (size_t i = 0; i < n; i++)\n        x[i] = %s;\n}\n\n",
                    dtype_name(t), dtype_c_name(t), fills[i].element);
        any = true;
    }
    if (any_type(g->outputs, g->n_outputs, DT_F32))
        str_puts(e->out, float_functions);
    for (int i = 1; i < COUNT(fills); i++) {
        const char *c_name = dtype_c_name(fills[i].type);

        if (any_type(g->outputs, g->n_outputs, fills[i].type))
            emit_printf(e, integer_function, dtype_name(fills[i].type), c_name, c_name);
    }
}

/* Whether any output has elements. */
static bool declare_stored(struct emit *e)
{
    bool any = false;

    for (int i = 0; i < e->graph->n_outputs; i++) {
        const struct value *v = e->graph->outputs[i];

        if (!shape_len(&v->shape))
            continue;
        str_puts(e->out, any ? "" : "struct selftest {\n");
        any = true;
        const int64_t step = selftest_step(shape_len(&v->shape));

        emit_printf(e, "    %s %s[%" PRId64 "];", dtype_c_name(v->type), e->names.value[v->id],
                    n_stored(v));
        if (step > 1)
            emit_printf(e, " /* elements 0, %" PRId64 ", %" PRId64 ", ... */", step, 2 * step);
        str_puts(e->out, "\n");
    }
    if (any)
        str_puts(e->out, "};\n"
                         "static const struct selftest selftest_want; /* at the end of the file */\n\n");
    return any;
}

/* What deviations of a float output are measured in: the largest stored magnitude. */
static float scale_of(const float *x, int64_t n, int64_t step)
{
    float largest = 0.0f;

    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i * step]) && fabsf(x[i * step]) > largest)
            largest = fabsf(x[i * step]);
    return largest >= FLT_MIN ? largest : 1.0f;
}

static void compare_output(struct emit *e, int i)
{
    const struct value *v = e->graph->outputs[i];
    const char *name = e->names.value[v->id];
    const int64_t n = n_stored(v), step = selftest_step(shape_len(&v->shape));

    if (!n)
        return;
    emit_printf(e, "    selftest_worst = selftest_%s(", dtype_name(v->type));
    struct list l = list_here(e, ",");

    list_item(&l, "selftest_worst");
    list_item(&l, name);
    list_item(&l, arena_printf(e->arena, "%" PRId64, step));
    list_item(&l, arena_printf(e->arena, "selftest_want.%s", name));
    list_item(&l, arena_printf(e->arena, "%" PRId64, n));
    if (v->type == DT_F32)
        list_item(&l, emit_float(e, scale_of(e->opt->selftest_outputs[i], n, step)));
    str_puts(e->out, ");\n");
}

static void declare_tensors(struct emit *e)
{
    for (int k = 0; k < e->graph->n_inputs + e->graph->n_outputs; k++) {
        const struct value *v = tensor(e, k);

        emit_printf(e, "    %s *const %s = (%s *)(void *)(ws + %zu);\n", dtype_c_name(v->type),
                    e->names.value[v->id], dtype_c_name(v->type), offset_of(e, k));
    }
}

/* Of the bytes of struct weights. */
static uint32_t weights_hash(const struct plan *p)
{
    uint32_t hash = 2166136261u;

    for (int i = 0; i < p->n_weights; i++) {
        const unsigned char *bytes = p->weights[i]->data;
        const size_t size = value_size(p->weights[i]);

        for (size_t k = 0; k < size; k++)
            hash = (hash ^ bytes[k]) * 16777619u;
    }
    return hash;
}

static void check_arguments(struct emit *e)
{
    const bool file = e->weights == WEIGHTS_FILE;
    const char *bytes = file ? arena_printf(e->arena, "(const unsigned char *)weights + %d",
                                            (int)WORKSPACE_ALIGN)
                      : e->weights == WEIGHTS_INLINE ? "weights_blob.bytes"
                      : "(const unsigned char *)&weights_at";

    emit_printf(e, "\n    if (%s!ws || (uintptr_t)ws %% %s_WORKSPACE_ALIGN)\n"
                   "        return FLT_MAX;\n", file ? "!weights || " : "", e->upper);
    if (e->plan->weights_size) /* less than sizeof(struct weights) if that is padded */
        emit_printf(e, "    if (selftest_hash(%s, %zu) != 0x%08" PRIx32 "u)\n"
                       "        return FLT_MAX;\n", bytes, e->plan->weights_size,
                    weights_hash(e->plan));
    str_puts(e->out, "\n");
}

static void run_model(struct emit *e)
{
    const int n = e->graph->n_inputs + e->graph->n_outputs;

    emit_printf(e, "    if (%s_run(%s", e->prefix, e->weights == WEIGHTS_FILE ? "weights, " : "");
    struct list l = list_here(e, ",");

    for (int k = 0; k < n; k++)
        list_item(&l, e->names.value[tensor(e, k)->id]);
    list_item(&l, "ws");
    str_puts(e->out, ") != 0)\n        return FLT_MAX;\n");
}

void emit_selftest(struct emit *e)
{
    const struct graph *g = e->graph;
    bool seeded = false;

    functions(e);
    const bool any = declare_stored(e);

    signature(e, "\n{\n");
    for (int i = 0; i < g->n_inputs; i++)
        seeded = seeded || shape_len(&g->inputs[i]->shape);
    str_puts(e->out, "    unsigned char *const ws = workspace;\n");
    if (seeded)
        emit_printf(e, "    uint32_t selftest_seed = %du;\n", SELFTEST_SEED);
    if (any)
        str_puts(e->out, "    float selftest_worst = 0.0f;\n");
    check_arguments(e);
    declare_tensors(e);
    str_puts(e->out, "\n");
    for (int i = 0; i < g->n_inputs; i++) {
        const struct value *v = g->inputs[i];
        const char *name = e->names.value[v->id];

        if (shape_len(&v->shape))
            emit_printf(e, "    selftest_fill_%s(%s, %s_%s_LEN, &selftest_seed);\n",
                        dtype_name(v->type), name,
                        e->upper, name_upper(e->arena, name));
    }
    run_model(e);
    for (int i = 0; i < g->n_outputs; i++)
        compare_output(e, i);
    emit_printf(e, "    return %s;\n}\n", any ? "selftest_worst" : "0.0f");
}

static const char *element_text(struct emit *e, enum dtype t, const void *data, int64_t i)
{
    const int64_t i64 = t == DT_I64 ? ((const int64_t *)data)[i] : 0;

    switch (t) {
    case DT_F32: return emit_float(e, ((const float *)data)[i]);
    case DT_I8: return arena_printf(e->arena, "%d", ((const int8_t *)data)[i]);
    case DT_I32: return arena_printf(e->arena, "%" PRId32, ((const int32_t *)data)[i]);
    case DT_I64: return i64 == INT64_MIN ? "INT64_MIN" :
                        arena_printf(e->arena, "INT64_C(%" PRId64 ")", i64);
    default: return arena_printf(e->arena, "%d", ((const uint8_t *)data)[i]);
    }
}

void emit_selftest_data(struct emit *e)
{
    bool any = false;

    for (int i = 0; i < e->graph->n_outputs; i++) {
        const struct value *v = e->graph->outputs[i];
        const int64_t n = n_stored(v), step = selftest_step(shape_len(&v->shape));

        if (!n)
            continue;
        str_puts(e->out, any ? "" : "\n/* ---- what the self-test wants ---- */\n\n"
                                    "static const struct selftest selftest_want = {\n");
        any = true;
        emit_printf(e, "    .%s = { ", e->names.value[v->id]);
        struct list l = list_here(e, ",");

        l.indent = 8;
        for (int64_t k = 0; k < n; k++)
            list_item(&l, element_text(e, v->type, e->opt->selftest_outputs[i], k * step));
        str_puts(e->out, " },\n");
    }
    if (any)
        str_puts(e->out, "};\n");
}
