// SPDX-License-Identifier: Apache-2.0
/* One input through a target, in this process, whatever becomes of it. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/memory.h"
#include "kept.h"
#include "target.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_LIMIT ((size_t)64 << 20) /* where the target sets none */

static void leave(void *out, enum memory_end why)
{
    (void)why;
    longjmp(*(jmp_buf *)out, 1);
}

static void swallow(void *ctx, const char *line)
{
    (void)ctx, (void)line;
}

static void wrong(const struct target *t, const char *what)
{
    fprintf(stderr, "fuzz_%s: %s\n", t->name, what);
    abort();
}

enum outcome target_try(const struct target *t, const void *bytes, size_t size)
{
    static jmp_buf out;

    kept_begin();
    memory_on_end(leave, &out);
    if (setjmp(out)) {
        memory_on_end(NULL, NULL);
        kept_end(); /* what it had no time to give back */
        return OUT_OF_MEMORY;
    }
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "model.onnx");

    arena_limit(a, ARENA_LIMIT);
    d.sink = getenv("FUZZ_VERBOSE") ? NULL : swallow;
    const bool taken = t->run(a, &d, bytes, size), reported = !diag_ok(&d);

    if (taken && reported)
        wrong(t, "it took what it reported as wrong");
    if (!taken && !reported)
        wrong(t, "it refused without a reason");
    arena_free(a);
    memory_on_end(NULL, NULL);
    if (kept_end())
        wrong(t, "it kept memory");
    return taken ? TAKEN : REFUSED;
}
