// SPDX-License-Identifier: Apache-2.0
/* bytes.c - files that are no messages, or that would be far larger in memory
 * than on disk. */
#include "hostile.h"

#include "base/arena.h"
#include "base/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hostile_write_bytes(const char *dir, const char *name, const void *bytes, size_t size)
{
    struct arena *a = arena_new();
    FILE *f = fopen(arena_printf(a, "%s/%s", dir, name), "wb");

    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
        abort();
    arena_free(a);
}

void hostile_write(struct model *m, const char *dir)
{
    size_t size;
    const unsigned char *bytes = model_bytes(m, &size);

    hostile_write_bytes(dir, "bad.onnx", bytes, size);
    model_free(m);
}

/* The bytes of "1202fffe", `count` times, behind `size` others. */
static size_t add_hex(unsigned char *out, size_t size, const char *hex, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        for (const char *at = hex; *at; at += 2)
            out[size++] = (unsigned char)strtol((const char[]){ at[0], at[1], 0 }, NULL, 16);
    return size;
}

/* h->attributes, h->n times, and nothing else. */
static void raw(const struct hostile *h, const char *dir)
{
    unsigned char *bytes = malloc(strlen(h->attributes) * (size_t)h->n + 1);

    if (!bytes)
        abort();
    hostile_write_bytes(dir, "bad.onnx", bytes, add_hex(bytes, 0, h->attributes, h->n));
    free(bytes);
}

/* h->attributes behind a good model. */
static void appended(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    unsigned char bytes[1024];
    size_t size;
    const unsigned char *good = model_bytes(m, &size);

    if (size + strlen(h->attributes) > sizeof bytes)
        abort();
    memcpy(bytes, good, size);
    hostile_write_bytes(dir, "bad.onnx", bytes, add_hex(bytes, size, h->attributes, 1));
    model_free(m);
}

/* h->n twentieths of a good model. */
static void truncated(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    size_t size;
    const unsigned char *good = model_bytes(m, &size);

    hostile_write_bytes(dir, "bad.onnx", good, size * (size_t)h->n / 20);
    model_free(m);
}

/* Written from its end to its beginning: what a message holds comes before its length. */
struct back {
    unsigned char *bytes;
    size_t at, size;
};

static struct back back_new(size_t size)
{
    struct back b = { malloc(size), size, size };

    if (!b.bytes)
        abort();
    return b;
}

static void back_varint(struct back *b, uint64_t v)
{
    unsigned char digits[10];
    int n = 0;

    do
        digits[n++] = (unsigned char)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
    while (v >>= 7);
    b->at -= (size_t)n;
    memcpy(b->bytes + b->at, digits, (size_t)n);
}

/* Makes all that is written so far the contents of field `number`. */
static void back_wrap(struct back *b, int number)
{
    back_varint(b, b->size - b->at);
    back_varint(b, (uint64_t)number << 3 | 2);
}

/* Field numbers, "7.1.5", into `path`. */
static int parse_path(const char *text, int path[16])
{
    int n = 0;

    for (const char *at = text; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL)
        path[n++] = atoi(at);
    return n;
}

static void back_finish(struct back *b, const char *dir)
{
    static const unsigned char head[] = { 0x08, 0x08, 0x42, 0x02, 0x10, 0x0d }; /* IR 8, opset 13 */

    b->at -= sizeof head;
    memcpy(b->bytes + b->at, head, sizeof head);
    hostile_write_bytes(dir, "bad.onnx", b->bytes + b->at, b->size - b->at);
    free(b->bytes);
}

/* h->n bytes of empty messages, two bytes each, at the end of a path of fields. */
static void amplified(const struct hostile *h, const char *dir)
{
    int path[16];
    const int n = parse_path(h->attributes, path);
    struct back b = back_new((size_t)h->n + 200);

    while (b.size - b.at + 2 <= (size_t)h->n) {
        back_varint(&b, 0);
        back_varint(&b, (uint64_t)path[n - 1] << 3 | 2);
    }
    for (int i = n - 2; i >= 0; i--)
        back_wrap(&b, path[i]);
    back_finish(&b, dir);
}

/* Messages in messages, h->n deep, along fields that go round: h->attributes, where
 * h->inputs leads. */
static void nested(const struct hostile *h, const char *dir)
{
    int way[16], round[16];
    const int n_way = parse_path(h->inputs, way), n_round = parse_path(h->attributes, round);
    struct back b = back_new((size_t)h->n * 8 + 200);

    for (int64_t i = h->n; i-- > 0;)
        back_wrap(&b, round[i % n_round]);
    for (int i = n_way; i-- > 0;)
        back_wrap(&b, way[i]);
    back_finish(&b, dir);
}

const struct hostile hostile_bytes[] = {
#define RAW(name, hex, count, words) \
    { "bytes_" #name, words, raw, .attributes = hex, .n = count },
#define APPENDED(name, hex, words) { "behind_" #name, words, appended, .attributes = hex },
#define TRUNCATED(k) { "truncated_" #k, ": error: ", truncated, .n = k },
#define AMPLIFIED(name, path) \
    { "amplified_" #name, ": error: ", amplified, .attributes = path, .n = 10 << 20 },
#define NESTED(name, way, round, depth, words) \
    { "nested_" #name, words, nested, .inputs = way, .attributes = round, .n = depth },
#include "bytes.def"
#undef RAW
#undef APPENDED
#undef TRUNCATED
#undef AMPLIFIED
#undef NESTED
};
const int n_hostile_bytes = COUNT(hostile_bytes);
