// SPDX-License-Identifier: Apache-2.0
#include "pipeline.h"

#include "base/diag.h"

struct choices choices_of(const char *bytes, size_t size)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return (struct choices){ h ^ h >> 32 };
}

unsigned choose(struct choices *c, unsigned n)
{
    const unsigned pick = (unsigned)(c->bits % n);

    c->bits /= n;
    return pick;
}

struct plan *pipeline_plan(struct arena *a, struct diag *d, const char *bytes, size_t size,
                           struct choices *c, struct compiled *made)
{
    struct compile_options opt = compile_defaults("model.onnx");

    opt.load.batch = choose(c, 32) == 0 ? 2 : 0; /* refused where dimension 0 is fixed */
    opt.passes.level = (int)choose(c, 4) != 0;
    opt.plan.kernels = (enum kernels)(KERNELS_AUTO + choose(c, 4));
    opt.plan.strict = choose(c, 4) == 0;
    opt.plan.small = choose(c, 4) == 0;
    opt.plan.reproducible = choose(c, 4) == 0;
    opt.plan.keep_denormals = choose(c, 4) == 0;
    opt.load.limits = &opt.limits;
    d->off[WARN_OUTPUT_SHAPE] = choose(c, 8) != 0; /* or most changed shapes end here */
    *made = (struct compiled){ 0 };
    made->graph = onnx_load_bytes(a, opt.input, bytes, size, &opt.load, &made->info, d);
    if (!made->graph || !infer_shapes(made->graph, d))
        return NULL;
    run_passes(made->graph, &opt.passes);
    made->plan = make_plan(a, made->graph, &opt.plan, d);
    return made->plan;
}
