// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"

#include <criterion/criterion.h>
#include <string.h>

Test(limits, are_set_by_name)
{
    struct limits l = limits_default();

    cr_assert(limits_set(&l, "nodes=7"));
    cr_assert_eq(l.max[LIMIT_NODES], 7);
    cr_assert(limits_set(&l, "memory=3G"));
    cr_assert_eq(l.max[LIMIT_MEMORY], INT64_C(3) << 30);
    cr_assert(limits_set(&l, "unpack=12K"));
    cr_assert_eq(l.max[LIMIT_UNPACK], 12 << 10);
    cr_assert(limits_set(&l, "depth=1000"));
    cr_assert_eq(l.max[LIMIT_DEPTH], 1000);
}

Test(limits, reject_what_they_cannot_mean)
{
    static const char *const wrong[] = {
        "", "nodes", "nodes=", "nodes=0", "nodes=-1", "nodes=1x", "nodes=1KK", "node=1", "=1",
        "nodesx=1", "nodes=99999999999999999999", "memory=9007199254740993G", "depth=1001",
    };

    for (int i = 0; i < COUNT(wrong); i++) {
        const struct limits before = limits_default();
        struct limits l = before;

        cr_assert_not(limits_set(&l, wrong[i]), "%s", wrong[i]);
        cr_assert_eq(memcmp(&l, &before, sizeof l), 0, "%s", wrong[i]);
    }
}

Test(limits, messages_name_the_option)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "m.onnx");
    struct limits l = limits_default();

    limits_set(&l, "folded=1536K");
    limit_error(&d, &l, LIMIT_FOLDED, "%d bytes", 5);
    limit_error(&d, &l, LIMIT_NODES, "nodes");
    cr_assert_str_eq(d.first->text, "5 bytes: the limit is 1536K");
    cr_assert_str_eq(d.first->next->text, "--limit folded=N raises it; 'resc help limits' explains");
    cr_assert_str_eq(d.first->next->next->text, "nodes: the limit is 100000");
    arena_free(a);
}
