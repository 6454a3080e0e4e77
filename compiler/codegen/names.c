// SPDX-License-Identifier: Apache-2.0
#include "codegen/names.h"

#include "base/arena.h"
#include "base/map.h"

#include <string.h>

enum { HINT_MAX = 40 };

/* What a model's name must not become in the scope of NAME_run(). */
static const char *const reserved[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "class", "compl", "complex", "const", "constexpr", "continue",
    "default", "delete", "do", "double", "else", "enum", "errno", "explicit", "export", "extern",
    "false", "float", "for", "friend", "goto", "if", "imaginary", "inline", "int", "linux", "long",
    "main", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator",
    "or", "or_eq", "private", "protected", "public", "register", "restrict", "return", "short",
    "signed", "sizeof", "static", "static_assert", "struct", "switch", "template", "this",
    "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof",
    "typeof_unqual", "union", "unix", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq", "co_await", "co_return", "co_yield", "concept",
    "const_cast", "consteval", "constinit", "decltype", "dynamic_cast", "reinterpret_cast", "requires",
    "static_cast", "L_ctermid", "L_cuserid", "L_tmpnam", "P_tmpdir", "math_errhandling", "resc",
    "assert", "signbit", "isnan", "w", "ws", "workspace", "weights", "weights_at", "weights_blob",
    "weights_header", "stdin",
    "stdout", "stderr", "trace", "profile_begin", "profile_step",
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *name_sanitised(struct arena *a, const char *text)
{
    char *name = arena_alloc(a, HINT_MAX + 3);
    size_t n = 0;

    for (const char *p = text; *p && n < HINT_MAX; p++) {
        if (is_word(*p))
            name[n++] = *p;
        else if (n && name[n - 1] != '_')
            name[n++] = '_';
    }
    while (n && name[n - 1] == '_')
        n--;
    name[n] = '\0';
    if (n && !(name[0] >= '0' && name[0] <= '9'))
        return name;
    return arena_printf(a, "t%s", name);
}

/* Names already given, each with the number that the next one like it gets. */
struct pool {
    struct arena *arena;
    struct map taken; /* name -> int * */
};

static bool take(struct pool *pool, const char *name)
{
    if (map_get(&pool->taken, name))
        return false;
    int *next = arena_new_n(pool->arena, int, 1);

    *next = 2;
    map_put(&pool->taken, name, next);
    return true;
}

static bool has_lower(const char *name)
{
    while (*name && !(*name >= 'a' && *name <= 'z'))
        name++;
    return *name;
}

const char *name_upper(struct arena *a, const char *name)
{
    char *upper = arena_strdup(a, name);

    for (char *p = upper; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return upper;
}

static const char *lower(struct arena *a, const char *name)
{
    char *copy = arena_strdup(a, name);

    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return copy;
}

/* resc_ belongs to the runtime, selftest to what --selftest adds, names that end in _t to the
 * C library. */
static bool allowed(const char *name)
{
    const size_t n = strlen(name);

    for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
        if (strcmp(name, reserved[i]) == 0)
            return false;
    return strncmp(name, "resc_", 5) != 0 && strncmp(name, "selftest", 8) != 0 &&
           !(n > 2 && strcmp(name + n - 2, "_t") == 0);
}

static const char *unique(struct pool *pool, const char *hint, const char *suffix)
{
    const char *base = arena_printf(pool->arena, "%s%s", name_sanitised(pool->arena, hint), suffix);

    if (!has_lower(base)) /* it might be a macro of the C library */
        base = lower(pool->arena, base);
    if (!allowed(base))
        base = arena_printf(pool->arena, "%s_", base);
    if (!allowed(base))
        base = arena_printf(pool->arena, "t_%s", base);
    if (take(pool, base))
        return base;
    for (int *next = map_get(&pool->taken, base);;) {
        const char *name = arena_printf(pool->arena, "%s_%d", base, (*next)++);

        if (take(pool, name))
            return name;
    }
}

/* "Conv" -> "conv_3": for a node without a name, or with only digits in it. */
static const char *node_hint(struct arena *a, const struct node *n, int step)
{
    bool letters = false;

    for (const char *p = n->name; *p; p++)
        letters = letters || (is_word(*p) && !(*p >= '0' && *p <= '9'));
    if (letters)
        return n->name;
    return lower(a, arena_printf(a, "%s_%d", n->op->name, step + 1));
}

/* Parameters of NAME_run(): their upper-case forms, which name macros of the
 * header, are unique too. */
static const char *unique_parameter(struct pool *scope, struct pool *macros, const char *hint)
{
    for (;;) {
        const char *name = unique(scope, hint, "");

        if (take(macros, name_upper(scope->arena, name)))
            return name;
    }
}

struct names make_names(struct arena *a, const struct graph *g, const struct plan *p,
                        const char *prefix)
{
    struct names names = {
        .value = arena_new_n(a, const char *, g->n_values + 1),
        .node = arena_new_n(a, const char *, g->n_node_ids + 1),
    };
    struct pool scope = { a, map_new(a) }, members = { a, map_new(a) }, macros = { a, map_new(a) };

    take(&scope, arena_printf(a, "%s_run", prefix));
    take(&scope, arena_printf(a, "%s_weights_check", prefix));
    take(&scope, arena_printf(a, "%s_selftest", prefix));
    take(&scope, prefix);
    for (int i = 0; i < g->n_inputs; i++)
        names.value[g->inputs[i]->id] = unique_parameter(&scope, &macros, g->inputs[i]->name);
    for (int i = 0; i < g->n_outputs; i++)
        names.value[g->outputs[i]->id] = unique_parameter(&scope, &macros, g->outputs[i]->name);
    for (int i = 0; i < p->n_weights; i++)
        names.value[p->weights[i]->id] = unique(&members, p->weights[i]->name, "");
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *n = p->steps[s].node;
        const char *hint = node_hint(a, n, s);

        /* At file scope, where "exp" would be the C library's and "p" would be
         * shadowed by every kernel. */
        names.node[n->id] = unique(&scope, hint, "_params");
        for (int i = 0; i < n->n_out; i++)
            if (n->out[i] && !names.value[n->out[i]->id])
                names.value[n->out[i]->id] =
                    unique(&scope, hint, n->n_out > 1 ? arena_printf(a, "_out%d", i) : "_out");
    }
    return names;
}
