// SPDX-License-Identifier: Apache-2.0
#include "kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { BLOCKS_MAX = 1 << 16 };
#define SIZE_LIMIT ((size_t)256 << 20) /* of one block: above, there is no memory */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static bool watching;
static void *blocks[BLOCKS_MAX];
static int n_blocks;

/* NULL for what was not allocated while watching.  The newest are looked at
 * first: an arena goes back in that order. */
static void **find(void *block)
{
    for (int i = n_blocks; watching && i-- > 0;)
        if (blocks[i] == block)
            return &blocks[i];
    return NULL;
}

static bool allowed(size_t n, size_t size)
{
    return !watching || (n_blocks < BLOCKS_MAX && (!size || n <= SIZE_LIMIT / size));
}

static void *keep(void *block)
{
    if (watching && block)
        blocks[n_blocks++] = block;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return allowed(1, size) ? keep(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
    return allowed(n, size) ? keep(__real_calloc(n, size)) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
    void **at = block ? find(block) : NULL;

    if (!allowed(1, size))
        return NULL;
    void *moved = __real_realloc(block, size);

    if (!at)
        return block ? moved : keep(moved);
    if (moved)
        *at = moved;
    return moved;
}

void __wrap_free(void *block)
{
    void **at = block ? find(block) : NULL;

    if (at)
        *at = blocks[--n_blocks];
    __real_free(block);
}

void kept_begin(void)
{
    watching = true;
    n_blocks = 0;
}

int kept_end(void)
{
    const int n = n_blocks;

    watching = false;
    for (int i = 0; i < n; i++)
        __real_free(blocks[i]);
    return n;
}
