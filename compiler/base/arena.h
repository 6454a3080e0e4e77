// SPDX-License-Identifier: Apache-2.0
/* arena.h - memory that lives as long as one compilation.
 *
 * Everything reachable from a struct graph is in that graph's arena and is
 * released at once by arena_free().  Only base/ calls malloc() and free().
 * Allocation never fails to its caller: see memory.h. */
#ifndef RESC_BASE_ARENA_H
#define RESC_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */

/* From now on at most `size` bytes more, in blocks of 64 KiB.  What asks for
 * more ends in memory_end(MEMORY_LIMIT). */
void arena_limit(struct arena *a, size_t size);
void arena_allow(struct arena *a, size_t more); /* raises the limit */
/* Off: allocations neither count nor end. */
void arena_limit_switch(struct arena *a, bool on);

/* Zeroed; aligned to 16 bytes, to 64 from 4 KiB on. */
void *arena_alloc(struct arena *a, size_t size);
/* count * size, and the process ends as out of memory if that overflows. */
void *arena_alloc_n(struct arena *a, size_t count, size_t size);
/* A copy of the first `n` elements of `old` with room for `count`. */
void *arena_grow(struct arena *a, const void *old, size_t n, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
char *arena_printf(struct arena *a, const char *fmt, ...);

#define arena_new_n(a, type, n) ((type *)arena_alloc_n((a), (size_t)(n), sizeof(type)))

#endif
