// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, LARGE = 4096 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(64) char bytes[];
};

struct arena {
    struct block *blocks; /* the first one is being filled */
    bool limited;
    size_t left; /* bytes that new blocks may have, if it is limited */
};

static struct block *block_new(struct arena *a, size_t size)
{
    if (a->limited && size > a->left) {
        a->limited = false;
        memory_end(MEMORY_LIMIT);
    }
    if (a->limited)
        a->left -= size;
    if (size > SIZE_MAX - sizeof(struct block) - 64 - sizeof(void *))
        memory_end(MEMORY_GONE);

    const size_t total = sizeof(struct block) + size;
    struct block *b;
    /* calloc() hands out untouched zero pages for the large ones; the struct asks
     * for more alignment than it promises, so align by hand, with what it
     * returned in front of the block. */
    char *raw = calloc(1, total + 64 + sizeof(void *)); // cppcheck-suppress pointerSize

    if (!raw)
        memory_end(MEMORY_GONE);
    char *at = raw + sizeof(void *);
    at += (64 - (uintptr_t)at % 64) % 64;
    memcpy(at - sizeof(void *), &raw, sizeof(void *)); // cppcheck-suppress pointerSize
    b = (struct block *)(void *)at;
    b->size = size;
    return b;
}

static void block_free(struct block *b)
{
    void *raw;

    memcpy(&raw, (char *)b - sizeof(void *), sizeof(void *));
    free(raw);
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (!a)
        memory_end(MEMORY_GONE);
    return a;
}

void arena_limit(struct arena *a, size_t size)
{
    a->left = size;
    a->limited = true;
}

void arena_allow(struct arena *a, size_t more)
{
    a->left = more < SIZE_MAX - a->left ? a->left + more : SIZE_MAX;
}

void arena_limit_switch(struct arena *a, bool on)
{
    a->limited = on;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        block_free(b);
    }
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = size >= LARGE ? 64 : 16;
    struct block *b = a->blocks;

    if (size >= BLOCK_SIZE / 4) { /* a block of its own, behind the one being filled */
        struct block *own = block_new(a, size);

        own->used = own->size;
        if (b) {
            own->next = b->next;
            b->next = own;
        } else {
            a->blocks = own;
        }
        return own->bytes;
    }
    size_t at = b ? (b->used + align - 1) / align * align : 0;

    if (!b || at > b->size || b->size - at < size) {
        b = block_new(a, BLOCK_SIZE);
        b->next = a->blocks;
        a->blocks = b;
        at = 0;
    }
    b->used = at + size;
    return b->bytes + at;
}

void *arena_alloc_n(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_end(MEMORY_GONE);
    return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *old, size_t n, size_t count, size_t size)
{
    void *p = arena_alloc_n(a, count, size);

    if (n)
        memcpy(p, old, n * size);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);

    if (n)
        memcpy(copy, s, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *s;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        memory_end(MEMORY_GONE); /* all that it can lack for our formats */
    s = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return s;
}
