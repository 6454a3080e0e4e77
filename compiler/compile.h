// SPDX-License-Identifier: Apache-2.0
/* compile.h - the pipeline: model file -> graph -> plan -> C. */
#ifndef RESC_COMPILE_H
#define RESC_COMPILE_H

#include "base/limits.h"
#include "codegen/emit.h"
#include "codegen/plan.h"
#include "onnx/load.h"
#include "passes/pass.h"
#include "passes/prune_residual.h"

struct compile_options {
    const char *input; /* path of the .onnx file */
    struct limits limits; /* kept from here to the plan; load.limits is not read */
    struct load_options load;
    const struct prune_list *prune; /* residual branches to leave out; NULL: none */
    struct pass_options passes;
    struct plan_options plan;
    const char *plan_file; /* the kernels to take, see codegen/plan_file.h; or NULL */
    struct emit_options emit; /* compile() fills in what it knows of the model */
};

/* The stages, for commands that stop in between.  NULL after diagnostics. */
struct graph *compile_graph(struct arena *a, const struct compile_options *opt,
                            struct model_info *info, struct diag *d);

/* The graph as it is in the file, at -O0: for those who have said, or will say, what there is
 * to say of the model.  NULL after the one diagnostic that it does not compile so. */
struct graph *compile_graph_as_is(struct arena *a, const struct compile_options *opt,
                                  struct diag *d);

struct plan *compile_plan(struct arena *a, const struct compile_options *opt, struct graph *g,
                          const struct model_info *info, struct diag *d);

/* What the stages made, for who wants to look at it afterwards. */
struct compiled {
    struct graph *graph;
    struct plan *plan;
    struct model_info info;
};

/* Writes opt->emit's files; false after diagnostics, and then nothing is
 * written.  `out` may be NULL. */
bool compile(struct arena *a, const struct compile_options *opt, struct compiled *out,
             struct diag *d);

/* Defaults: -O1, all kernels, weights auto. */
struct compile_options compile_defaults(const char *input);
/* A C identifier made of a path's base name: "models/resnet-18.onnx" -> "resnet_18". */
const char *compile_prefix(struct arena *a, const char *path);

#endif
