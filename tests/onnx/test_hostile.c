// SPDX-License-Identifier: Apache-2.0
/* Models made to break a compiler: each is refused with a message, or fine.
 * They lie outside of the repository: RESC_SHARED names the folder. */
#define _XOPEN_SOURCE 700
#include "expect.h"
#include "ops/op.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Models that are odd, but right.  All others must be refused. */
static const char *const fine[] = {
    "00_good.onnx",         "13b_not_topo_sorted.onnx", "20d_pool_padall.onnx",
    "27_name_keyword.onnx", "27c_name_utf8.onnx",       "27e_name_long.onnx",
    "29_nan_inf.onnx",      "39d_cast_nan.onnx",
    "32_shape_lie.onnx", /* a warning: the operators decide */
};

/* Right, too, once resc has the operators: refused only for those. */
static const char *const unsupported[] = {
    "28_collide.onnx", "33_nest10.onnx", "33b_nest30.onnx", "34_loop_infinite.onnx",
    "35b_func_billion_laughs.onnx", "38_quant_scale0.onnx", "39c_bitshift.onnx",
};

static bool is_in(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static void check_file(const char *folder, const char *name)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, name);
    struct graph *g;
    bool ok;

    diag_into(&d, &said);
    g = onnx_load(a, arena_printf(a, "%s/%s", folder, name), NULL, NULL, &d);
    ok = g && infer_shapes(g, &d);
    cr_assert_eq(ok, diag_ok(&d), "%s: %s, with %d errors", name, ok ? "fine" : "refused",
                 d.n_errors);
    if (is_in(name, unsupported, sizeof(unsupported) / sizeof(*unsupported)))
        cr_assert(ok || strstr(str_text(&said), "is not supported"), "%s", str_text(&said));
    else
        cr_assert_eq(ok, is_in(name, fine, sizeof(fine) / sizeof(*fine)), "%s was %s:\n%s", name,
                     ok ? "taken" : "refused", str_text(&said));
    str_free(&said);
    arena_free(a);
}

Test(hostile, models_are_refused_or_fine)
{
    const char *shared = getenv("RESC_SHARED");
    char folder[1024];
    DIR *dir;
    int n = 0;

    snprintf(folder, sizeof(folder), "%s/hostile-models", shared ? shared : SHARED_DEFAULT);
    dir = opendir(folder);
    if (!dir) {
        fputs("skipped: no hostile models: RESC_SHARED does not name their folder\n", stderr);
        return;
    }
    for (const struct dirent *e; (e = readdir(dir));)
        if (strlen(e->d_name) > 5 && strcmp(e->d_name + strlen(e->d_name) - 5, ".onnx") == 0) {
            check_file(folder, e->d_name);
            n++;
        }
    closedir(dir);
    cr_assert_gt(n, 0);
}
