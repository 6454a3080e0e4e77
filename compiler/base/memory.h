// SPDX-License-Identifier: Apache-2.0
/* memory.h - what happens when there is no more of it.
 *
 * Allocation in resc never fails to its caller.  When malloc() gives nothing,
 * or an arena reaches its limit, whoever asked to be told is told, and then
 * the process ends with status 1. */
#ifndef RESC_BASE_MEMORY_H
#define RESC_BASE_MEMORY_H

enum memory_end {
    MEMORY_GONE,  /* malloc() gave nothing: whoever is told must not allocate */
    MEMORY_LIMIT, /* the limit of an arena, which is lifted before anybody is told */
};

/* `tell` may leave by exit() or longjmp(); if it returns, the process exits.
 * NULL: a line on stderr.  There is one for the process, as there is one
 * memory; the last call counts. */
void memory_on_end(void (*tell)(void *ctx, enum memory_end why), void *ctx);

_Noreturn void memory_end(enum memory_end why);

#endif
