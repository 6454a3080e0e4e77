// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include "base/arena.h"
#include "base/count.h"
#include "ops/op.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <string.h>

static const int64_t integers[] = {
    0, 1, -1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 127, 128, 255, 256, 1000, 1024,
    4096, 32767, 32768, 65535, 65536, 1000000, INT32_MAX, INT32_MIN, UINT32_MAX,
    (int64_t)UINT32_MAX + 1, (int64_t)1 << 40, (int64_t)1 << 53, (int64_t)1 << 62, INT64_MAX,
    INT64_MIN, INT64_MIN + 1, -2, -3, -100,
};

static const double reals[] = {
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-5, 1e-30, FLT_MIN / 4, FLT_MIN, FLT_MAX, -FLT_MAX, 3e9,
    1e19, DBL_MAX, INFINITY, -INFINITY, NAN,
};

/* Attributes, their values, places of external data, and trouble. */
static const char *const dictionary[] = {
    "", "allowzero", "alpha", "auto_pad", "axes", "axis", "beta", "ceil_mode", "constant",
    "count_include_pad", "dilations", "ends", "epsilon", "group", "keepdims", "kernel_shape",
    "max", "min", "mode", "noop_with_empty_axes", "num_outputs", "output_padding", "pads", "perm",
    "select_last_index", "size", "split", "starts", "storage_order", "strides", "to", "transA",
    "transB", "value", "value_float", "value_floats", "value_int", "value_ints", "value_string",
    "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "reflect", "edge", "wrap",
    "ai.onnx", "ai.onnx.ml", "com.example",
    "location", "offset", "length", "checksum", "data.bin", "sub/data.bin", "sub/../data.bin",
    "./data.bin", "sub//data.bin", "../outside.bin", "up/outside.bin", "link.bin", "hard.bin",
    "fifo", "sub", "/dev/zero", "..", ".", "/", "0", "4", "16", "48", "64", "65", "-1",
    "9223372036854775807", "18446744073709551615",
    "int", "a.b", "a_b", "*/", "\"", "\\", "%s%n", "?\?/", "\n#include \"x\"", "\xff", "\xe2\x80\xae",
};

int64_t value_integer(struct random *r, int64_t old)
{
    const uint64_t u = (uint64_t)old;

    switch (random_below(r, 8)) {
    case 0: return (int64_t)(u + 1);
    case 1: return (int64_t)(u - 1);
    case 2: return (int64_t)(u * 2);
    case 3: return (int64_t)(0 - u);
    case 4: return (int64_t)random_below(r, 20);
    case 5: return (int64_t)(random_bits(r) >> random_below(r, 64));
    default: return integers[random_below(r, COUNT(integers))];
    }
}

double value_real(struct random *r, double old)
{
    switch (random_below(r, 4)) {
    case 0: return -old;
    case 1: return old * 2;
    case 2: return (double)(random_bits(r) >> 40) * 0x1p-23 - 1.0;
    default: return reals[random_below(r, COUNT(reals))];
    }
}

static void spoil(struct random *r, unsigned char *bytes, size_t size)
{
    for (size_t n = random_below(r, 4) + 1; size && n > 0; n--)
        bytes[random_below(r, size)] ^= (unsigned char)(1u << random_below(r, 8));
}

static const char *without_zeros(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!s[i])
            s[i] = '0';
    return s;
}

const char *value_text(struct random *r, struct arena *a, const char *old,
                       const struct words *words)
{
    enum { LONG = 300 };
    const size_t n = strlen(old);
    char *s;

    switch (random_below(r, 8)) {
    case 0: /* spoilt */
        s = arena_strdup(a, old);
        spoil(r, (unsigned char *)s, n);
        return without_zeros(s, n);
    case 1: return arena_strndup(a, old, random_below(r, n + 1));
    case 2: return arena_printf(a, "%s%s", old, dictionary[random_below(r, COUNT(dictionary))]);
    case 3:
        s = arena_alloc(a, LONG + 1);
        memset(s, n ? old[0] : 'x', LONG);
        return random_one_in(r, 8) ? s : old;
    case 4: return all_ops[random_below(r, (size_t)n_all_ops)]->name;
    case 5: return dictionary[random_below(r, COUNT(dictionary))];
    default: return words->n ? words->list[random_below(r, words->n)] : old;
    }
}

unsigned char *value_bytes(struct random *r, struct arena *a, const unsigned char *old,
                           size_t *size)
{
    enum { EXTRA = 64 };
    const size_t n = *size;
    unsigned char *bytes = arena_alloc(a, n + EXTRA);

    if (n)
        memcpy(bytes, old, n);
    switch (random_below(r, 6)) {
    case 0: *size = random_below(r, n + 1); break;
    case 1: *size = n + random_below(r, EXTRA); break;
    case 2: *size = n / 4 * 4 + 4; break;
    case 3:
        if (n >= sizeof(float)) {
            const float x = (float)value_real(r, 1.0);

            memcpy(bytes + random_below(r, n / sizeof(x)) * sizeof(x), &x, sizeof(x));
        }
        break;
    case 4:
        if (n >= sizeof(int64_t)) {
            const int64_t x = value_integer(r, 1);

            memcpy(bytes + random_below(r, n / sizeof(x)) * sizeof(x), &x, sizeof(x));
        }
        break;
    default: spoil(r, bytes, n); break;
    }
    return bytes;
}
