// SPDX-License-Identifier: Apache-2.0
/* resc run - a model on tensors in files. */
#include "base/out_set.h"
#include "cli/buildrun.h"
#include "cli/child.h"
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/summary.h"
#include "cli/tensor_file.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

static const struct option_row rows[] = {
    { OPT_INPUT, "-i", "FILE", "an input: .pb, .npy, else raw bytes; in the order of the\n"
      "model, further ones after it or each with -i", false },
    { OPT_OUTPUT, "-o", "DIR|FILE", "the folder for the outputs [.], or a file for each, in\n"
      "order", false },
    { OPT_FORMAT, "--format", "npy|pb|raw", "of the outputs [npy, or as the name says]", false },
    { OPT_INTERPRET, "--interpret", NULL, "use the double-precision interpreter: needs no C\n"
      "compiler", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTION_CC_FLAGS,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

struct run {
    struct cmd cmd;
    struct words in, out; /* files */
    const char *cc_flags;
    enum tensor_format format;
    bool interpret;
};

static bool set_option(void *ctx, int id, const char *value)
{
    struct run *r = ctx;

    switch (id) {
    case CLI_OPERAND:
    case OPT_INPUT: words_add(&r->in, value); return true;
    case OPT_OUTPUT: words_add(&r->out, value); return true;
    case OPT_CC_FLAGS: r->cc_flags = value; return true;
    case OPT_INTERPRET: r->interpret = true; return true;
    case OPT_FORMAT:
        r->format = tensor_format_named(value);
        if (r->format != TENSOR_FORMAT_NONE)
            return true;
        cli_usage(r->cmd.command, "option '--format=%s': wanted npy, pb or raw", value);
        return false;
    }
    return true;
}

/* Inputs that tell their own shape; raw ones have to wait for the graph. */
static int read_shaped(struct run *r, struct tensor *in)
{
    int n = 0;

    while (n < r->in.n && tensor_format_of(r->in.word[n]) != TENSOR_RAW)
        if (!tensor_file_read(r->cmd.arena, r->in.word[n], NULL, &in[n], &r->cmd.diag))
            return -1;
        else
            n++;
    return n;
}

static bool check_input(struct run *r, const char *path, const struct tensor *t,
                        const struct value *v)
{
    char got[SHAPE_TEXT_MAX], want[SHAPE_TEXT_MAX];

    if (t->type == v->type && shape_equal(&t->shape, &v->shape))
        return true;
    diag_error(&r->cmd.diag, "input '%s': '%s' holds %s%s, wanted %s%s", v->name, path,
               dtype_name(t->type), shape_text(&t->shape, got), dtype_name(v->type),
               shape_text(&v->shape, want));
    return false;
}

static bool read_inputs(struct run *r, const struct graph *g, struct tensor *in, int n_read)
{
    struct diag *d = &r->cmd.diag;
    bool ok = true;

    if (r->in.n != g->n_inputs) {
        diag_error(d, "%d input file%s given, the model has %d input%s", r->in.n,
                   r->in.n == 1 ? "" : "s", g->n_inputs, g->n_inputs == 1 ? "" : "s");
        for (int i = 0; i < g->n_inputs; i++) {
            char shape[SHAPE_TEXT_MAX];

            diag_hint(d, "-i FILE for '%s' %s%s", g->inputs[i]->name,
                      dtype_name(g->inputs[i]->type), shape_text(&g->inputs[i]->shape, shape));
        }
        return false;
    }
    for (int i = 0; i < g->n_inputs; i++) {
        if (i >= n_read)
            ok = tensor_file_read(r->cmd.arena, r->in.word[i], g->inputs[i], &in[i], d) && ok;
        if (in[i].data)
            ok = check_input(r, r->in.word[i], &in[i], g->inputs[i]) && ok;
    }
    return ok;
}

/* Compiles, builds and runs in `w`.  NULL after a diagnostic. */
static struct tensor *compute_built(struct run *r, const struct compile_options *opt,
                                    const struct workdir *w, struct tensor *in, int n_read,
                                    const struct graph **g)
{
    struct arena *a = r->cmd.arena;
    struct diag *d = &r->cmd.diag;
    struct program p = program_compile(a, opt, w, "", d);

    *g = p.made.graph;
    if (p.state != BUILD_OK || !read_inputs(r, *g, in, n_read))
        return NULL;
    cmd_progress(&r->cmd, "building...");
    program_build(a, &p, r->cc_flags, d);
    if (p.state != BUILD_OK)
        return NULL;
    struct tensor *out = arena_new_n(a, struct tensor, (*g)->n_outputs + 1);

    cmd_progress(&r->cmd, "running...");
    return program_run(a, &p, "run", in, out, NULL, d) ? out : NULL;
}

/* The outputs, one for each of *g's; NULL after a diagnostic. */
static struct tensor *compute(struct run *r, const struct graph **g)
{
    struct arena *a = r->cmd.arena;
    struct diag *d = &r->cmd.diag;
    struct tensor *in = arena_new_n(a, struct tensor, r->in.n + 1);
    struct compile_options opt = r->cmd.compile;
    struct workdir w;

    opt.load.data = in;
    opt.load.n_data = read_shaped(r, in);
    if (opt.load.n_data < 0)
        return NULL;
    if (r->interpret) {
        *g = compile_graph(a, &opt, NULL, d);
        if (!*g || !read_inputs(r, *g, in, opt.load.n_data))
            return NULL;
        cmd_progress(&r->cmd, "interpreting...");
        return graph_interpret(a, *g, in);
    }
    if (!workdir_open(&w, a, NULL, d))
        return NULL;
    struct tensor *out = compute_built(r, &opt, &w, in, opt.load.n_data, g);
    workdir_close(&w);
    return out;
}

static bool is_folder(const char *path)
{
    struct stat st;
    const size_t n = strlen(path);

    if (n && path[n - 1] == '/') {
        mkdir(path, 0777); /* if it cannot be made, writing will say so */
        return true;
    }
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* NAME.npy, where what does not belong in a file name became '_'. */
static const char *output_name(struct run *r, const char *folder, const struct value *v, int k)
{
    static const char *const endings[] = { [TENSOR_NPY] = "npy", [TENSOR_PB] = "pb",
                                           [TENSOR_RAW] = "raw" };
    const char *ending = r->format == TENSOR_FORMAT_NONE ? "npy" : endings[r->format];
    char *name = arena_strdup(r->cmd.arena, v->name);

    for (char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("._-", *p))
            *p = '_';
    if (!*name || *name == '.' || *name == '-' || strlen(name) > 200)
        name = arena_printf(r->cmd.arena, "output_%d", k);
    size_t n = strlen(folder);

    while (n > 1 && folder[n - 1] == '/')
        n--;
    return arena_printf(r->cmd.arena, "%.*s/%s.%s", (int)n, folder, name, ending);
}

/* Paths for the outputs, all different; NULL after a message. */
static const char **output_paths(struct run *r, const struct graph *g)
{
    const char **paths = arena_new_n(r->cmd.arena, const char *, g->n_outputs + 1);
    const bool folder = r->out.n == 0 || (r->out.n == 1 && is_folder(r->out.word[0]));

    if (!folder && r->out.n != g->n_outputs) {
        diag_error(&r->cmd.diag, "%d output files named, the model has %d outputs", r->out.n,
                   g->n_outputs);
        diag_hint(&r->cmd.diag, "-o DIR puts them all into a folder");
        return NULL;
    }
    for (int k = 0; k < g->n_outputs; k++) {
        paths[k] = !folder ? r->out.word[k] :
                   output_name(r, r->out.n ? r->out.word[0] : ".", g->outputs[k], k);
        for (int i = 0; folder && i < k; i++)
            if (strcmp(paths[i], paths[k]) == 0)
                paths[k] = arena_printf(r->cmd.arena, "%s.%d", paths[k], k);
    }
    return paths;
}

static void print_best(const struct tensor *t, int64_t classes)
{
    const float *x = t->data;
    int64_t best[5];
    const int64_t shown = classes < 5 ? classes : 5;

    printf("  best");
    for (int64_t n = 0; n < shown; n++) {
        best[n] = -1;
        for (int64_t i = 0; i < classes; i++) {
            bool taken = isnan(x[i]);

            for (int64_t k = 0; k < n; k++)
                taken = taken || best[k] == i;
            if (!taken && (best[n] < 0 || x[i] > x[best[n]]))
                best[n] = i;
        }
        if (best[n] < 0)
            break;
        printf("%s %lld (%.4g)", n ? "," : "", (long long)best[n], (double)x[best[n]]);
    }
}

static void print_output(const struct cmd *c, const struct tensor *t, const char *path)
{
    const int64_t n = shape_len(&t->shape), classes = tensor_classes(t);
    char shape[SHAPE_TEXT_MAX];

    printf("%s %s%s -> %s\n", cmd_escaped(c, t->name), dtype_name(t->type),
           shape_text(&t->shape, shape), path);
    if (n > 1000 || n == 0)
        return;
    if (classes > 5 && t->shape.dim[0] == 1) {
        print_best(t, classes);
    } else {
        fputc(' ', stdout);
        for (int64_t i = 0; i < n && i < 8; i++)
            printf(" %.6g", tensor_element(t, i));
        if (n > 8)
            printf(" ...");
    }
    putchar('\n');
}

static bool write_outputs(struct run *r, const struct graph *g, const struct tensor *out)
{
    const char **paths = output_paths(r, g);
    struct out_set set = { .arena = r->cmd.arena, .diag = &r->cmd.diag };

    if (!paths)
        return false;
    for (int k = 0; k < g->n_outputs; k++)
        if (!tensor_file_write(&set, paths[k], r->format, &out[k])) {
            out_abandon(&set);
            return false;
        }
    if (!out_commit(&set))
        return false;
    if (r->cmd.json)
        json_array(&r->cmd.doc, "outputs");
    for (int k = 0; k < g->n_outputs; k++) {
        if (!r->cmd.json) {
            print_output(&r->cmd, &out[k], paths[k]);
            continue;
        }
        json_object(&r->cmd.doc, NULL);
        json_string(&r->cmd.doc, "file", paths[k]);
        value_json(&r->cmd.doc, g->outputs[k]);
        json_end_object(&r->cmd.doc);
    }
    if (r->cmd.json)
        json_end_array(&r->cmd.doc);
    return true;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct run r = { .cmd = cmd_new(self) };
    const struct graph *g = NULL;

    r.cmd.operands = true;
    r.in.arena = r.out.arena = r.cmd.arena;
    const int parsed = cmd_parse(&r.cmd, argc, argv, set_option, &r);

    if (parsed != CMD_GO)
        return cmd_end(&r.cmd, parsed);
    const struct tensor *out = compute(&r, &g);

    cmd_progress(&r.cmd, "%s", "");
    if (r.cmd.json)
        cmd_json_begin(&r.cmd);
    const bool ok = out && write_outputs(&r, g, out);

    if (r.cmd.json) {
        json_string(&r.cmd.doc, "status", ok ? "ok" : "failed");
        cmd_json_end(&r.cmd);
    }
    return cmd_end(&r.cmd, ok ? EXIT_DONE : EXIT_FAULT);
}

const struct command command_run = {
    .name = "run",
    .brief = "run a model on tensors in files",
    .usage = "MODEL.onnx -i FILE... [-o DIR] [OPTIONS]",
    .about = "Compiles the model, builds the C with ${CC:-cc} -O2, runs it on the inputs and\n"
             "writes each output to NAME.npy.  Raw files hold the elements, row-major and\n"
             "little-endian, and nothing else.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
