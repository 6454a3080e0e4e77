// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

Test(arena, blocks_are_zeroed_aligned_and_apart)
{
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 4095, 4096, 16383, 16384, 70000, 3 << 20 };
    struct arena *a = arena_new();

    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
            unsigned char *p = arena_alloc(a, sizes[i]);

            cr_assert_eq((uintptr_t)p % (sizes[i] >= 4096 ? 64 : 16), 0, "size %zu", sizes[i]);
            for (size_t k = 0; k < sizes[i]; k++)
                cr_assert_eq(p[k], 0, "size %zu, byte %zu", sizes[i], k);
            memset(p, 0xa5, sizes[i]); /* would be seen by a later block that overlaps */
        }
    arena_free(a);
    arena_free(NULL);
}

Test(arena, text)
{
    struct arena *a = arena_new();

    cr_assert_str_eq(arena_strdup(a, "conv1"), "conv1");
    cr_assert_str_eq(arena_strndup(a, "conv1", 4), "conv");
    cr_assert_str_eq(arena_printf(a, "%s_%d", "conv", 7), "conv_7");
    arena_free(a);
}

Test(arena, an_overflowing_product_ends_the_process, .exit_code = 1)
{
    arena_alloc_n(arena_new(), SIZE_MAX / 2, 3);
}

static void leave(void *ctx, enum memory_end why)
{
    longjmp(*(jmp_buf *)ctx, 1 + (int)why);
}

Test(arena, a_limit_tells_whoever_listens_and_is_lifted_then)
{
    struct arena *a = arena_new();
    jmp_buf back;

    memory_on_end(leave, &back);
    arena_limit(a, 1 << 20);
    arena_alloc(a, 700000);

    const int told = setjmp(back);

    if (told == 0) {
        arena_alloc(a, 400000);
        cr_assert_fail("1.1 MB of 1 MiB");
    }
    cr_assert_eq(told, 1 + MEMORY_LIMIT);
    arena_alloc(a, 4000000);
    memory_on_end(NULL, NULL);
    arena_free(a);
}

Test(arena, beyond_the_limit_the_process_ends, .exit_code = 1)
{
    struct arena *a = arena_new();

    arena_limit(a, 100000);
    arena_alloc(a, 100001);
}
