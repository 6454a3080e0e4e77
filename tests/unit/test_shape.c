// SPDX-License-Identifier: Apache-2.0
#include "ir/dtype.h"
#include "ir/shape.h"

#include <criterion/criterion.h>

Test(shape, length_is_checked)
{
    const struct {
        struct shape shape;
        int64_t len;
    } cases[] = {
        { shape_scalar(), 1 },
        { shape_of(1, 3, 224, 224), 150528 },
        { shape_of(5, 0, 7), 0 },
        { shape_of(0, INT64_C(1) << 40), -1 },
        { shape_of(2, -1), -1 },
        { shape_of(65536, 65536), -1 },
        { shape_of(INT64_C(1) << 32, INT64_C(1) << 32, 4), -1 }, /* wraps to 0 in 64 bits */
        { shape_of(INT32_MAX), INT32_MAX },
        { shape_of(INT32_MAX, 2), -1 },
        { shape_of(1 << 16, 1 << 15), -1 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_eq(shape_len_checked(&cases[i].shape), cases[i].len, "case %zu", i);
}

Test(shape, broadcast)
{
    const struct {
        struct shape a, b, out;
        bool ok;
    } cases[] = {
        { shape_of(2, 3), shape_of(3), shape_of(2, 3), true },
        { shape_of(2, 1, 4), shape_of(3, 1), shape_of(2, 3, 4), true },
        { shape_scalar(), shape_of(5), shape_of(5), true },
        { shape_of(0, 2), shape_of(1), shape_of(0, 2), true },
        { shape_of(2, 3), shape_of(2), shape_scalar(), false },
        { shape_of(0), shape_of(2), shape_scalar(), false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct shape out;
        const bool ok = shape_broadcast(&cases[i].a, &cases[i].b, &out);

        cr_expect_eq(ok, cases[i].ok, "case %zu", i);
        cr_expect(!ok || shape_equal(&out, &cases[i].out), "case %zu", i);
    }
}

Test(shape, broadcast_strides)
{
    const struct shape s = shape_of(3, 1), to = shape_of(2, 3, 4);
    int64_t stride[MAX_RANK];

    shape_broadcast_strides(&s, &to, stride);
    cr_expect_eq(stride[0], 0);
    cr_expect_eq(stride[1], 1);
    cr_expect_eq(stride[2], 0);
}

Test(shape, text)
{
    char text[SHAPE_TEXT_MAX];
    const struct shape a = shape_of(1, -1, 224), b = shape_scalar();
    const struct shape longest = shape_of(INT64_MIN, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX,
                                          INT64_MAX, INT64_MAX, INT64_MAX);

    cr_expect_str_eq(shape_text(&a, text), "[1,?,224]");
    cr_expect_str_eq(shape_text(&b, text), "[]");
    cr_expect_eq(shape_text(&longest, text), text);
}

Test(dtype, table)
{
    cr_expect_eq(dtype_from_onnx(1), DT_F32);
    cr_expect_eq(dtype_from_onnx(16), DT_BF16);
    cr_expect_eq(dtype_from_onnx(8), DT_NONE);
    cr_expect_eq(dtype_from_onnx(-1), DT_NONE);
    cr_expect_eq(dtype_size(DT_F64), 8);
    cr_expect_str_eq(dtype_name(DT_BOOL), "bool");
    cr_expect(dtype_runs(DT_I64) && !dtype_runs(DT_F16));
}
