// SPDX-License-Identifier: Apache-2.0
#include "ops/attr.h"

#include "ir/graph.h"

#include <inttypes.h>
#include <string.h>

static const char *const type_names[] = {
    [ATTR_NONE] = "nothing", [ATTR_FLOAT] = "a float", [ATTR_INT] = "an int",
    [ATTR_STRING] = "a string", [ATTR_TENSOR] = "a tensor", [ATTR_FLOATS] = "floats",
    [ATTR_INTS] = "ints", [ATTR_STRINGS] = "strings", [ATTR_OTHER] = "something else",
};

static struct attr *find(const struct attr_list *l, const char *name)
{
    for (int i = 0; i < l->n; i++)
        if (strcmp(l->attrs[i].name, name) == 0)
            return &l->attrs[i];
    return NULL;
}

bool attr_has(const struct attr_list *l, const char *name)
{
    return find(l, name) != NULL;
}

void attr_ignore(struct attr_list *l, const char *name)
{
    struct attr *a = find(l, name);

    if (a)
        a->used = true;
}

const struct attr *attr_get(struct attr_list *l, const char *name, enum attr_type type)
{
    struct attr *a = find(l, name);

    if (!a)
        return NULL;
    a->used = true;
    if (a->type == type)
        return a;
    node_error(l->diag, l->node, "attribute '%s' is %s, expected %s", name, type_names[a->type],
               type_names[type]);
    l->bad = true;
    return NULL;
}

int64_t attr_int(struct attr_list *l, const char *name, int64_t dflt)
{
    const struct attr *a = attr_get(l, name, ATTR_INT);

    return a ? a->i : dflt;
}

float attr_float(struct attr_list *l, const char *name, float dflt)
{
    const struct attr *a = attr_get(l, name, ATTR_FLOAT);

    return a ? a->f : dflt;
}

const char *attr_string(struct attr_list *l, const char *name, const char *dflt)
{
    const struct attr *a = attr_get(l, name, ATTR_STRING);

    return a ? a->s : dflt;
}

int attr_ints(struct attr_list *l, const char *name, int64_t *out, int max)
{
    const struct attr *a = attr_get(l, name, ATTR_INTS);

    if (!a)
        return 0;
    if (a->n > max) {
        node_error(l->diag, l->node, "attribute '%s' has %" PRId64 " elements, at most %d expected",
                   name, a->n, max);
        l->bad = true;
        return 0;
    }
    for (int64_t i = 0; i < a->n; i++)
        out[i] = a->ints[i];
    return (int)a->n;
}

bool attr_done(struct attr_list *l)
{
    for (int i = 0; i < l->n; i++)
        if (!l->attrs[i].used) {
            node_error(l->diag, l->node, "unknown attribute '%s'", l->attrs[i].name);
            l->bad = true;
        }
    return !l->bad;
}
