// SPDX-License-Identifier: Apache-2.0
/* no_emitter - what operators call of the emitter, for programs without it:
 * see standalone.sh.  Nothing gets here. */
#include "ops/op.h"

#include <stdlib.h>

void emit_printf(struct emit *e, const char *fmt, ...)
{
    (void)e;
    (void)fmt;
    abort();
}

const struct layout *emit_layout(struct emit *e, const struct value *v)
{
    (void)e;
    (void)v;
    abort();
}

const char *emit_value(struct emit *e, const struct value *v)
{
    (void)e;
    (void)v;
    abort();
}
