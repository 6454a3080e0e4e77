// SPDX-License-Identifier: Apache-2.0
#include "codegen/weights.h"

#include "base/str.h"
#include "codegen/names.h"

#include <inttypes.h>
#include <string.h>

_Static_assert(sizeof(struct weights_header) == WORKSPACE_ALIGN, "keeps the weights aligned");

enum weights_form weights_form(const struct plan *p, enum weights_form asked)
{
    if (asked != WEIGHTS_AUTO)
        return asked;
    return p->weights_size <= WEIGHTS_INLINE_MAX ? WEIGHTS_INLINE : WEIGHTS_INCBIN;
}

/* "8 * 3 * 3 * 3", at least "1". */
static void print_extent(struct str *out, const struct shape *s)
{
    if (!s->rank)
        str_puts(out, "1");
    for (int i = 0; i < s->rank; i++)
        str_printf(out, "%s%" PRId64, i ? " * " : "", s->dim[i]);
}

static void declare_struct(struct str *out, const struct plan *p, const struct names *names)
{
    str_puts(out, "struct weights {\n");
    for (int i = 0; i < p->n_weights; i++) {
        const struct value *v = p->weights[i];

        str_printf(out, "    %s %s[", dtype_c_name(v->type), names->value[v->id]);
        print_extent(out, &v->shape);
        str_puts(out, "];\n");
    }
    str_puts(out, "};\n\n");
}

static const char incbin[] =
    "/* The weights are in a file of their own, next to this one, which the assembler\n"
    " * takes in; define %s_WEIGHTS_PATH to name another place. */\n"
    "#ifndef __GNUC__\n"
    "#error \"embedding the weights needs gcc or clang: use resc compile --weights=inline, \\\n"
    "or --weights=FILE.bin to load them at run time\"\n"
    "#endif\n"
    "#ifndef %s_WEIGHTS_PATH\n"
    "#define %s_WEIGHTS_PATH __FILE__ \".weights\"\n"
    "#endif\n"
    "#ifdef __APPLE__\n"
    "#define WEIGHTS_SECTION \".const_data\\n\"\n"
    "#define WEIGHTS_SECTION_END \".text\\n\"\n"
    "#else\n"
    "#define WEIGHTS_SECTION \".pushsection .rodata\\n\"\n"
    "#define WEIGHTS_SECTION_END \".popsection\\n\"\n"
    "#endif\n"
    "__asm__(WEIGHTS_SECTION \".balign 64\\n%s_weights_bytes:\\n\"\n"
    "        \".incbin \\\"\" %s_WEIGHTS_PATH \"\\\"\\n\" WEIGHTS_SECTION_END);\n"
    "extern const struct weights weights_at __asm__(\"%s_weights_bytes\")\n"
    "    __attribute__((visibility(\"hidden\")));\n\n";

void weights_declare(struct str *out, const struct plan *p, const struct names *names,
                     const char *prefix, const char *up, enum weights_form form)
{
    if (!p->n_weights)
        return;
    str_puts(out, "/* ---- weights ---- */\n\n"
                  "#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__\n"
                  "#error \"the weights are stored for a little-endian machine\"\n"
                  "#endif\n\n");
    declare_struct(out, p, names);
    if (form == WEIGHTS_INLINE)
        str_puts(out, "union weights_blob {\n"
                      "    unsigned char bytes[sizeof(struct weights) + 1]; /* and the literal's final 0 */\n"
                      "    struct weights at;\n"
                      "};\n"
                      "static const union weights_blob weights_blob; /* at the end of the file */\n\n");
    else if (form == WEIGHTS_INCBIN)
        str_printf(out, incbin, up, up, up, prefix, up, prefix);
}

struct literal {
    struct str *out;
    size_t column;
    bool after_octal; /* a digit now would become part of the escape before it */
};

static void literal_byte(struct literal *l, unsigned char c)
{
    char text[8];
    int n;
    const bool digit = c >= '0' && c <= '9';

    if (l->column >= 94) {
        str_puts(l->out, "\"\n    \"");
        l->column = 0;
        l->after_octal = false;
    }
    const bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '?';

    if (plain && !(digit && l->after_octal)) {
        text[0] = (char)c;
        n = 1;
        l->after_octal = false;
    } else if (digit) {
        n = snprintf(text, sizeof(text), "\\%03o", c);
        l->after_octal = false;
    } else {
        n = snprintf(text, sizeof(text), "\\%o", c);
        l->after_octal = n < 4;
    }
    str_add(l->out, text, (size_t)n);
    l->column += (size_t)n;
}

void weights_literal(struct str *out, const struct plan *p)
{
    struct literal l = { .out = out };

    if (!p->n_weights)
        return;
    str_puts(out, "\n/* ---- the weights themselves ---- */\n\n"
                  "#ifdef __GNUC__\n"
                  "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
                  "#endif\n"
                  "static const union weights_blob weights_blob = { {\n    \"");
    for (int i = 0; i < p->n_weights; i++) {
        const unsigned char *bytes = p->weights[i]->data;
        const size_t size = value_size(p->weights[i]);

        for (size_t k = 0; k < size; k++)
            literal_byte(&l, bytes[k]);
    }
    str_puts(out, "\"\n} };\n");
}

void weights_write(FILE *f, const struct plan *p)
{
    for (int i = 0; i < p->n_weights; i++)
        fwrite(p->weights[i]->data, 1, value_size(p->weights[i]), f);
}

static struct weights_header header_for(const struct plan *p, const uint8_t plan_hash[32])
{
    struct weights_header h = {
        .magic = "RESCWTS", .version = 1, .endian = 0x01020304u, .size = p->weights_size,
    };

    memcpy(h.plan, plan_hash, sizeof(h.plan));
    return h;
}

void weights_write_header(FILE *f, const struct plan *p, const uint8_t plan_hash[32])
{
    const struct weights_header h = header_for(p, plan_hash);

    fwrite(&h, sizeof(h), 1, f);
}

void weights_check_function(struct str *out, const struct plan *p, const char *prefix,
                            const uint8_t plan_hash[32])
{
    const struct weights_header h = header_for(p, plan_hash);
    const unsigned char *bytes = (const unsigned char *)&h;

    str_printf(out, "int %s_weights_check(const void *weights, size_t size)\n{\n"
                    "    /* what such a file starts with: magic, version, byte order, size, and\n"
                    "     * the hash of the plan that this code was made with */\n"
                    "    static const unsigned char start[%zu] = {", prefix, sizeof(h));
    for (size_t i = 0; i < sizeof(h); i++)
        str_printf(out, "%s%u,", i % 16 ? " " : "\n        ", bytes[i]);
    str_printf(out, "\n    };\n\n"
                    "    if (!weights || (uintptr_t)weights %% %d || size != %zu ||\n"
                    "        memcmp(weights, start, sizeof(start)) != 0)\n"
                    "        return -1;\n"
                    "    return 0;\n}\n\n", (int)WORKSPACE_ALIGN, sizeof(h) + p->weights_size);
}
