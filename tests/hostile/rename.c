// SPDX-License-Identifier: Apache-2.0
#include "rename.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/map.h"
#include "base/str.h"
#include "model.h"
#include "onnx.pb-c.h"

#include <stdbool.h>
#include <string.h>

struct renaming {
    struct arena *arena;
    struct map given; /* a value's old name -> the new one */
    struct map taken;
    bool hostile;
    uint32_t seed;
    int n;
};

static uint32_t below(struct renaming *r, uint32_t n)
{
    r->seed ^= r->seed << 13;
    r->seed ^= r->seed >> 17;
    r->seed ^= r->seed << 5;
    return r->seed % n;
}

/* What means something to a C compiler, a terminal, a shell, make, JSON or HTML. */
static const char *const pieces[] = {
    "*/", "/*", "//", "*", "/", "?\?/", "?\?/\n", "?\?=", "?\?)", "\n", "\r", "\r\n", "\\", "\\\n",
    "\"", "'", "\t", "\v\f", "#include \"/etc/passwd\"", "#define int", "\n#error\n", "%s", "%n",
    "%1$s", "\\u0041", "\\x41", "\\N", "int", "return", "exp", "memcpy", "NULL", "main", "system",
    "workspace", "ws", "w", "resc_", "resc_relu_f32", "model_run", "_t", "__", "L_tmpnam", "EOF",
    "a", "Z", "0", "9", "x1", ".", ":", ";", ",", "{", "}", "(", ")", "[", "]", "<", ">", "&",
    "&amp;",
    "<script>", "</pre>", "-->", "$(touch x)", "`touch x`", "$$", "|", ">", "~", "=", "\x1b[2J",
    "\x1b]0;t\x07", "\b", "\x7f", "\x01", "\xc3\xa9", "\xe5\xb1\xa4", "\xf0\x9f\x98\x80", "\xff",
    "\xc0\x80", "\xed\xa0\x80", "\xf5", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xef\xbb\xbf",
    "\xc2\xa0", "..", "../", "/etc/passwd", " ", "   ", "\\\"", "\",\"", "\"}", "{\"a\":", "null",
};

static const char *hostile_text(struct renaming *r)
{
    struct str s = { 0 };
    const uint32_t kind = below(r, 100);
    const uint32_t n = kind < 5 ? 0 : kind < 90 ? 1 + below(r, 8) : kind < 99 ? below(r, 60)
                                                                             : below(r, 3000);

    for (uint32_t i = 0; i < n; i++)
        if (below(r, 3)) {
            str_puts(&s, pieces[below(r, COUNT(pieces))]);
        } else {
            const char byte = (char)(1 + below(r, 255));

            str_add(&s, &byte, 1);
        }
    const char *copy = arena_strdup(r->arena, str_text(&s));

    str_free(&s);
    return copy;
}

static char *free_text(struct renaming *r)
{
    return (char *)(r->hostile ? hostile_text(r) : arena_printf(r->arena, "text%d", r->n++));
}

static char *value_name(struct renaming *r, const char *old)
{
    char *name = map_get(&r->given, old);

    if (!*old || name)
        return *old ? name : (char *)old;
    do
        name = r->hostile ? (char *)hostile_text(r) : arena_printf(r->arena, "name%d", r->n++);
    while (!*name || map_get(&r->taken, name));
    map_put(&r->taken, name, r);
    map_put(&r->given, old, name);
    return name;
}

/* Strings that say what the model does. */
static bool is_kept(const ProtobufCMessageDescriptor *type, const char *field)
{
    static const struct { const char *type, *field; } kept[] = {
        { "NodeProto", "op_type" }, { "NodeProto", "domain" }, { "NodeProto", "overload" },
        { "AttributeProto", "name" }, { "AttributeProto", "ref_attr_name" },
        { "OperatorSetIdProto", "domain" }, { "TensorShapeProto__Dimension", "denotation" },
    };

    for (int i = 0; i < COUNT(kept); i++)
        if (strcmp(type->short_name, kept[i].type) == 0 && strcmp(field, kept[i].field) == 0)
            return true;
    return false;
}

static bool is_value_name(const ProtobufCMessageDescriptor *type, const char *field)
{
    return (strcmp(type->short_name, "NodeProto") == 0 && strcmp(field, "name") != 0 &&
            (strcmp(field, "input") == 0 || strcmp(field, "output") == 0)) ||
           (strcmp(field, "name") == 0 && (strcmp(type->short_name, "ValueInfoProto") == 0 ||
                                           strcmp(type->short_name, "TensorProto") == 0));
}

static void rename_string(struct renaming *r, const ProtobufCMessageDescriptor *type,
                          const ProtobufCFieldDescriptor *f, char **at)
{
    if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF || is_kept(type, f->name))
        return;
    *at = is_value_name(type, f->name) && *at ? value_name(r, *at) : free_text(r);
}

static void rename_message(struct renaming *r, ProtobufCMessage *m)
{
    const ProtobufCMessageDescriptor *type = m->descriptor;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &type->fields[i];
        char *at = (char *)m + f->offset;
        const bool many = f->label == PROTOBUF_C_LABEL_REPEATED;
        void **list = many ? *(void ***)(void *)at : (void **)(void *)at;
        size_t n = 1;

        if (f->type != PROTOBUF_C_TYPE_MESSAGE && f->type != PROTOBUF_C_TYPE_STRING)
            continue;
        if (many)
            memcpy(&n, (char *)m + f->quantifier_offset, sizeof n);
        if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            uint32_t which;

            memcpy(&which, (char *)m + f->quantifier_offset, sizeof which);
            if (which != f->id)
                continue;
        }
        for (size_t k = 0; k < n; k++)
            if (f->type == PROTOBUF_C_TYPE_STRING)
                rename_string(r, type, f, (char **)&list[k]);
            else if (list[k])
                rename_message(r, list[k]);
    }
}

/* Where the model has none: metadata, another domain, open dimensions of the outputs. */
static void add_strings(struct renaming *r, Onnx__ModelProto *p)
{
    enum { N = 3 };

    p->metadata_props = arena_new_n(r->arena, Onnx__StringStringEntryProto *, N);
    p->n_metadata_props = N;
    for (int i = 0; i < N; i++) {
        p->metadata_props[i] = arena_new_n(r->arena, Onnx__StringStringEntryProto, 1);
        *p->metadata_props[i] =
            (Onnx__StringStringEntryProto)ONNX__STRING_STRING_ENTRY_PROTO__INIT;
    }
    for (size_t i = 0; i < p->graph->n_output; i++) {
        Onnx__TensorShapeProto *s = p->graph->output[i]->type->tensor_type->shape;

        for (size_t k = 0; s && k < s->n_dim; k++) {
            s->dim[k]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            s->dim[k]->dim_param = free_text(r);
        }
    }
}

void rename_all(struct model *m, bool hostile, uint32_t seed)
{
    struct arena *a = model_arena(m);
    struct renaming r = { a, map_new(a), map_new(a), hostile, seed * 2654435761u + 1, 0 };

    add_strings(&r, model_proto(m));
    rename_message(&r, &model_proto(m)->base);
}
