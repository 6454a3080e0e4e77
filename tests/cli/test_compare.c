// SPDX-License-Identifier: Apache-2.0
#include "cli/compare.h"

#include <criterion/criterion.h>
#include <math.h>

static const struct tolerance tolerance = { .rtol = 1e-3, .atol = 1e-5 };

static struct comparison compare_floats(float got, float want)
{
    const struct tensor g = { "g", DT_F32, shape_of(1), &got };
    const struct tensor w = { "w", DT_F32, shape_of(1), &want };

    return compare(&g, &w, tolerance);
}

Test(compare, an_element_agrees_within_atol_plus_rtol_times_want)
{
    static const struct { float got, want; bool ok; } cases[] = {
        { 1.0f, 1.0f, true },
        { 1.0009f, 1.0f, true },
        { 1.0011f, 1.0f, false },
        { 0.9989f, 1.0f, false },
        { -1.0f, 1.0f, false },
        { 0.9e-5f, 0.0f, true },
        { 1.1e-5f, 0.0f, false },
        { 1000.9f, 1000.0f, true },
        { 1001.1f, 1000.0f, false },
        { 0.0f, -0.0f, true },
        { NAN, NAN, true },
        { NAN, 1.0f, false },
        { 1.0f, NAN, false },
        { INFINITY, INFINITY, true },
        { INFINITY, -INFINITY, false },
        { INFINITY, 1.0f, false },
        { 3.4e38f, INFINITY, false },
        { NAN, INFINITY, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct comparison c = compare_floats(cases[i].got, cases[i].want);

        cr_expect_eq(comparison_ok(&c), cases[i].ok, "%g against %g", (double)cases[i].got,
                     (double)cases[i].want);
        cr_expect_eq(c.first_off, cases[i].ok ? -1 : 0);
    }
}

Test(compare, counts_the_floats_between_two)
{
    cr_expect_eq(compare_floats(nextafterf(1.0f, 2.0f), 1.0f).max_ulp, 1);
    cr_expect_eq(compare_floats(nextafterf(1.0f, 0.0f), 1.0f).max_ulp, 1);
    cr_expect_eq(compare_floats(0x1p-149f, -0x1p-149f).max_ulp, 2, "across zero");
    cr_expect_eq(compare_floats(2.0f, 1.0f).max_ulp, 1 << 23);
    cr_expect_float_eq(compare_floats(1.5f, 2.0f).max_abs, 0.5, 0.0);
    cr_expect_float_eq(compare_floats(1.5f, 2.0f).max_rel, 0.25, 0.0);
    cr_expect_eq(compare_floats(1.0f, 0.0f).max_rel, 0.0, "relative to nothing");
}

Test(compare, integers_agree_only_if_they_are_equal)
{
    /* These two are the same as doubles. */
    const int64_t big = ((int64_t)1 << 53) + 1, near = (int64_t)1 << 53;
    const struct tensor g = { "g", DT_I64, shape_of(1), &big };
    const struct tensor w = { "w", DT_I64, shape_of(1), &near };
    const struct comparison off = compare(&g, &w, tolerance), same = compare(&g, &g, tolerance);
    char text[ELEMENT_TEXT_MAX];

    cr_expect(!comparison_ok(&off));
    cr_expect(comparison_ok(&same));
    cr_expect_str_eq(element_text(&g, &w, 0, text),
                     "[0]: got 9007199254740993, want 9007199254740992");
}

Test(compare, types_and_shapes_must_be_the_same)
{
    const float data[4] = { 0 };
    const struct tensor f = { "f", DT_F32, shape_of(2, 2), data };
    const struct tensor flat = { "flat", DT_F32, shape_of(4), data };
    const struct tensor i = { "i", DT_I32, shape_of(2, 2), data };
    const struct comparison shapes = compare(&f, &flat, tolerance);
    const struct comparison types = compare(&f, &i, tolerance);

    cr_expect(!shapes.comparable && !comparison_ok(&shapes));
    cr_expect(!types.comparable && !comparison_ok(&types));
}

Test(compare, best_classes_are_compared_row_by_row)
{
    const float want[] = { 1, 5, 2,  7, 7, 1 }, right[] = { 1, 6, 2,  7, 8, 1 };
    const float wrong[] = { 1, 5, 2,  7, 7, 9 };
    struct tensor w = { "w", DT_F32, shape_of(2, 3, 1, 1), want }, g = w;

    g.data = right;
    cr_expect_eq(compare(&g, &w, tolerance).top1, TOP1_EQUAL, "of equal bests any will do");
    g.data = wrong;
    const struct comparison c = compare(&g, &w, tolerance);
    char text[ELEMENT_TEXT_MAX];

    cr_expect_eq(c.top1, TOP1_DIFFERS);
    cr_expect_str_eq(element_text(&g, &w, c.first_off, text), "[1,2,0,0]: got 9, want 1");
    g.shape = w.shape = shape_of(6);
    cr_expect_eq(compare(&g, &w, tolerance).top1, TOP1_NONE);
}
