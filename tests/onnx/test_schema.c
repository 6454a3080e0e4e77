// SPDX-License-Identifier: Apache-2.0
/* Our onnx.proto against the official one, field by field: what the official
 * schema has must be in ours with the same name, number, label, type and packing. */
#include "onnx.pb-c.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const official[] = {
    "/usr/include/onnx/onnx.proto", "/usr/include/onnx/onnx-ml.proto",
    "/usr/lib/python3/dist-packages/onnx/onnx.proto",
    "/usr/lib/python3/dist-packages/onnx/onnx-ml.proto",
};

enum { TOKEN_MAX = 128, TYPES_MAX = 128 };

struct parser {
    FILE *in;
    char token[TOKEN_MAX]; /* the current one; "" at the end */
    int n_fields, n_values;
};

static void next(struct parser *p)
{
    int c = getc(p->in);
    size_t n = 0;

    for (;;) {
        while (isspace(c))
            c = getc(p->in);
        if (c != '/')
            break;
        while (c != '\n' && c != EOF) /* the only comments there are: // */
            c = getc(p->in);
    }
    if (c == '"') {
        while ((c = getc(p->in)) != '"' && c != EOF)
            ;
        strcpy(p->token, "\"");
        return;
    }
    while (isalnum(c) || c == '_' || c == '.') {
        cr_assert_lt(n + 1, TOKEN_MAX);
        p->token[n++] = (char)c;
        c = getc(p->in);
    }
    if (n)
        ungetc(c, p->in);
    else if (c != EOF)
        p->token[n++] = (char)c;
    p->token[n] = '\0';
}

static bool take(struct parser *p, const char *token)
{
    if (strcmp(p->token, token) != 0)
        return false;
    next(p);
    return true;
}

static void need(struct parser *p, const char *token)
{
    cr_assert_str_eq(p->token, token);
    next(p);
}

static void skip_statement(struct parser *p)
{
    while (!take(p, ";"))
        next(p);
}

/* Every message that can be reached from ModelProto. */
static const ProtobufCMessageDescriptor *messages[TYPES_MAX];
static int n_messages;

static void add_message(const ProtobufCMessageDescriptor *type)
{
    for (int i = 0; i < n_messages; i++)
        if (messages[i] == type)
            return;
    cr_assert_lt(n_messages, TYPES_MAX);
    messages[n_messages++] = type;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            add_message(type->fields[i].descriptor);
}

static const ProtobufCMessageDescriptor *find_message(const char *name)
{
    for (int i = 0; i < n_messages; i++)
        if (strcmp(messages[i]->name, name) == 0)
            return messages[i];
    cr_assert_fail("our schema has no message %s", name);
    return NULL;
}

static const ProtobufCEnumDescriptor *find_enum(const char *name)
{
    const ProtobufCEnumDescriptor *all[] = {
        &onnx__version__descriptor, &onnx__attribute_proto__attribute_type__descriptor,
        &onnx__tensor_proto__data_type__descriptor,
        &onnx__tensor_proto__data_location__descriptor, &onnx__operator_status__descriptor,
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    cr_assert_fail("our schema has no enum %s", name);
    return NULL;
}

static void check_type(const ProtobufCFieldDescriptor *f, const char *type, const char *where)
{
    static const struct { const char *name; ProtobufCType type; } scalars[] = {
        { "int32", PROTOBUF_C_TYPE_INT32 },   { "int64", PROTOBUF_C_TYPE_INT64 },
        { "uint64", PROTOBUF_C_TYPE_UINT64 }, { "float", PROTOBUF_C_TYPE_FLOAT },
        { "double", PROTOBUF_C_TYPE_DOUBLE }, { "string", PROTOBUF_C_TYPE_STRING },
        { "bytes", PROTOBUF_C_TYPE_BYTES },
    };
    const char *ours = "";

    for (size_t i = 0; i < sizeof(scalars) / sizeof(*scalars); i++)
        if (strcmp(scalars[i].name, type) == 0) {
            cr_assert_eq(f->type, scalars[i].type, "%s.%s is no %s", where, f->name, type);
            return;
        }
    if (f->type == PROTOBUF_C_TYPE_MESSAGE)
        ours = ((const ProtobufCMessageDescriptor *)f->descriptor)->short_name;
    else if (f->type == PROTOBUF_C_TYPE_ENUM)
        ours = ((const ProtobufCEnumDescriptor *)f->descriptor)->short_name;
    cr_assert_str_eq(ours, type, "%s.%s is no %s", where, f->name, type);
}

/* LABEL TYPE NAME = NUMBER [packed = true]; */
static void parse_field(struct parser *p, const ProtobufCMessageDescriptor *m, bool in_oneof)
{
    const bool repeated = strcmp(p->token, "repeated") == 0;
    char type[TOKEN_MAX], name[TOKEN_MAX];
    bool packed = false;

    if (!in_oneof)
        next(p);
    strcpy(type, p->token);
    next(p);
    strcpy(name, p->token);
    next(p);
    need(p, "=");

    const unsigned number = (unsigned)strtoul(p->token, NULL, 0);
    const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field(m, number);

    next(p);
    if (take(p, "[")) {
        packed = strcmp(p->token, "packed") == 0;
        while (!take(p, "]"))
            next(p);
    }
    need(p, ";");
    cr_assert(f, "%s has no field %u (%s)", m->name, number, name);
    cr_assert_str_eq(f->name, name, "%s: field %u", m->name, number);
    cr_assert_eq(f->label == PROTOBUF_C_LABEL_REPEATED, repeated, "%s.%s", m->name, name);
    cr_assert_neq(f->label, PROTOBUF_C_LABEL_REQUIRED, "%s.%s", m->name, name);
    cr_assert_eq((f->flags & PROTOBUF_C_FIELD_FLAG_PACKED) != 0, packed, "%s.%s", m->name, name);
    cr_assert_eq((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0, in_oneof, "%s.%s", m->name, name);
    check_type(f, type, m->name);
    p->n_fields++;
}

static void parse_enum(struct parser *p, const char *scope)
{
    char name[2 * TOKEN_MAX];

    snprintf(name, sizeof(name), "%s.%s", scope, p->token);
    next(p);
    need(p, "{");

    const ProtobufCEnumDescriptor *e = find_enum(name);

    while (!take(p, "}")) {
        char value[TOKEN_MAX];

        strcpy(value, p->token);
        next(p);
        need(p, "=");

        const ProtobufCEnumValue *ours = protobuf_c_enum_descriptor_get_value_by_name(e, value);
        const int number = (int)strtol(p->token, NULL, 0);

        next(p);
        need(p, ";");
        cr_assert(ours, "enum %s has no %s", name, value);
        if (strcmp(value, "IR_VERSION") == 0) /* the newest one: moves on */
            cr_assert_geq(ours->value, number);
        else
            cr_assert_eq(ours->value, number, "%s.%s", name, value);
        p->n_values++;
    }
}

static void parse_message(struct parser *p, const char *scope)
{
    char name[2 * TOKEN_MAX];

    snprintf(name, sizeof(name), "%s.%s", scope, p->token);
    next(p);
    need(p, "{");

    const ProtobufCMessageDescriptor *m = find_message(name);

    while (!take(p, "}")) {
        if (take(p, "message")) {
            parse_message(p, name);
        } else if (take(p, "enum")) {
            parse_enum(p, name);
        } else if (take(p, "oneof")) {
            next(p);
            need(p, "{");
            while (!take(p, "}"))
                parse_field(p, m, true);
        } else if (take(p, "reserved")) {
            skip_statement(p);
        } else if (!take(p, ";")) {
            parse_field(p, m, false);
        }
    }
}

static void compare_with(const char *path, FILE *in)
{
    struct parser p = { .in = in };

    next(&p);
    while (*p.token)
        if (take(&p, "message"))
            parse_message(&p, "onnx");
        else if (take(&p, "enum"))
            parse_enum(&p, "onnx");
        else if (!take(&p, ";"))
            skip_statement(&p); /* syntax, package, option */
    printf("%s: %d fields and %d enum values are ours too\n", path, p.n_fields, p.n_values);
    cr_assert_gt(p.n_fields, 90);
    cr_assert_gt(p.n_values, 40);
}

Test(schema, has_all_that_the_official_one_has)
{
    int n = 0;

    add_message(&onnx__model_proto__descriptor);
    for (size_t i = 0; i < sizeof(official) / sizeof(*official); i++) {
        FILE *in = fopen(official[i], "r");

        if (!in)
            continue;
        compare_with(official[i], in);
        fclose(in);
        n++;
    }
    if (!n)
        fputs("skipped: no official onnx.proto: install libonnx-dev\n", stderr);
}
