// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"
#include "codegen/explain.h"
#include "codegen/plan_file.h"
#include "codegen/weights.h"
#include "onnx.pb-c.h"
#include "pipeline.h"
#include "target.h"

#include <stdlib.h>

/* Opened once; tries that end in the middle do not lose it. */
static FILE *nowhere(void)
{
    static FILE *null;

    if (!null)
        null = fopen("/dev/null", "w");
    if (!null)
        abort();
    return null;
}

static bool run(struct arena *a, struct diag *d, const char *bytes, size_t size)
{
    struct choices c = choices_of(bytes, size);
    struct compiled made;
    FILE *null = nowhere();

    if (!pipeline_plan(a, d, bytes, size, &c, &made))
        return false;
    const struct emit_options opt = {
        .c_path = "model.c", .prefix = "model", .model = "model.onnx",
        .model_path = "model.onnx", .model_sha256 = made.info.sha256,
        .weights = (enum weights_form)(WEIGHTS_AUTO + choose(&c, 4)),
        .weights_path = "model.bin", .bundle = choose(&c, 8) == 0,
        .with_main = choose(&c, 2), .trace = choose(&c, 4) == 0, .profile = choose(&c, 4) == 0,
    };
    struct str text = { 0 }, header = { 0 };
    const bool ok = emit_text(made.graph, made.plan, &opt, &text, &header, d);

    str_free(&text);
    str_free(&header);
    if (ok) {
        weights_write(null, made.plan);
        plan_file_write(a, null, made.plan, made.info.sha256);
        plan_explain(made.plan, made.graph, null);
        graph_print(made.graph, null);
    }
    return ok;
}

const struct target target_compile = { "compile", run, &onnx__model_proto__descriptor };
