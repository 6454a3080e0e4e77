// SPDX-License-Identifier: Apache-2.0
/* form.h - how a model is compiled and built, at random. */
#ifndef RESC_TESTS_RANDOM_FORM_H
#define RESC_TESTS_RANDOM_FORM_H

#include "compile.h"

#include <stdint.h>

struct form {
    enum kernels kernels;
    bool strict, small;    /* --fp-error, --optimize */
    int level;             /* -O */
    const char *disable;   /* --disable-pass; "": none */
    enum weights_form weights;
    bool bundle, selftest;
    bool reproducible;     /* which is always a bundle */
    bool any_plan;         /* --plan: for each node any kernel that can run it */
    int c_level;           /* the C compiler's -O */
    const char *isa;       /* RESC_ISA, which a program reads once; "": what there is */
};

/* Programs hold many models: isa is the same for GROUP seeds. */
enum { GROUP = 32 };
struct form form_of(uint64_t seed);
/* In the words of `resc compile`. */
const char *form_text(struct arena *a, const struct form *c);
/* Reads one of those words, "--isa=" or "--cc-O="; false: is none. */
bool form_set(struct form *c, const char *word);

#endif
