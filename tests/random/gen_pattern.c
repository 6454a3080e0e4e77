// SPDX-License-Identifier: Apache-2.0
/* gen_pattern - what often follows a convolution, and what passes look for there. */
#include "gen.h"

static struct operand activation(struct gen *g, struct operand y)
{
    struct operand z = shaped(&y, y.s);

    switch (between(g, 0, 3)) {
    case 0:
        z.lo = 0;
        z.hi = y.hi > 0 ? y.hi : 0;
        return NODE(g, "Relu", NULL, z, y);
    case 1:
        z.whole = false;
        z.lo = y.lo < 0 ? y.lo : 0;
        return NODE(g, "LeakyRelu", with(g, "", "alpha", float_text(g, 0.125)), z, y);
    case 2:
        return tame(g, y, 0, 6);
    default:
        return y;
    }
}

/* Adds a value of the same shape: to itself, to what there is, to a new input. */
static struct operand residual(struct gen *g, struct operand y)
{
    struct operand other = y, z = shaped(&y, y.s);

    if (!find_like(g, &y, &other))
        other = chance(g, 50) ? y : new_input(g, DT_F32, y.s, -1, 1, false);
    z.lo = y.lo + other.lo;
    z.hi = y.hi + other.hi;
    z.whole = y.whole && other.whole && magnitude(&z) < WHOLE_MAX;
    if (chance(g, 50))
        return NODE(g, chance(g, 70) ? "Add" : "Sum", NULL, z, y, other);
    return NODE(g, "Add", NULL, z, other, y);
}

static struct operand scaled(struct gen *g, struct operand y)
{
    const int64_t c = y.s.dim[1];

    y = by_channel(g, "Mul", y, constant_f32(g, shape_of(c), 0.5, 1.5, false));
    return chance(g, 50) ? y :
           by_channel(g, chance(g, 50) ? "Add" : "Sub", y,
                      constant_f32(g, shape_of(c), -1, 1, false));
}

void follow(struct gen *g, struct operand y)
{
    if (chance(g, 40))
        return;
    if (chance(g, 35))
        y = batch_norm(g, y);
    else if (chance(g, 25))
        y = scaled(g, y);
    if (chance(g, 20))
        y = activation(g, y);
    if (chance(g, 10))
        y = pointwise(g, y);
    if (chance(g, 45))
        y = residual(g, y);
    if (chance(g, 60))
        activation(g, y);
}
