// SPDX-License-Identifier: Apache-2.0
/* wire.c - bytes to protobuf messages.
 *
 * protobuf-c says only that it could not read a message; it has no limit on
 * nesting or memory, and cuts strings at a zero byte.  So the bytes are walked
 * once before, along the same descriptors and without recursion, to say where
 * and why, and to count the memory that unpacking will take. */
#include "onnx/import.h"

#include <limits.h>
#include <string.h>

/* What protobuf-c and the arena need for a member besides its bytes: a pointer
 * and alignment; a place in the list of scanned members, which starts on the
 * stack and doubles; and if its number is unknown, a description. */
enum { MEMBER_COST = 24, ON_STACK = 16, SCANNED_COST = 64, UNKNOWN_COST = 40 };

enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* A message whose end was not reached yet. */
struct open_message {
    const ProtobufCMessageDescriptor *type;
    size_t end;
    size_t n_members;
    uint64_t seen; /* the fields that hold one message, and had it */
};

struct walk {
    const unsigned char *bytes;
    size_t at, size;
    size_t memory_left;
    struct open_message *open;
    int depth; /* messages in `open` */
    const struct limits *limits;
    struct diag *diag;
};

static bool damaged(struct walk *w, size_t at, const char *what)
{
    diag_error(w->diag, "not a readable ONNX file: damaged or cut short at byte %zu of %zu (%s)",
               at, w->size, what);
    return false;
}

static bool read_varint(struct walk *w, size_t end, uint64_t *out)
{
    const size_t start = w->at;

    *out = 0;
    for (int shift = 0; shift < 64 && w->at < end; shift += 7) {
        const unsigned char b = w->bytes[w->at++];

        *out |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return true;
    }
    return damaged(w, start, "a number that does not end");
}

static enum wire wire_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_32;
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_BYTES;
    default:
        return WIRE_VARINT;
    }
}

/* Bytes that the value at w->at takes, before `end`. */
static bool value_length(struct walk *w, enum wire wire, size_t end, const char *name,
                         size_t *length)
{
    const size_t start = w->at;
    uint64_t n = 0;

    switch (wire) {
    case WIRE_VARINT:
        if (!read_varint(w, end, &n))
            return false;
        *length = 0;
        return true;
    case WIRE_64:
        n = 8;
        break;
    case WIRE_32:
        n = 4;
        break;
    case WIRE_BYTES:
        if (!read_varint(w, end, &n))
            return false;
        break;
    default:
        return damaged(w, start, "no such wire type");
    }
    if (n > INT_MAX) {
        damaged(w, start, name);
        diag_hint(w->diag, "protobuf allows no field over 2 GiB: export with external data");
        return false;
    }
    if (n > end - w->at) {
        diag_error(w->diag, "not a readable ONNX file: cut short at byte %zu: '%s' needs %zu bytes,"
                   " %zu are left", start, name, (size_t)n, end - w->at);
        return false;
    }
    *length = (size_t)n;
    return true;
}

/* What `length` bytes at w->at become when they are unpacked: packed numbers that
 * end in each byte without the top bit, if there are any. */
static size_t unpacked_size(const struct walk *w, const ProtobufCFieldDescriptor *f, size_t length)
{
    const unsigned char *at = w->bytes + w->at;
    size_t numbers = 0;

    if (!f || wire_of(f->type) != WIRE_VARINT)
        return length;
    for (size_t i = 0; i < length; i++)
        numbers += !(at[i] & 0x80);
    return numbers * sizeof(uint64_t);
}

static bool take_memory(struct walk *w, size_t size)
{
    if (size <= w->memory_left) {
        w->memory_left -= size;
        return true;
    }
    limit_error(w->diag, w->limits, LIMIT_UNPACK,
                "the file of %zu bytes unpacks to more than 3 times its size", w->size);
    return false;
}

static bool open_message(struct walk *w, const ProtobufCMessageDescriptor *type, size_t end)
{
    if (w->depth == w->limits->max[LIMIT_DEPTH]) {
        limit_error(w->diag, w->limits, LIMIT_DEPTH, "messages are nested too deep at byte %zu",
                    w->at);
        return false;
    }
    w->open[w->depth++] = (struct open_message){ .type = type, .end = end };
    return take_memory(w, type->sizeof_message);
}

static bool walk_value(struct walk *w, const ProtobufCFieldDescriptor *f, size_t length)
{
    const size_t start = w->at;

    if (f && f->type == PROTOBUF_C_TYPE_MESSAGE)
        return open_message(w, f->descriptor, start + length);
    if (f && f->type == PROTOBUF_C_TYPE_STRING && memchr(w->bytes + start, 0, length)) {
        diag_error(w->diag, "not a readable ONNX file: '%s' at byte %zu contains a zero byte",
                   f->name, start);
        return false;
    }
    if (!take_memory(w, unpacked_size(w, f, length)))
        return false;
    w->at += length;
    return true;
}

/* Is a field of this number and wire type one that `f`, if it is known, may be? */
static bool check_field(struct walk *w, struct open_message *in, const ProtobufCFieldDescriptor *f,
                        uint64_t tag, size_t start)
{
    const enum wire wire = (enum wire)(tag & 7);

    if (tag >> 3 == 0 || tag >> 3 >= 1u << 29)
        return damaged(w, start, "no field has such a number");
    if (f && wire != wire_of(f->type) &&
        !(f->label == PROTOBUF_C_LABEL_REPEATED && wire == WIRE_BYTES))
        return damaged(w, start, f->name);
    if (f && f->type == PROTOBUF_C_TYPE_MESSAGE && f->label != PROTOBUF_C_LABEL_REPEATED) {
        const uint64_t bit = UINT64_C(1) << ((f - in->type->fields) & 63);

        if (in->seen & bit)
            return damaged(w, start, "a message that is there twice");
        in->seen |= bit;
    }
    size_t cost = MEMBER_COST;

    if (in->n_members++ >= ON_STACK)
        cost += SCANNED_COST;
    if (!f)
        cost += UNKNOWN_COST;
    return take_memory(w, cost);
}

static bool walk_field(struct walk *w, struct open_message *in)
{
    const size_t start = w->at;
    const ProtobufCFieldDescriptor *f = NULL;
    uint64_t tag;
    size_t length = 0;

    if (!read_varint(w, in->end, &tag))
        return false;
    if (tag >> 3 <= INT_MAX)
        f = protobuf_c_message_descriptor_get_field(in->type, (unsigned)(tag >> 3));
    return check_field(w, in, f, tag, start) &&
           value_length(w, (enum wire)(tag & 7), in->end, f ? f->name : "a field", &length) &&
           walk_value(w, f, length);
}

static bool walk_file(struct walk *w, const ProtobufCMessageDescriptor *type)
{
    if (!open_message(w, type, w->size))
        return false;
    while (w->depth > 0) {
        struct open_message *in = &w->open[w->depth - 1];

        if (w->at == in->end)
            w->depth--;
        else if (!walk_field(w, in))
            return false;
    }
    return true;
}

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void release(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

ProtobufCMessage *message_read(const struct reader *r, const ProtobufCMessageDescriptor *type,
                               const char *bytes, size_t size)
{
    ProtobufCAllocator allocator = { allocate, release, r->arena };
    struct walk w = {
        .bytes = (const unsigned char *)bytes, .size = size, .diag = r->diag,
        .limits = r->limits,
        .memory_left = (size_t)r->limits->max[LIMIT_UNPACK] + 3 * size,
        .open = arena_alloc_n(r->arena, (size_t)r->limits->max[LIMIT_DEPTH], sizeof(*w.open)),
    };

    if (!walk_file(&w, type))
        return NULL;
    ProtobufCMessage *m = protobuf_c_message_unpack(type, &allocator, size, w.bytes);

    if (!m)
        diag_error(r->diag, "not a readable ONNX file: protobuf-c cannot unpack it");
    return m;
}
