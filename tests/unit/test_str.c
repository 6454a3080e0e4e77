// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/str.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(const char *in, size_t max, const char *out)
{
    struct str s = { 0 };

    str_comment(&s, in, max);
    cr_expect_str_eq(str_text(&s), out, "%s became %s", in, str_text(&s));
    str_free(&s);
}

Test(str, text_of_a_model_is_escaped)
{
    expect("layer1/conv", 100, "layer1/conv");
    expect("*/ int main(void) {} /*", 100, "*\\/ int main(void) {} /\\*");
    expect("/*/", 100, "/\\*\\/");
    expect("a\nb\x1b[31m\x7f", 100, "a\\x0ab\\x1b[31m\\x7f");
    expect("back\\slash", 100, "back\\\\slash");
    expect("what?\?/", 100, "what?\\?/");
    expect("gr\xc3\xbc\xc3\x9f", 100, "gr\\xc3\\xbc\\xc3\\x9f"); /* ASCII only */
    expect("\xff\xc0\x80", 100, "\\xff\\xc0\\x80");
    expect("\xed\xa0\x80", 100, "\\xed\\xa0\\x80");             /* a surrogate */
    expect("\xe2\x80\xae" "x", 100, "\\xe2\\x80\\xaex");        /* right-to-left override */
    expect("\xc2\x85", 100, "\\xc2\\x85");                      /* C1: next line */
    expect("0123456789", 4, "0123...");
    expect("gr\xc3\xbc", 3, "gr\\xc3...");
}

Test(str, a_terminal_needs_less_escaping_than_a_comment)
{
    struct str s = { 0 };

    str_escaped(&s, "test_data_set_*/input_K.pb\x1b", 100);
    str_escaped(&s, "gr\xc3\xbc\xc3\x9f", 100);
    cr_expect_str_eq(str_text(&s), "test_data_set_*/input_K.pb\\x1bgr\xc3\xbc\xc3\x9f");
    str_free(&s);
}

Test(str, grows)
{
    struct str s = { 0 };

    cr_assert_str_eq(str_text(&s), "");
    for (int i = 0; i < 10000; i++)
        str_printf(&s, "%d,", i % 10);
    cr_assert_eq(s.len, 20000);
    cr_assert_eq(strncmp(str_text(&s), "0,1,2,3,4,5,6,7,8,9,0,", 22), 0);
    str_free(&s);
}

Test(str, escaped_into_an_arena)
{
    struct arena *a = arena_new();

    cr_expect_str_eq(str_escaped_copy(a, "a\nb", 100), "a\\x0ab");
    cr_expect_str_eq(str_escaped_copy(a, "", 100), "");
    arena_free(a);
}

Test(str, ends_with)
{
    cr_expect(str_ends_with("net.onnx", ".onnx"));
    cr_expect_not(str_ends_with(".onnx", ".onnx"));
    cr_expect_not(str_ends_with("net.onnx2", ".onnx"));
    cr_expect_not(str_ends_with("x", ".onnx"));
}
