// SPDX-License-Identifier: Apache-2.0
/* All memory is in one arena, so that what is dropped, copied or put elsewhere
 * needs no owner.  A message put into another place is a copy: no cycles. */
#include "mutate.h"

#include "base/arena.h"
#include "values.h"

#include <string.h>

enum { MESSAGES_MAX = 1 << 14, LIST_MAX = 1 << 14 };

struct mutation {
    struct arena *arena;
    struct random *r;
    ProtobufCMessage **messages; /* all that there are; some may be dropped already */
    size_t n_messages, room;
    struct words words;
};

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void release(void *arena, void *block)
{
    (void)arena, (void)block;
}

static void *member(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    return (char *)m + f->offset;
}

/* How many of a repeated field; has_ of an optional one; which of a oneof. */
static void *quantifier(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    return (char *)m + f->quantifier_offset;
}

static bool is_repeated(const ProtobufCFieldDescriptor *f)
{
    return f->label == PROTOBUF_C_LABEL_REPEATED;
}

static bool is_oneof(const ProtobufCFieldDescriptor *f)
{
    return (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

static bool is_pointer(const ProtobufCFieldDescriptor *f)
{
    return f->type == PROTOBUF_C_TYPE_STRING || f->type == PROTOBUF_C_TYPE_MESSAGE;
}

static size_t element_size(const ProtobufCFieldDescriptor *f)
{
    switch (f->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return 8;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    default: return 4;
    }
}

static bool is_there(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    if (is_repeated(f))
        return *(size_t *)quantifier(m, f) > 0;
    if (is_oneof(f))
        return *(uint32_t *)quantifier(m, f) == f->id;
    if (is_pointer(f))
        return *(void **)member(m, f) != NULL;
    return f->label != PROTOBUF_C_LABEL_OPTIONAL || *(protobuf_c_boolean *)quantifier(m, f);
}

static void set_there(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, bool there)
{
    if (is_oneof(f))
        *(uint32_t *)quantifier(m, f) = there ? f->id : 0;
    else if (is_pointer(f) && !there)
        *(void **)member(m, f) = NULL;
    else if (!is_pointer(f) && f->label == PROTOBUF_C_LABEL_OPTIONAL)
        *(protobuf_c_boolean *)quantifier(m, f) = there;
}

static void add_message(struct mutation *x, ProtobufCMessage *m)
{
    if (m && x->n_messages < MESSAGES_MAX) {
        if (x->n_messages == x->room) {
            x->room = x->room ? 2 * x->room : 64;
            x->messages = arena_grow(x->arena, x->messages, x->n_messages, x->room,
                                     sizeof *x->messages);
        }
        x->messages[x->n_messages++] = m;
    }
}

static void add_word(struct mutation *x, const char *s)
{
    struct words *w = &x->words;

    if (!s || !*s || w->n >= LIST_MAX)
        return;
    if (w->n == w->room) {
        w->room = w->room ? 2 * w->room : 64;
        w->list = arena_grow(x->arena, w->list, w->n, w->room, sizeof *w->list);
    }
    w->list[w->n++] = s;
}

/* Notes what is in a field: messages to change, strings to use elsewhere. */
static void look_at(struct mutation *x, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    const size_t n = is_repeated(f) ? *(size_t *)quantifier(m, f) : 1;
    void **at = is_repeated(f) ? *(void ***)member(m, f) : (void **)member(m, f);

    if (!is_pointer(f) || !is_there(m, f))
        return;
    for (size_t i = 0; i < n; i++)
        if (f->type == PROTOBUF_C_TYPE_MESSAGE)
            add_message(x, at[i]);
        else
            add_word(x, at[i]);
}

static void collect(struct mutation *x, ProtobufCMessage *root)
{
    add_message(x, root);
    for (size_t i = 0; i < x->n_messages; i++)
        for (unsigned k = 0; k < x->messages[i]->descriptor->n_fields; k++)
            look_at(x, x->messages[i], &x->messages[i]->descriptor->fields[k]);
}

/* A copy of one of the messages of `type` that are there, or an empty one. */
static ProtobufCMessage *some_message(struct mutation *x, const ProtobufCMessageDescriptor *type)
{
    ProtobufCAllocator allocator = { allocate, release, x->arena };
    const size_t start = random_below(x->r, x->n_messages);
    const ProtobufCMessage *found = NULL;

    for (size_t i = 0; !found && i < x->n_messages; i++) {
        ProtobufCMessage *m = x->messages[(start + i) % x->n_messages];

        if (m->descriptor == type)
            found = m;
    }
    if (found && !random_one_in(x->r, 8)) {
        uint8_t *bytes = arena_alloc(x->arena, protobuf_c_message_get_packed_size(found) + 1);
        const size_t size = protobuf_c_message_pack(found, bytes);

        return protobuf_c_message_unpack(type, &allocator, size, bytes);
    }
    ProtobufCMessage *empty = arena_alloc(x->arena, type->sizeof_message);

    type->message_init(empty);
    return empty;
}

static int32_t enum_value(struct random *r, const ProtobufCEnumDescriptor *e, int32_t old)
{
    return random_one_in(r, 8) ? (int32_t)value_integer(r, old)
                               : e->values[random_below(r, e->n_values)].value;
}

/* Another value into the element at `at`. */
static void change_value(struct mutation *x, const ProtobufCFieldDescriptor *f, void *at)
{
    struct random *r = x->r;
    ProtobufCBinaryData *bytes = at;

    switch (f->type) {
    case PROTOBUF_C_TYPE_FLOAT: *(float *)at = (float)value_real(r, (double)*(float *)at); break;
    case PROTOBUF_C_TYPE_DOUBLE: *(double *)at = value_real(r, *(double *)at); break;
    case PROTOBUF_C_TYPE_BOOL: *(protobuf_c_boolean *)at = !*(protobuf_c_boolean *)at; break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int32_t *)at = enum_value(r, f->descriptor, *(int32_t *)at);
        break;
    case PROTOBUF_C_TYPE_STRING:
        *(const char **)at = value_text(r, x->arena, *(char **)at ? *(char **)at : "", &x->words);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        bytes->data = value_bytes(r, x->arena, bytes->data, &bytes->len);
        break;
    case PROTOBUF_C_TYPE_MESSAGE: *(void **)at = some_message(x, f->descriptor); break;
    default:
        if (element_size(f) == 8)
            *(int64_t *)at = value_integer(r, *(int64_t *)at);
        else
            *(int32_t *)at = (int32_t)value_integer(r, *(int32_t *)at);
    }
}

/* A new element at `i` of `*n`: a changed copy of `from`, or of nothing. */
static void insert(struct mutation *x, const ProtobufCFieldDescriptor *f, char **list, size_t *n,
                   size_t i, const char *from)
{
    const size_t size = element_size(f);
    char *longer = arena_alloc(x->arena, (*n + 1) * size);

    if (i)
        memcpy(longer, *list, i * size);
    if (from)
        memcpy(longer + i * size, from, size);
    if (!from || f->type == PROTOBUF_C_TYPE_MESSAGE)
        change_value(x, f, longer + i * size);
    if (*n > i)
        memcpy(longer + (i + 1) * size, *list + i * size, (*n - i) * size);
    *list = longer;
    ++*n;
}

static void swap(char *a, char *b, size_t size)
{
    char kept[sizeof(ProtobufCBinaryData)];

    memcpy(kept, a, size);
    memmove(a, b, size);
    memcpy(b, kept, size);
}

static void change_list(struct mutation *x, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    const size_t size = element_size(f);
    size_t *n = quantifier(m, f);
    char **list = member(m, f);

    if (!*n) {
        insert(x, f, list, n, 0, NULL);
        return;
    }
    const size_t i = random_below(x->r, *n), k = random_below(x->r, *n);

    switch (random_below(x->r, 8)) {
    case 0: /* dropped */
        memmove(*list + i * size, *list + (i + 1) * size, (*n - i - 1) * size);
        --*n;
        break;
    case 1:
        if (*n < LIST_MAX)
            insert(x, f, list, n, k, *list + i * size);
        break;
    case 2: swap(*list + i * size, *list + k * size, size); break;
    case 3:
        if (*n < LIST_MAX)
            insert(x, f, list, n, k, NULL);
        break;
    case 4: *n = random_one_in(x->r, 4) ? i : *n; break;
    default: change_value(x, f, *list + i * size); break;
    }
}

static void change_field(struct mutation *x, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    if (is_repeated(f)) {
        change_list(x, m, f);
    } else if (is_there(m, f) && random_one_in(x->r, 6)) {
        set_there(m, f, false);
    } else {
        if (is_oneof(f) && !is_there(m, f)) /* the bytes are another member's */
            memset(member(m, f), 0, element_size(f));
        change_value(x, f, member(m, f));
        set_there(m, f, true);
    }
}

/* The same number or string everywhere: what fits together still does. */
static void change_everywhere(struct mutation *x, bool text)
{
    const char *old = text && x->words.n ? x->words.list[random_below(x->r, x->words.n)] : "";
    const char *word = value_text(x->r, x->arena, old, &x->words);
    const int64_t from = (int64_t)random_below(x->r, 10), to = value_integer(x->r, from);

    for (size_t i = 0; i < x->n_messages; i++)
        for (unsigned k = 0; k < x->messages[i]->descriptor->n_fields; k++) {
            ProtobufCMessage *m = x->messages[i];
            const ProtobufCFieldDescriptor *f = &m->descriptor->fields[k];
            const size_t n = is_repeated(f) ? *(size_t *)quantifier(m, f) : is_there(m, f);
            char *at = is_repeated(f) ? *(char **)member(m, f) : member(m, f);

            for (size_t e = 0; e < n; e++, at += element_size(f))
                if (text && f->type == PROTOBUF_C_TYPE_STRING && strcmp(*(char **)at, old) == 0)
                    *(const char **)at = word;
                else if (!text && f->type == PROTOBUF_C_TYPE_INT64 && *(int64_t *)at == from)
                    *(int64_t *)at = to;
        }
}

/* A field of one of the messages; those that are there more often. */
static void change_one(struct mutation *x)
{
    ProtobufCMessage *m = x->messages[random_below(x->r, x->n_messages)];
    const unsigned n = m->descriptor->n_fields;

    if (random_one_in(x->r, 12)) {
        change_everywhere(x, random_one_in(x->r, 2));
        return;
    }
    for (int tries = 0; n && tries < 8; tries++) {
        const ProtobufCFieldDescriptor *f = &m->descriptor->fields[random_below(x->r, n)];

        if (is_there(m, f) || random_one_in(x->r, 8)) {
            change_field(x, m, f);
            return;
        }
    }
}

size_t mutate_message(const ProtobufCMessageDescriptor *type, uint8_t *bytes, size_t size,
                      size_t room, struct random *r)
{
    struct mutation x = { .arena = arena_new(), .r = r };
    ProtobufCAllocator allocator = { allocate, release, x.arena };
    ProtobufCMessage *m = protobuf_c_message_unpack(type, &allocator, size, bytes);
    size_t packed = 0;

    if (m) {
        collect(&x, m);
        do
            change_one(&x);
        while (!random_one_in(r, 3));
        packed = protobuf_c_message_get_packed_size(m);
        if (packed <= room)
            protobuf_c_message_pack(m, bytes);
        else
            packed = 0;
    }
    arena_free(x.arena);
    return packed;
}
