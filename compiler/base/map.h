// SPDX-License-Identifier: Apache-2.0
/* map.h - name -> pointer.  Keys are not copied and must outlive the map. */
#ifndef RESC_BASE_MAP_H
#define RESC_BASE_MAP_H

#include <stddef.h>

struct arena;

struct map {
    struct arena *arena;
    struct map_slot { const char *key; void *item; } *slots;
    size_t n, cap;
};

struct map map_new(struct arena *a);
void *map_get(const struct map *m, const char *key); /* NULL if absent */
/* Sets key -> item and returns what was there before, or NULL. */
void *map_put(struct map *m, const char *key, void *item);

#endif
