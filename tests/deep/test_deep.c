// SPDX-License-Identifier: Apache-2.0
/* Deep networks compile, compute what the interpreter does, and need no more
 * workspace than shallow ones of the same width. */
#include "base/arena.h"
#include "base/diag.h"
#include "compile.h"
#include "json_scan.h"
#include "model.h"
#include "networks.h"
#include "process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct figures {
    int n_steps; /* without those that change the layout */
    size_t workspace_size, lower_bound;
};

/* Of the plan; if `verified`, after `resc verify` passed, within `seconds`. */
static struct figures figures_of(struct model *m, bool verified, double seconds)
{
    struct arena *a = model_arena(m);
    const char *dir = folder_new(a), *path = arena_printf(a, "%s/deep.onnx", dir);
    struct diag d = diag_new(a, "deep");
    const struct compile_options opt = compile_defaults(path);

    cr_assert(model_write(m, path));
    struct graph *g = compile_graph(a, &opt, NULL, &d);

    cr_assert(g);
    const struct plan *p = make_plan(a, g, &opt.plan, &d);

    cr_assert(p);
    struct figures f = { 0, p->workspace_size, p->lower_bound };

    for (int s = 0; s < p->n_steps; s++)
        f.n_steps += p->steps[s].node->op != &op_reorder;

    if (verified) {
        const struct process v = process_run(a, dir, (const char *[]){
            getenv("RESC_BIN"), "verify", "--json", path, NULL }, NULL, seconds);
        const char *status = json_text(a, v.out, NULL, "status");

        cr_assert(v.status == 0 && status && strcmp(status, "pass") == 0, "%s%s", v.out, v.err);
        cr_assert(strstr(v.out, "\"max_abs\""), "%s", v.out);
    }
    folder_remove(dir);
    model_free(m);
    return f;
}

/* ResNet-152 as it is, but for width and resolution. */
Test(deep, resnet152)
{
    const int blocks50[4] = { 3, 4, 6, 3 }, blocks152[4] = { 3, 8, 36, 3 };
    const struct figures f50 = figures_of(bottleneck_network(blocks50, 4, 64), false, 0);
    const struct figures f152 = figures_of(bottleneck_network(blocks152, 4, 64), true, 600);

    /* 155 convolutions (4 of them projections), two pools, one Gemm; all else is fused. */
    cr_assert_eq(f152.n_steps, 155 + 3);
    cr_assert_eq(f152.workspace_size, f50.workspace_size);
    cr_assert_leq((double)f152.workspace_size, 1.15 * (double)f152.lower_bound);
}

Test(deep, layers_1001)
{
    const struct figures f101 = figures_of(basic_network(50, 4, 8), false, 0);
    const struct figures f1001 = figures_of(basic_network(500, 4, 8), true, 600);

    cr_assert_eq(f1001.n_steps, 1001 + 2);
    cr_assert_eq(f1001.workspace_size, f101.workspace_size);
}

Test(long_deep, resnet152_full_size)
{
    const int blocks[4] = { 3, 8, 36, 3 };
    const struct figures f = figures_of(bottleneck_network(blocks, 64, 224), true, 3600);

    cr_assert_eq(f.n_steps, 155 + 3);
    cr_assert_leq((double)f.workspace_size, 1.15 * (double)f.lower_bound);
}
