// SPDX-License-Identifier: Apache-2.0
#include "failing_malloc.h"

#include <errno.h>
#include <stddef.h>

struct malloc_plan *malloc_plan;

static bool fails(void)
{
    struct malloc_plan *p = malloc_plan;

    if (!p || (p->at <= 0 && !(p->failed && p->lasting)))
        return false;
    if (p->at > 0 && --p->at > 0)
        return false;
    p->failed = true;
    errno = ENOMEM;
    return true;
}

#if FAULTS_WRAP
#define REAL(name) __real_##name
#define OURS(name) __wrap_##name
#else
#define REAL(name) __libc_##name
#define OURS(name) name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *p, size_t size);
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t n, size_t size);
void *OURS(realloc)(void *p, size_t size);

void *OURS(malloc)(size_t size)
{
    return fails() ? NULL : REAL(malloc)(size);
}

void *OURS(calloc)(size_t n, size_t size)
{
    return fails() ? NULL : REAL(calloc)(n, size);
}

void *OURS(realloc)(void *p, size_t size)
{
    return fails() ? NULL : REAL(realloc)(p, size);
}
