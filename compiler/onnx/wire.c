// SPDX-License-Identifier: Apache-2.0
/* wire.c - bytes to protobuf messages.
 *
 * protobuf-c says only that it could not read a message; it has no limit on
 * nesting or memory, and cuts strings at a zero byte.  So the bytes are walked
 * once before, along the same descriptors, to say where and why. */
#include "onnx/import.h"

#include <limits.h>
#include <string.h>

enum { DEPTH_MAX = 100, MEMBER_COST = 96 };
#define MEMORY_MAX ((size_t)256 << 20) /* for messages, beyond 4 times the file */

enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct walk {
    const unsigned char *bytes;
    size_t at, size;
    size_t memory_left;
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

static bool walk_message(struct walk *w, const ProtobufCMessageDescriptor *type, size_t end,
                         int depth);

static bool walk_value(struct walk *w, const ProtobufCFieldDescriptor *f, size_t length, int depth)
{
    const size_t start = w->at;

    if (f && f->type == PROTOBUF_C_TYPE_MESSAGE)
        return walk_message(w, f->descriptor, start + length, depth + 1);
    if (f && f->type == PROTOBUF_C_TYPE_STRING && memchr(w->bytes + start, 0, length)) {
        diag_error(w->diag, "not a readable ONNX file: '%s' at byte %zu contains a zero byte",
                   f->name, start);
        return false;
    }
    w->at += length;
    return true;
}

/* Is a field of this number and wire type one that `f`, if it is known, may be?
 * `seen`: the fields that hold one message, and had it. */
static bool check_field(struct walk *w, const ProtobufCMessageDescriptor *type,
                        const ProtobufCFieldDescriptor *f, uint64_t tag, size_t start,
                        uint64_t *seen)
{
    const enum wire wire = (enum wire)(tag & 7);
    size_t cost = MEMBER_COST;

    if (tag >> 3 == 0 || tag >> 3 >= 1u << 29)
        return damaged(w, start, "no field has such a number");
    if (f && wire != wire_of(f->type) &&
        !(f->label == PROTOBUF_C_LABEL_REPEATED && wire == WIRE_BYTES))
        return damaged(w, start, f->name);
    if (f && f->type == PROTOBUF_C_TYPE_MESSAGE) {
        const uint64_t bit = f->label == PROTOBUF_C_LABEL_REPEATED
                                 ? 0
                                 : UINT64_C(1) << ((f - type->fields) & 63);

        if (*seen & bit)
            return damaged(w, start, "a message that is there twice");
        *seen |= bit;
        cost += ((const ProtobufCMessageDescriptor *)f->descriptor)->sizeof_message;
    }
    if (cost > w->memory_left) {
        diag_error(w->diag, "the file unpacks to more memory than a model of %zu bytes may take",
                   w->size);
        return false;
    }
    w->memory_left -= cost;
    return true;
}

static bool walk_message(struct walk *w, const ProtobufCMessageDescriptor *type, size_t end,
                         int depth)
{
    uint64_t seen = 0;

    if (depth > DEPTH_MAX) {
        diag_error(w->diag, "messages are nested more than %d deep at byte %zu", DEPTH_MAX, w->at);
        return false;
    }
    while (w->at < end) {
        const size_t start = w->at;
        const ProtobufCFieldDescriptor *f = NULL;
        uint64_t tag;
        size_t length;

        if (!read_varint(w, end, &tag))
            return false;
        if (tag >> 3 <= INT_MAX)
            f = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
        if (!check_field(w, type, f, tag, start, &seen) ||
            !value_length(w, (enum wire)(tag & 7), end, f ? f->name : "a field", &length) ||
            !walk_value(w, f, length, depth))
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
        .memory_left = MEMORY_MAX + (size < SIZE_MAX / 8 ? 4 * size : size),
    };

    if (!walk_message(&w, type, size, 1))
        return NULL;
    ProtobufCMessage *m = protobuf_c_message_unpack(type, &allocator, size, w.bytes);

    if (!m)
        diag_error(r->diag, "not a readable ONNX file: protobuf-c cannot unpack it");
    return m;
}
