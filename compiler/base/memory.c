// SPDX-License-Identifier: Apache-2.0
#include "base/memory.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    void (*tell)(void *ctx, enum memory_end why);
    void *ctx;
} listener;

void memory_on_end(void (*tell)(void *ctx, enum memory_end why), void *ctx)
{
    listener.tell = tell;
    listener.ctx = ctx;
}

_Noreturn void memory_end(enum memory_end why)
{
    if (listener.tell)
        listener.tell(listener.ctx, why);
    else
        fputs(why == MEMORY_LIMIT ? "resc: error: more memory is needed than the limit allows\n"
                                  : "resc: error: out of memory\n", stderr);
    exit(1);
}
