// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/map.h"

#include <criterion/criterion.h>

Test(map, finds_what_was_put_and_nothing_else)
{
    enum { N = 5000 };
    struct arena *a = arena_new();
    struct map m = map_new(a);
    static int items[N];

    cr_assert_null(map_get(&m, "absent"));
    for (int i = 0; i < N; i++)
        cr_assert_null(map_put(&m, arena_printf(a, "name_%d", i), &items[i]));
    for (int i = 0; i < N; i++)
        cr_assert_eq(map_get(&m, arena_printf(a, "name_%d", i)), &items[i]);
    cr_assert_null(map_get(&m, "name_5000"));
    cr_assert_null(map_get(&m, ""));
    cr_assert_eq(map_put(&m, "name_7", &items[8]), &items[7]);
    cr_assert_eq(map_get(&m, "name_7"), &items[8]);
    cr_assert_eq(m.n, N);
    arena_free(a);
}
