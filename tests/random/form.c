// SPDX-License-Identifier: Apache-2.0
#include "form.h"

#include "base/arena.h"
#include "base/count.h"
#include "rng.h"

#include <string.h>

static const char *const kernel_words[] = { "auto", "native", "blas", "ref" };
static const char *const weight_words[] = { "auto", "inline", "incbin", "file" };
static const char *const isa_words[] = { "", "base", "avx2", "avx512" };

/* Bundles take the C compiler a second and more. */
enum { BUNDLE_PER_THOUSAND = 4 };

struct form form_of(uint64_t seed)
{
    struct rng r = { seed ^ UINT64_C(0x6f7074696f6e73) }, of_group = { seed / GROUP };
    struct form c = { .disable = "" };
    const int64_t kernels = rng_int(&r, 0, 9);

    c.kernels = kernels < 4 ? KERNELS_AUTO : kernels < 7 ? KERNELS_NATIVE :
                kernels < 9 ? KERNELS_BLAS : KERNELS_REF;
    c.strict = rng_int(&r, 0, 3) == 0;
    c.small = rng_int(&r, 0, 5) == 0;
    c.level = rng_int(&r, 0, 4) != 0;
    if (rng_int(&r, 0, 3) == 0)
        c.disable = all_passes[rng_int(&r, 0, n_all_passes - 1)].name;
    c.weights = (enum weights_form)rng_int(&r, WEIGHTS_AUTO, WEIGHTS_FILE);
    c.bundle = rng_int(&r, 0, 999) < BUNDLE_PER_THOUSAND;
    c.any_plan = rng_int(&r, 0, 1);
    c.reproducible = c.bundle && rng_int(&r, 0, 1);
    c.selftest = rng_int(&r, 0, 9) == 0;
    c.c_level = rng_int(&r, 0, 3) == 0;
    c.isa = isa_words[rng_int(&of_group, 0, COUNT(isa_words) - 1)];
    return c;
}

const char *form_text(struct arena *a, const struct form *c)
{
    const char *disable = *c->disable ? arena_printf(a, " --disable-pass=%s", c->disable) : "";

    return arena_printf(a, "-O%d%s --kernels=%s --weights=%s%s%s%s%s%s%s --cc-O=%d --isa=%s",
                        c->level, disable, kernel_words[c->kernels], weight_words[c->weights],
                        c->strict ? " --fp-error=strict" : "", c->small ? " --optimize=size" : "",
                        c->bundle ? " --bundle" : "", c->reproducible ? " --reproducible" : "",
                        c->any_plan ? " --plan=random" : "", c->selftest ? " --selftest" : "",
                        c->c_level, c->isa);
}

/* The place of what follows `name` in `words`; -1: it is not that option. */
static int place(const char *word, const char *name, int n, const char *const *words)
{
    const size_t len = strlen(name);

    for (int i = 0; strncmp(word, name, len) == 0 && i < n; i++)
        if (strcmp(word + len, words[i]) == 0)
            return i;
    return -1;
}

bool form_set(struct form *c, const char *word)
{
    static const char *const digits[] = { "0", "1", "2", "3" };
    static const char *const fp[] = { "normal", "strict" }, *const size[] = { "speed", "size" };
    static const char *const plans[] = { "best", "random" }, disable[] = "--disable-pass=";
    int i;

    if ((i = place(word, "-O", 2, digits)) >= 0)
        c->level = i;
    else if ((i = place(word, "--kernels=", COUNT(kernel_words), kernel_words)) >= 0)
        c->kernels = (enum kernels)i;
    else if ((i = place(word, "--weights=", COUNT(weight_words), weight_words)) >= 0)
        c->weights = (enum weights_form)i;
    else if ((i = place(word, "--fp-error=", 2, fp)) >= 0)
        c->strict = i;
    else if ((i = place(word, "--optimize=", 2, size)) >= 0)
        c->small = i;
    else if ((i = place(word, "--cc-O=", COUNT(digits), digits)) >= 0)
        c->c_level = i;
    else if ((i = place(word, "--isa=", COUNT(isa_words), isa_words)) >= 0)
        c->isa = isa_words[i];
    else if (strncmp(word, disable, strlen(disable)) == 0)
        c->disable = word + strlen(disable);
    else if (strcmp(word, "--selftest") == 0)
        c->selftest = true;
    else if (strcmp(word, "--reproducible") == 0)
        c->reproducible = c->bundle = true;
    else if (strcmp(word, "--bundle") == 0)
        c->bundle = true;
    else if ((i = place(word, "--plan=", 2, plans)) >= 0)
        c->any_plan = i;
    else
        return false;
    return true;
}
