// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

#include <criterion/criterion.h>

static void collect(void *ctx, const char *line)
{
    str_printf(ctx, "%s\n", line);
}

Test(diag, form_of_messages)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "net.onnx");
    struct str lines = { 0 };

    d.sink = collect;
    d.ctx = &lines;
    diag_error_at(&d, "conv\n1", "Conv", "group is %d, wanted %d", 0, 1);
    diag_hint(&d, "give it");
    diag_error_at(&d, "", "Relu", "no name");
    diag_note(&d, "noted");
    diag_warn(&d, WARN_UNUSED_INPUT, "input '%s'", "x");
    cr_assert_str_eq(str_text(&lines),
                     "net.onnx: error: node 'conv\\x0a1' (Conv): group is 0, wanted 1\n"
                     "  hint: give it\n"
                     "net.onnx: error: Relu: no name\n"
                     "net.onnx: note: noted\n"
                     "net.onnx: warning: input 'x' [-Wunused-input]\n");
    cr_assert_eq(d.n_errors, 2);
    cr_assert_eq(d.n_warnings, 1);
    cr_assert_not(diag_ok(&d));
    str_free(&lines);
    arena_free(a);
}

Test(diag, flags)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "net.onnx");
    struct str lines = { 0 };

    d.sink = collect;
    d.ctx = &lines;
    cr_assert(diag_set_flag(&d, "no-unused-input"));
    cr_assert_not(diag_set_flag(&d, "no-such-thing"));
    diag_warn(&d, WARN_UNUSED_INPUT, "not said");
    cr_assert(diag_ok(&d));
    cr_assert(diag_set_flag(&d, "error"));
    diag_warn(&d, WARN_UNSORTED, "said");
    cr_assert_str_eq(str_text(&lines), "net.onnx: error: said [-Wunsorted]\n");
    cr_assert_not(diag_ok(&d));
    str_free(&lines);
    arena_free(a);
}
