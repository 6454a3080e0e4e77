// SPDX-License-Identifier: Apache-2.0
/* The format: "\x93NUMPY", two version bytes, the length of a header (2 bytes,
 * from version 2 on 4), the header, the elements.  The header is text:
 *
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 224, 224), }
 */
#include "cli/npy.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/out_set.h"
#include "base/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PRELUDE = 8, ALIGN = 64 };

static const struct { const char *descr; enum dtype type; } types[] = {
    { "<f4", DT_F32 }, { "<f8", DT_F64 }, { "<f2", DT_F16 }, { "<i8", DT_I64 },
    { "<i4", DT_I32 }, { "<i2", DT_I16 }, { "|i1", DT_I8 },  { "<u8", DT_U64 },
    { "<u4", DT_U32 }, { "<u2", DT_U16 }, { "|u1", DT_U8 },  { "|b1", DT_BOOL },
};
enum { N_TYPES = COUNT(types) };

static bool fail(struct diag *d, const char *path, const char *what)
{
    diag_error(d, "'%s' is not a NumPy file that resc can read: %s", path, what);
    return false;
}

/* What follows "'key':" in the header, or NULL. */
static const char *find_key(const char *header, const char *key)
{
    const char *at = strstr(header, key);

    if (!at)
        return NULL;
    at += strlen(key);
    while (isspace((unsigned char)*at))
        at++;
    if (*at++ != ':')
        return NULL;
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

static enum dtype parse_type(const char *at)
{
    for (int i = 0; i < N_TYPES; i++) {
        const char *descr = types[i].descr;

        if ((*at == '\'' || *at == '"') && strncmp(at + 1, descr, strlen(descr)) == 0 &&
            at[1 + strlen(descr)] == *at)
            return types[i].type;
    }
    return DT_NONE;
}

static bool parse_shape(const char *at, struct shape *out)
{
    *out = shape_scalar();
    if (*at++ != '(')
        return false;
    for (;;) {
        char *end;

        while (isspace((unsigned char)*at) || *at == ',')
            at++;
        if (*at == ')')
            return shape_len_checked(out) >= 0;
        if (!isdigit((unsigned char)*at) || out->rank == MAX_RANK)
            return false;
        out->dim[out->rank++] = strtoll(at, &end, 10);
        at = end;
    }
}

static bool parse_header(const char *header, const char *path, struct tensor *out, struct diag *d)
{
    const char *descr = find_key(header, "'descr'");
    const char *order = find_key(header, "'fortran_order'");
    const char *shape = find_key(header, "'shape'");

    if (!descr || !order || !shape)
        return fail(d, path, "its header lacks descr, fortran_order or shape");
    if (strncmp(order, "False", 5) != 0) {
        fail(d, path, "its elements are in Fortran order");
        diag_hint(d, "save numpy.ascontiguousarray(x)");
        return false;
    }
    out->type = parse_type(descr);
    if (out->type == DT_NONE) {
        fail(d, path, "its element type is none of f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1, "
                      "little-endian");
        return false;
    }
    return parse_shape(shape, &out->shape) || fail(d, path, "its shape is bad or too large");
}

bool npy_parse(struct arena *a, const char *path, const char *bytes, size_t size,
               struct tensor *out, struct diag *d)
{
    const unsigned char *u = (const unsigned char *)bytes;

    *out = (struct tensor){ .name = "" };
    if (size < PRELUDE + 2 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return fail(d, path, "it does not start with \"\\x93NUMPY\"");
    const bool wide = u[6] >= 2;
    const size_t start = PRELUDE + (wide ? 4 : 2);

    if (u[6] < 1 || u[6] > 3 || size < start)
        return fail(d, path, "its version is unknown");
    const size_t low = u[8] | (size_t)u[9] << 8;
    const size_t length = wide ? low | (size_t)u[10] << 16 | (size_t)u[11] << 24 : low;

    if (length > size - start)
        return fail(d, path, "it is cut short");
    if (!parse_header(arena_strndup(a, bytes + start, length), path, out, d))
        return false;

    const size_t wanted = (size_t)shape_len(&out->shape) * dtype_size(out->type);
    const size_t got = size - start - length;
    char *data = arena_alloc(a, wanted + 1);

    if (got != wanted) {
        diag_error(d, "'%s' has %zu bytes of elements, its shape and type need %zu", path, got,
                   wanted);
        return false;
    }
    memcpy(data, bytes + start + length, wanted);
    out->data = data;
    return true;
}

bool npy_read(struct arena *a, const char *path, struct tensor *out, struct diag *d)
{
    size_t size;
    char *bytes = file_read(path, &size, d);
    const bool ok = bytes && npy_parse(a, path, bytes, size, out, d);

    file_release(bytes);
    return ok;
}

static const char *type_descr(enum dtype t)
{
    for (int i = 0; i < N_TYPES; i++)
        if (types[i].type == t)
            return types[i].descr;
    return NULL;
}

bool npy_write(struct out_set *set, const char *path, const struct tensor *t)
{
    struct str header = { 0 };
    const char *descr = type_descr(t->type);
    FILE *out;

    if (!descr) {
        diag_error(set->diag, "cannot write '%s': NumPy has no type for %s", path,
                   dtype_name(t->type));
        return false;
    }
    out = out_open(set, path);
    if (!out)
        return false;
    str_printf(&header, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
    for (int i = 0; i < t->shape.rank; i++)
        str_printf(&header, "%" PRId64 ",%s", t->shape.dim[i], i + 1 < t->shape.rank ? " " : "");
    str_puts(&header, "), }");
    while ((PRELUDE + 2 + header.len + 1) % ALIGN)
        str_puts(&header, " ");
    str_puts(&header, "\n");
    fwrite("\x93NUMPY\x01\x00", 1, PRELUDE, out);
    putc((int)(header.len & 0xff), out);
    putc((int)(header.len >> 8), out);
    fwrite(header.data, 1, header.len, out);
    fwrite(t->data, dtype_size(t->type), (size_t)shape_len(&t->shape), out);
    str_free(&header);
    return true;
}
