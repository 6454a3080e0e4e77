// SPDX-License-Identifier: Apache-2.0
#include "tokens.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/map.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum kind { END, NAME, NUMBER, TEXT, COMMENT, SIGN, LINE /* begins a directive or ends it */ };

struct token {
    enum kind kind;
    const char *at;
    size_t n;
};

struct lexer {
    const char *at;
    bool directive, bol; /* in one; at the beginning of a line */
};

/* What stands between two of `quote`, or up to `end`. */
static size_t quoted(const char *p, char quote)
{
    size_t n = 1;

    while (p[n] && p[n] != quote && p[n] != '\n')
        n += p[n] == '\\' && p[n + 1] ? 2 : 1;
    return n + (p[n] == quote);
}

static struct token make(struct lexer *l, enum kind kind, size_t n)
{
    const struct token t = { kind, l->at, n };

    l->at += n;
    l->bol = false;
    return t;
}

/* Blanks and continued lines; true at a newline that ends a directive. */
static bool skip_blanks(struct lexer *l)
{
    for (;; l->at++) {
        if (*l->at == '\\' && l->at[1] == '\n')
            l->at++;
        else if (*l->at == '\n' && l->directive)
            return true;
        else if (*l->at == '\n')
            l->bol = true;
        else if (*l->at != ' ' && *l->at != '\t')
            return false;
    }
}

static size_t name_length(const char *p)
{
    size_t n = 0;

    while (isalnum((unsigned char)p[n]) || p[n] == '_')
        n++;
    return n;
}

static size_t number_length(const char *p)
{
    size_t n = 0;

    while (isalnum((unsigned char)p[n]) || p[n] == '.' || p[n] == '_' ||
           ((p[n] == '+' || p[n] == '-') && n && strchr("eEpP", p[n - 1])))
        n++;
    return n;
}

static struct token next(struct lexer *l)
{
    const char *end;

    if (skip_blanks(l)) {
        l->directive = false;
        return make(l, LINE, 0);
    }
    const char c = *l->at;

    if (!c)
        return make(l, END, 0);
    if (c == '#' && l->bol) {
        l->directive = true;
        return make(l, LINE, 1);
    }
    if (c == '/' && l->at[1] == '*') {
        end = strstr(l->at + 2, "*/");
        return make(l, COMMENT, end ? (size_t)(end - l->at) + 2 : strlen(l->at));
    }
    if (c == '/' && l->at[1] == '/')
        return make(l, COMMENT, strcspn(l->at, "\n"));
    if (c == '"' || c == '\'')
        return make(l, TEXT, quoted(l->at, c));
    if (isdigit((unsigned char)c))
        return make(l, NUMBER, number_length(l->at));
    if (name_length(l->at))
        return make(l, NAME, name_length(l->at));
    return make(l, SIGN, 1);
}

/* What a model's names must not reach. */
static bool is_fixed(const char *name)
{
    static const char *const words[] = {
        "int", "char", "float", "double", "void", "const", "static", "struct", "union", "if",
        "return", "for", "while", "sizeof", "unsigned", "long", "define", "include", "ifdef",
        "ifndef", "endif", "extern", "int32_t", "int64_t", "uint8_t", "uintptr_t", "size_t", "NULL",
        "ws", "workspace", "weights", "model_run", "main",
    };

    for (int i = 0; i < COUNT(words); i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return strncmp(name, "resc_", 5) == 0 || strncmp(name, "RESC_", 5) == 0;
}

struct renaming {
    struct arena *arena;
    struct map there, back; /* name -> name */
};

static bool agrees(struct map *m, const char *from, const char *to)
{
    const char *known = map_get(m, from);

    if (!known)
        map_put(m, from, (void *)to);
    return !known || strcmp(known, to) == 0;
}

/* Whether a name comes from one of rename_all()'s harmless ones. */
static bool from_model(const char *name)
{
    static const char *const marks[] = { "name", "NAME", "text", "TEXT" };

    for (int i = 0; i < COUNT(marks); i++)
        for (const char *at = name; (at = strstr(at, marks[i])); at++)
            if (isdigit((unsigned char)at[4]))
                return true;
    return false;
}

/* Names from the model are renamed one to one, those in a struct by themselves;
 * all others stay. */
static bool same_name(struct renaming *r, const char *left, const char *right, bool member)
{
    if (!from_model(left))
        return strcmp(left, right) == 0;
    if (is_fixed(right) && !member)
        return false;
    left = arena_printf(r->arena, "%c%s", member ? '.' : ' ', left);
    right = arena_printf(r->arena, "%c%s", member ? '.' : ' ', right);
    return agrees(&r->there, left, right) && agrees(&r->back, right, left);
}

/* The names in two texts, and all between them the same. */
static bool same_text(struct renaming *r, struct token x, struct token y)
{
    const char *p = x.at, *q = y.at;

    while (p < x.at + x.n && q < y.at + y.n) {
        const size_t n = name_length(p), m = name_length(q);

        if (!n != !m)
            return false;
        if (!n && *p++ != *q++)
            return false;
        if (n && (n != m || memcmp(p, q, n) != 0) &&
            !same_name(r, arena_strndup(r->arena, p, n), arena_strndup(r->arena, q, m), false))
            return false;
        p += n, q += m;
    }
    return p == x.at + x.n && q == y.at + y.n;
}

/* What the header and the code of one run have in common depends on the names. */
static bool is_hash(struct token t)
{
    return t.kind == NUMBER && t.n == strlen("0x00000000") && strncmp(t.at, "0x", 2) == 0;
}

static bool same(struct renaming *r, struct token x, struct token y, bool member)
{
    if (x.kind != y.kind)
        return false;
    if (x.kind == COMMENT)
        return true;
    if (x.kind == NAME)
        return same_name(r, arena_strndup(r->arena, x.at, x.n),
                         arena_strndup(r->arena, y.at, y.n), member);
    if (x.kind == TEXT)
        return same_text(r, x, y);
    if (is_hash(x) && is_hash(y))
        return agrees(&r->there, arena_strndup(r->arena, x.at, x.n),
                      arena_strndup(r->arena, y.at, y.n));
    return x.n == y.n && memcmp(x.at, y.at, x.n) == 0;
}

const char *tokens_differ(struct arena *a, const char *left, const char *right)
{
    struct renaming r = { a, map_new(a), map_new(a) };
    struct lexer l = { left, false, true }, m = { right, false, true };
    struct token before = { SIGN, "", 0 }, x, y;
    int weights = 0; /* 1: behind "struct weights", 2: between its braces */

    do {
        x = next(&l);
        y = next(&m);
        const bool dot = before.kind == SIGN && (*before.at == '.' || *before.at == '>');

        if (!same(&r, x, y, dot || weights == 2))
            return arena_printf(a, "'%.60s' and '%.60s'", x.at, y.at);
        if (x.kind == NAME && x.n == 7 && memcmp(x.at, "weights", 7) == 0 && before.n == 6)
            weights = 1;
        else if (weights == 1)
            weights = x.kind == SIGN && *x.at == '{' ? 2 : 0;
        else if (x.kind == SIGN && *x.at == '}')
            weights = 0;
        before = x;
    } while (x.kind != END);
    return NULL;
}
