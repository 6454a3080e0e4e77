// SPDX-License-Identifier: Apache-2.0
/* compile - the whole of resc, top to bottom. */
#include "compile.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "codegen/names.h"
#include "codegen/plan_file.h"
#include "selftest.h"

#include <string.h>

struct graph *compile_graph(struct arena *a, const struct compile_options *opt,
                            struct model_info *info, struct diag *d)
{
    struct load_options load = opt->load;

    load.limits = &opt->limits;
    arena_limit(a, (size_t)opt->limits.max[LIMIT_MEMORY]);
    struct graph *g = onnx_load(a, opt->input, &load, info, d); /* file -> IR        */

    if (g && !infer_shapes(g, d))                               /* every shape known */
        g = NULL;
    if (g && opt->prune) {
        run_passes(g, &(struct pass_options){ .level = 0 });
        prune_residual(g, opt->prune);                          /* only if asked     */
    }
    if (g)
        run_passes(g, &opt->passes);                            /* IR -> smaller IR  */
    arena_limit_switch(a, false);
    return g;
}

struct graph *compile_graph_as_is(struct arena *a, const struct compile_options *opt,
                                  struct diag *d)
{
    struct compile_options as_is = *opt;
    struct diag quiet = diag_new(a, opt->input);

    quiet.sink = diag_silent;
    as_is.passes = (struct pass_options){ .level = 0 };
    struct graph *g = compile_graph(a, &as_is, NULL, &quiet);

    if (!g)
        diag_error(d, "the graph as it is in the file does not compile at -O0");
    return g;
}

struct plan *compile_plan(struct arena *a, const struct compile_options *opt, struct graph *g,
                          const struct model_info *info, struct diag *d)
{
    struct plan_options plan = opt->plan;

    if (opt->plan_file) {
        plan.wanted = plan_file_read(a, opt->plan_file, g, info->sha256, &plan, d);
        if (!plan.wanted)
            return NULL;
    }
    arena_limit_switch(a, true);
    struct plan *p = make_plan(a, g, &plan, d);                 /* kernels, memory   */

    arena_limit_switch(a, false);
    return p;
}

bool compile(struct arena *a, const struct compile_options *opt, struct compiled *out,
             struct diag *d)
{
    struct compiled made = { 0 };
    struct emit_options emit = opt->emit;

    made.graph = compile_graph(a, opt, &made.info, d);
    if (made.graph)
        made.plan = compile_plan(a, opt, made.graph, &made.info, d);
    if (out)
        *out = made;
    if (!made.plan)
        return false;
    if (emit.selftest && !(emit.selftest_outputs = selftest_outputs(a, opt, d)))
        return false;
    emit.n_pruned = opt->prune ? opt->prune->n : 0;
    emit.model = file_base_name(opt->input);
    emit.model_path = opt->input;
    emit.model_sha256 = made.info.sha256;
    emit.bundle |= opt->plan.reproducible; /* the library is built otherwise */
    return emit_c(made.graph, made.plan, &emit, d) && diag_ok(d); /* model.c, model.h */
}

struct compile_options compile_defaults(const char *input)
{
    return (struct compile_options){
        .input = input,
        .limits = limits_default(),
        .passes = { .level = 1 },
        .plan = { .kernels = KERNELS_AUTO },
        .emit = { .prefix = "model" },
    };
}

const char *compile_prefix(struct arena *a, const char *path)
{
    const char *name = file_base_name(path), *dot = strrchr(name, '.');
    const size_t n = dot && dot != name ? (size_t)(dot - name) : strlen(name);

    return name_sanitised(a, arena_strndup(a, name, n));
}
