// SPDX-License-Identifier: Apache-2.0
/* write_one.h - a tensor as a file of its own: write_one(npy_write, path, &t, &d). */
#ifndef RESC_TESTS_SUPPORT_WRITE_ONE_H
#define RESC_TESTS_SUPPORT_WRITE_ONE_H

#include "base/diag.h"
#include "base/out_set.h"
#include "ir/tensor.h"

static inline bool write_one(bool (*write)(struct out_set *set, const char *path,
                                           const struct tensor *t),
                             const char *path, const struct tensor *t, struct diag *d)
{
    struct out_set set = { .arena = d->arena, .diag = d };

    if (write(&set, path, t))
        return out_commit(&set);
    out_abandon(&set);
    return false;
}

#endif
