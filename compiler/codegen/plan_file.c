// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan_file.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "resc-plan 1";

/* A plan file being read. */
struct reader {
    const char *path;
    int line;
    const struct node **nodes;
    const struct plan_options *opt;
    struct wanted_kernels *wanted;
    bool has_model;
    struct diag *diag;
};

static bool complain(const struct reader *r, const char *what)
{
    diag_error(r->diag, "plan '%s', line %d: %s", r->path, r->line, what);
    diag_hint(r->diag, "make it again with --tune, with the options of this run");
    return false;
}

/* Several rows may have the name, for nodes of different kinds. */
static const struct kernel *find_kernel(const struct node *n, const char *name, bool *known)
{
    *known = false;
    for (int i = 0; i < n->op->n_kernels; i++) {
        const struct kernel *k = &n->op->kernels[i];

        if (strcmp(kernel_name(k), name) != 0)
            continue;
        *known = true;
        if (!k->match || k->match(n))
            return k;
    }
    return NULL;
}

/* "1 Conv conv2d_f32_c16" */
static bool read_choice(struct reader *r, char *line)
{
    char *end;
    const long at = strtol(line, &end, 10);
    const char *op = strtok(end, " \t"), *name = strtok(NULL, " \t");
    bool known;

    if (end == line || at < 1 || at > r->wanted->n || !op || !name || strtok(NULL, " \t"))
        return complain(r, "wanted 'NODE OPERATOR KERNEL', with a node of this model");
    const struct node *n = r->nodes[at - 1];
    const struct kernel *k = find_kernel(n, name, &known);

    if (strcmp(n->op->name, op) != 0 || n->op->flags & OP_VIEW)
        return complain(r, "the model has another operator at this node");
    if (r->wanted->fn[at - 1])
        return complain(r, "the node has a kernel already");
    if (!k)
        return complain(r, known ? "this kernel cannot run this node" :
                        "the operator has no kernel of that name");
    if (!plan_allows(r->opt, k))
        return complain(r, "the options do not allow this kernel");
    r->wanted->fn[at - 1] = kernel_name(k);
    return true;
}

static bool read_model(struct reader *r, char *line, const char *sha256)
{
    const char *hash = strtok(line + strlen("model "), " \t");

    r->has_model = true;
    return (hash && strcmp(hash, sha256) == 0) || complain(r, "it is the plan of another model");
}

static bool read_line(struct reader *r, char *line, const char *sha256)
{
    line[strcspn(line, "#\r")] = '\0';
    line += strspn(line, " \t");
    if (r->line == 1)
        return strcmp(line, magic) == 0 || complain(r, "this is no plan file");
    if (!*line)
        return true;
    if (strncmp(line, "model ", strlen("model ")) == 0)
        return read_model(r, line, sha256);
    return r->has_model ? read_choice(r, line) : complain(r, "wanted 'model SHA256'");
}

static void list_nodes(struct arena *a, struct reader *r, const struct graph *g)
{
    int n = 0;

    graph_foreach_node(node, g)
        n++;
    r->wanted = arena_new_n(a, struct wanted_kernels, 1);
    r->wanted->fn = arena_new_n(a, const char *, n + 1);
    r->nodes = arena_new_n(a, const struct node *, n + 1);
    graph_foreach_node(node, g)
        r->nodes[r->wanted->n++] = node;
}

/* After the last line: every node that a kernel runs has one. */
static bool is_complete(const struct reader *r)
{
    char what[80];

    if (!r->has_model)
        return complain(r, "it ends without 'model SHA256'");
    for (int i = 0; i < r->wanted->n; i++)
        if (!r->wanted->fn[i] && !(r->nodes[i]->op->flags & OP_VIEW)) {
            snprintf(what, sizeof what, "it ends without a kernel for node %d", i + 1);
            return complain(r, what);
        }
    return true;
}

struct wanted_kernels *plan_file_read(struct arena *a, const char *path, const struct graph *g,
                                      const char *model_sha256, const struct plan_options *opt,
                                      struct diag *d)
{
    size_t size;
    char *text = file_read(path, &size, d);
    struct reader r = { .path = path, .line = 1, .opt = opt, .diag = d };
    bool ok = true;

    if (!text)
        return NULL;
    list_nodes(a, &r, g);
    for (char *line = text, *next; ok && line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        ok = read_line(&r, line, model_sha256);
        r.line += ok && next;
    }
    ok = ok && is_complete(&r);
    file_release(text);
    return ok ? r.wanted : NULL;
}

void plan_file_write(struct arena *a, FILE *f, const struct plan *p, const char *model_sha256)
{
    fprintf(f, "%s\nmodel %s\n", magic, model_sha256);
    for (int i = 0; i < p->n_nodes; i++) {
        const struct node *n = p->nodes[i];
        const struct choice *c = &p->choice[n->id];

        if (!c->n_candidates)
            continue;
        fprintf(f, "%d %s %s  # %s\n", i + 1, n->op->name,
                kernel_name(c->candidates[c->chosen].kernel),
                str_escaped_copy(a, n->origin, 200));
    }
}
