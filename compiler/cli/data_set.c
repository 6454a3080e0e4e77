// SPDX-License-Identifier: Apache-2.0
#include "cli/data_set.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/str.h"
#include "cli/tensor_file.h"
#include "ir/graph.h"
#include "onnx/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TENSORS = 1024 }; /* of one data set */

/* FOLDER/input_0.pb, input_1.pb, ... up to the first that is not there. */
static bool read_tensors(struct arena *a, const char *folder, const char *what,
                         struct tensor **out, int *n, struct diag *d)
{
    int count = 0;

    while (count < MAX_TENSORS &&
           access(arena_printf(a, "%s/%s_%d.pb", folder, what, count), F_OK) == 0)
        count++;
    *n = count;
    *out = arena_new_n(a, struct tensor, count + 1);
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(a, "%s/%s_%d.pb", folder, what, i);

        if (!onnx_read_tensor(a, path, &(*out)[i], d)) {
            diag_hint(d, "'%s' must be a TensorProto", path);
            return false;
        }
    }
    return true;
}

static bool read_set(struct arena *a, struct data_set *s, const char *folder, struct diag *d)
{
    const char *name = file_base_name(folder);
    const bool in = read_tensors(a, folder, "input", &s->in, &s->n_in, d);
    const bool out = read_tensors(a, folder, "output", &s->out, &s->n_out, d);

    s->name = *name ? name : folder;
    s->source = DATA_FILES;
    return in && out;
}

/* test_data_set_2 before test_data_set_10 */
static int by_number(const void *x, const void *y)
{
    const char *a = *(const char *const *)x, *b = *(const char *const *)y;
    const size_t na = strlen(a), nb = strlen(b);

    return na != nb ? (na > nb) - (na < nb) : strcmp(a, b);
}

static bool is_folder(const char *name)
{
    return strncmp(name, "test_data_set_", 14) == 0;
}

static bool is_tensor(const char *name)
{
    return tensor_format_of(name) == TENSOR_NPY || tensor_format_of(name) == TENSOR_PB;
}

/* The entries of `parent` that are `wanted`, in order. */
static int list_entries(struct arena *a, const char *parent, bool (*wanted)(const char *name),
                        const char ***out)
{
    DIR *dir = opendir(parent);
    int n = 0, cap = 0;

    if (!dir && errno == ENOMEM)
        memory_end(MEMORY_GONE);
    *out = NULL;
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        if (!wanted(e->d_name))
            continue;
        if (n == cap) {
            cap = cap ? 2 * cap : 8;
            *out = arena_grow(a, *out, (size_t)n, (size_t)cap, sizeof **out);
        }
        (*out)[n++] = arena_printf(a, "%s/%s", parent, e->d_name);
    }
    if (dir)
        closedir(dir);
    if (n)
        qsort(*out, (size_t)n, sizeof **out, by_number);
    return n;
}

/* light_X.onnx -> light_X_output_0.pb, if that is there. */
static bool find_light(struct arena *a, const char *model, struct data_set *s, bool *ok,
                       struct diag *d)
{
    const size_t stem = strlen(model) - (str_ends_with(model, ".onnx") ? 5 : 0);
    const char *path = arena_printf(a, "%.*s_output_0.pb", (int)stem, model);

    if (access(path, F_OK) != 0)
        return false;
    *s = (struct data_set){
        .name = "arange", .source = DATA_RAMP, .out = arena_new_n(a, struct tensor, 1), .n_out = 1,
    };
    *ok = onnx_read_tensor(a, path, s->out, d);
    return true;
}

static bool is_data_set(struct arena *a, const char *dir)
{
    return access(arena_printf(a, "%s/input_0.pb", dir), F_OK) == 0 ||
           access(arena_printf(a, "%s/output_0.pb", dir), F_OK) == 0;
}

/* An input a file. */
static struct data_set *read_files(struct arena *a, const char *dir, int *n, struct diag *d)
{
    const char **paths;
    bool ok = true;

    *n = list_entries(a, dir, is_tensor, &paths);
    if (*n == 0) {
        diag_error(d, "no data in '%s'", dir);
        diag_hint(d, "wanted test_data_set_*/input_K.pb and output_K.pb, or NAME.npy");
        return NULL;
    }
    struct data_set *sets = arena_new_n(a, struct data_set, *n);

    for (int i = 0; i < *n; i++) {
        sets[i] = (struct data_set){ .name = file_base_name(paths[i]), .source = DATA_FILES,
                                     .in = arena_new_n(a, struct tensor, 1), .n_in = 1 };
        ok = tensor_file_read(a, paths[i], NULL, sets[i].in, d) && ok;
    }
    return ok ? sets : NULL;
}

struct data_set *data_sets_find(struct arena *a, const char *model, const char *dir, int *n,
                                struct diag *d)
{
    const char *slash = strrchr(model, '/');
    const char *beside = !slash ? "." : slash == model ? "/" :
                         arena_strndup(a, model, (size_t)(slash - model));
    const char **folders;
    bool ok = true;

    int n_folders = list_entries(a, dir ? dir : beside, is_folder, &folders);

    if (n_folders == 0 && dir && is_data_set(a, dir)) {
        folders = arena_new_n(a, const char *, 1);
        folders[0] = dir;
        n_folders = 1;
    }
    if (n_folders == 0 && dir)
        return read_files(a, dir, n, d);
    struct data_set *sets = arena_new_n(a, struct data_set, n_folders + 1);

    for (int i = 0; i < n_folders; i++)
        ok = read_set(a, &sets[i], folders[i], d) && ok;
    *n = n_folders;
    if (n_folders > 0)
        return ok ? sets : NULL;
    *n = 1;
    if (!find_light(a, model, sets, &ok, d))
        *sets = (struct data_set){ .name = "random inputs", .source = DATA_RANDOM };
    return ok ? sets : NULL;
}

static void set_integer(void *at, size_t size, uint64_t x)
{
    const uint8_t x8 = (uint8_t)x;
    const uint32_t x32 = (uint32_t)x;

    if (size == sizeof x8)
        memcpy(at, &x8, sizeof x8);
    else if (size == sizeof x32)
        memcpy(at, &x32, sizeof x32);
    else if (size == sizeof x)
        memcpy(at, &x, sizeof x);
}

/* f32 in [-1, 1), or arange(n) / n; integers 0 and 1, which are good as
 * indices of almost anything. */
static void fill(void *data, const struct value *v, enum data_source source, uint64_t seed)
{
    const int64_t n = shape_len(&v->shape);
    const size_t size = dtype_size(v->type);
    float *f = data;
    unsigned char *bytes = data; /* zeroed */

    for (int64_t i = 0; i < n; i++)
        if (v->type == DT_F32 && source == DATA_RAMP)
            f[i] = (float)((double)i / (double)n);
        else if (v->type == DT_F32)
            f[i] = (float)(random_next(&seed) >> 40) * 0x1p-23f - 1.0f;
        else
            set_integer(bytes + (size_t)i * size, size, random_next(&seed) >> 63);
}

/* The data for g->inputs[i]: known by what was offered for it, else by order,
 * else by name (when other inputs became constants). */
static const struct tensor *find_tensor(const struct data_set *s, const struct graph *g, int i)
{
    const struct value *v = g->inputs[i];

    for (int k = 0; v->offer && k < s->n_in; k++)
        if (s->in[k].data == v->offer)
            return &s->in[k];
    if (s->n_in == g->n_inputs)
        return &s->in[i];
    for (int k = 0; k < s->n_in; k++)
        if (s->in[k].name && strcmp(s->in[k].name, v->name) == 0)
            return &s->in[k];
    return NULL;
}

static bool fits(const struct tensor *t, const struct value *v, struct diag *d)
{
    char want[SHAPE_TEXT_MAX], got[SHAPE_TEXT_MAX];

    if (!t) {
        diag_error(d, "the data have no tensor for input '%s'", v->name);
        return false;
    }
    if (t->type == v->type && shape_equal(&t->shape, &v->shape))
        return true;
    diag_error(d, "input '%s' is %s%s in the model, but %s%s in the data", v->name,
               dtype_name(v->type), shape_text(&v->shape, want), dtype_name(t->type),
               shape_text(&t->shape, got));
    return false;
}

struct tensor *data_set_inputs(struct arena *a, const struct data_set *s,
                               const struct graph *g, struct diag *d)
{
    struct tensor *in = arena_new_n(a, struct tensor, g->n_inputs + 1);
    bool ok = true;

    for (int i = 0; i < g->n_inputs; i++) {
        const struct value *v = g->inputs[i];

        if (s->source == DATA_FILES) {
            const struct tensor *t = find_tensor(s, g, i);

            ok = fits(t, v, d) && ok;
            if (t)
                in[i] = *t;
            continue;
        }
        const size_t size = value_size(v);
        void *data = arena_alloc(a, size ? size : 1);

        fill(data, v, s->source, (uint64_t)i);
        in[i] = (struct tensor){ v->name, v->type, v->shape, data };
    }
    return ok ? in : NULL;
}
