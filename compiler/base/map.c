// SPDX-License-Identifier: Apache-2.0
/* Open addressing with linear probing, at most half full. */
#include "base/map.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

struct map map_new(struct arena *a)
{
    return (struct map){ .arena = a };
}

/* FNV-1a, 64 bits, folded so that the low bits depend on all of it. */
static size_t hash(const char *s)
{
    uint64_t h = 14695981039346656037u;

    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static struct map_slot *find(struct map_slot *slots, size_t cap, const char *key)
{
    size_t i = hash(key) & (cap - 1);

    while (slots[i].key && strcmp(slots[i].key, key) != 0)
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

void *map_get(const struct map *m, const char *key)
{
    return m->cap ? find(m->slots, m->cap, key)->item : NULL;
}

void *map_put(struct map *m, const char *key, void *item)
{
    if (m->n * 2 >= m->cap) {
        const size_t cap = m->cap ? m->cap * 2 : 64;
        struct map_slot *slots = arena_new_n(m->arena, struct map_slot, cap);

        for (size_t i = 0; i < m->cap; i++)
            if (m->slots[i].key)
                *find(slots, cap, m->slots[i].key) = m->slots[i];
        m->slots = slots;
        m->cap = cap;
    }
    struct map_slot *slot = find(m->slots, m->cap, key);
    void *before = slot->item;

    if (!slot->key)
        m->n++;
    *slot = (struct map_slot){ key, item };
    return before;
}
