// SPDX-License-Identifier: Apache-2.0
/* weights.h - the constants of a model, as C and as bytes. */
#ifndef RESC_CODEGEN_WEIGHTS_H
#define RESC_CODEGEN_WEIGHTS_H

#include "codegen/emit.h"
#include "codegen/plan.h"

#include <stdint.h>
#include <stdio.h>

struct names;
struct str;

enum { WEIGHTS_INLINE_MAX = 1024 * 1024 }; /* bytes; above, WEIGHTS_AUTO means incbin */

/* In front of the bytes in a file of --weights=FILE; little-endian. */
struct weights_header {
    char magic[8];      /* "RESCWTS" */
    uint32_t version;   /* 1 */
    uint32_t endian;    /* 0x01020304 */
    uint64_t size;      /* of what follows, bytes */
    uint8_t plan[32];   /* SHA-256 of the layout and the steps that read it */
    uint8_t unused[8];
};

enum weights_form weights_form(const struct plan *p, enum weights_form asked);
/* `struct weights`, and how it is reached: to the part before NAME_run(). */
void weights_declare(struct str *out, const struct plan *p, const struct names *names,
                     const char *prefix, const char *upper_prefix, enum weights_form form);
/* The string literal, for the end of the file. */
void weights_literal(struct str *out, const struct plan *p);
/* The bytes themselves. */
void weights_write(FILE *f, const struct plan *p);
void weights_write_header(FILE *f, const struct plan *p, const uint8_t plan_hash[32]);
/* NAME_weights_check(), for WEIGHTS_FILE. */
void weights_check_function(struct str *out, const struct plan *p, const char *prefix,
                            const uint8_t plan_hash[32]);

#endif
