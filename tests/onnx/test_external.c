// SPDX-License-Identifier: Apache-2.0
/* Weights in files beside the model, and ways out of the model's folder. */
#define _XOPEN_SOURCE 700
#include "expect.h"
#include "onnx.pb-c.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test, with
 *
 *     secret.bin            outside of the model's folder
 *     model/w.bin           eight floats
 *     model/sub/w.bin       the same
 *     model/link.bin        -> w.bin
 *     model/out             -> ..
 *     model/hard.bin        a hard link to model/hard2.bin
 *     model/pipe            a FIFO */
static char root[256];
static const float eight[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static const char *in_root(const char *name)
{
    static char path[4][512];
    static int at;

    at = (at + 1) % 4;
    snprintf(path[at], sizeof(path[at]), "%s/%s", root, name);
    return path[at];
}

static void write_file(const char *name)
{
    FILE *f = fopen(in_root(name), "wb");

    cr_assert(f);
    cr_assert_eq(fwrite(eight, 1, sizeof(eight), f), sizeof(eight));
    cr_assert_eq(fclose(f), 0);
}

static void make_folder(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(root, sizeof(root), "%s/resc-external-XXXXXX", tmp ? tmp : P_tmpdir);
    cr_assert(mkdtemp(root));
    cr_assert_eq(mkdir(in_root("model"), 0700), 0);
    cr_assert_eq(mkdir(in_root("model/sub"), 0700), 0);
    write_file("secret.bin");
    write_file("model/w.bin");
    write_file("model/sub/w.bin");
    write_file("model/hard.bin");
    cr_assert_eq(symlink("w.bin", in_root("model/link.bin")), 0);
    cr_assert_eq(symlink("..", in_root("model/out")), 0);
    cr_assert_eq(symlink("sub", in_root("model/sublink")), 0);
    cr_assert_eq(link(in_root("model/hard.bin"), in_root("model/hard2.bin")), 0);
    cr_assert_eq(mkfifo(in_root("model/pipe"), 0600), 0);
}

static void remove_folder(void)
{
    static const char *const files[] = {
        "model/pipe", "model/hard2.bin", "model/hard.bin", "model/out", "model/link.bin",
        "model/sublink", "model/sub/w.bin", "model/w.bin", "model/m.onnx", "secret.bin",
    };

    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        unlink(in_root(files[i]));
    rmdir(in_root("model/sub"));
    rmdir(in_root("model"));
    rmdir(root);
}

TestSuite(external, .init = make_folder, .fini = remove_folder);

/* Loads a model whose w, f32[4], has the given external_data: "key=value key=value".
 * Returns what was said, or w's first element as text. */
static const char *load_with(const char *keys, bool relative, const struct load_options *opt)
{
    static char result[2048];
    struct model *m = between_x_and_y(13);
    struct arena *a = model_arena(m);
    struct str said = { 0 };
    struct diag d = diag_new(a, "m.onnx");
    Onnx__TensorProto *w = model_initialiser(m, "w", DT_F32, "4", NULL);
    const struct graph *g;

    w->has_raw_data = false;
    w->raw_data.len = 0;
    w->has_data_location = true;
    w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    w->external_data = arena_new_n(a, Onnx__StringStringEntryProto *, 8);
    for (char *at = arena_strdup(a, keys), *next; at; at = next) {
        Onnx__StringStringEntryProto *e = arena_new_n(a, Onnx__StringStringEntryProto, 1);
        char *value = strchr(at, '=');

        *e = (Onnx__StringStringEntryProto)ONNX__STRING_STRING_ENTRY_PROTO__INIT;
        next = strchr(at, ' ');
        if (next)
            *next++ = '\0';
        *value++ = '\0';
        e->key = at;
        e->value = value;
        w->external_data[w->n_external_data++] = e;
    }
    model_node(m, "Add", "x w", "y", NULL);
    cr_assert(model_write(m, in_root("model/m.onnx")));
    diag_into(&d, &said);
    if (relative)
        cr_assert_eq(chdir(in_root("model")), 0);
    g = onnx_load(a, relative ? "m.onnx" : in_root("model/m.onnx"), opt, NULL, &d);
    if (g)
        snprintf(result, sizeof(result), "%g", (double)*(const float *)g->values[1]->data);
    else
        snprintf(result, sizeof(result), "%s", str_text(&said));
    str_free(&said);
    model_free(m);
    return result;
}

static const char *load(const char *keys, bool relative)
{
    return load_with(keys, relative, NULL);
}

Test(external, reads_a_file_beside_the_model)
{
    static const struct { const char *keys, *first; } cases[] = {
        { "location=w.bin length=16", "0" },
        { "location=w.bin offset=0", "0" },
        { "location=w.bin offset=16 length=16 checksum=0123", "4" },
        { "location=sub/w.bin offset=8 length=16", "2" },
        { "location=./w.bin offset=4 length=16", "1" },
        { "offset=16 location=w.bin", "4" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_assert_str_eq(load(cases[i].keys, false), cases[i].first, "%s", cases[i].keys);
    cr_assert_str_eq(load("location=w.bin offset=4", true), "1");
}

Test(external, stays_inside_the_folder)
{
    static const struct { const char *location, *why; } cases[] = {
        { "../secret.bin", "'..' or an empty part in its path" },
        { "sub/../../secret.bin", "'..' or an empty part in its path" },
        { "sub/../w.bin", "'..' or an empty part in its path" },
        { "sub//w.bin", "'..' or an empty part in its path" },
        { "w.bin/", "a part of its path is a link or not a folder" },
        { "..", "'..' or an empty part in its path" },
        { "/etc/passwd", "not a relative path" },
        { "/dev/zero", "not a relative path" },
        { "..\\secret.bin", "not a relative path" },
        { "link.bin", "a part of its path is a link or not a folder" },
        { "out/secret.bin", "a part of its path is a link or not a folder" },
        { "sublink/w.bin", "a part of its path is a link or not a folder" },
        { "w.bin/w.bin", "a part of its path is a link or not a folder" },
        { "hard.bin", "the file has a second hard link" },
        { "pipe", "not a regular file" },
        { "sub", "not a regular file" },
        { ".", "not a regular file" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char keys[256], wanted[512];
        const char *said;

        snprintf(keys, sizeof(keys), "location=%s", cases[i].location);
        snprintf(wanted, sizeof(wanted), "refused: %s\n  hint: it must be a plain file inside",
                 cases[i].why);
        said = load(keys, false);
        cr_assert(strstr(said, "initialiser 'w': external data") && strstr(said, wanted),
                  "%s:\n%s", cases[i].location, said);
    }
}

/* With --external-data-root. */
Test(external, a_root_lets_paths_lead_anywhere_inside_it)
{
    static const struct { const char *root, *location, *got; } cases[] = {
        { "", "w.bin", "0" },
        { "", "../secret.bin", "0" },
        { "", "secret.bin", "0" }, /* not beside the model: looked for in the root */
        { "", "link.bin", "0" },
        { "", "out/secret.bin", "0" },
        { "", "sub/../w.bin", "0" },
        { "model", "link.bin", "0" },
        { "model/sub", "w.bin", "it lies outside of the root" }, /* that beside the model */
        { "model", "../secret.bin", "it lies outside of the root" },
        { "model", "out/secret.bin", "it lies outside of the root" },
        { "model", "/etc/passwd", "it lies outside of the root" },
        { "model", "hard.bin", "the file has a second hard link" },
        { "model", "pipe", "not a regular file" },
        { "model", "none.bin", "cannot read external data 'none.bin': No such file" },
        { "none", "w.bin", "cannot read the root of external data" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct load_options opt = { .external_root = strdup(in_root(cases[i].root)) };
        char keys[256];
        const char *got;

        snprintf(keys, sizeof(keys), "location=%s", cases[i].location);
        got = load_with(keys, false, &opt);
        cr_assert(strcmp(got, cases[i].got) == 0 || (got[1] && strstr(got, cases[i].got)),
                  "%s in '%s': %s", cases[i].location, cases[i].root, got);
        free((void *)opt.external_root);
    }
}

Test(external, counts_as_input)
{
    struct limits l = limits_default();
    const struct load_options opt = { .limits = &l };
    const char *said;

    l.max[LIMIT_INPUT] = 50;
    do
        said = load_with("location=w.bin", false, &opt);
    while (strstr(said, "the file of") && l.max[LIMIT_INPUT]++ < 1000);
    cr_assert(strstr(said, "external data of 16 bytes is too large, after"), "%s", said);
}

Test(external, checks_places_and_keys)
{
    static const struct { const char *keys, *said; } cases[] = {
        { "location=none.bin",
          "initialiser 'w': cannot read external data 'none.bin': No such file" },
        { "location=none.bin", "hint: 'none.bin' must lie in the folder of the model" },
        { "location=", "is in another file, but external_data does not name it" },
        { "offset=0", "is in another file, but external_data does not name it" },
        { "location=w.bin location=w.bin", "external_data has a bad location" },
        { "location=w.bin offset=17", "needs 16 bytes at offset 17 of 'w.bin', which has 32" },
        { "location=w.bin offset=9223372036854775800",
          "external_data has a bad offset: '9223372036854775800'" },
        { "location=w.bin offset=922337203685477580", "at offset 922337203685477580 of 'w.bin'" },
        { "location=w.bin offset=-1", "external_data has a bad offset: '-1'" },
        { "location=w.bin offset=0x10", "external_data has a bad offset: '0x10'" },
        { "location=w.bin offset=", "external_data has a bad offset: ''" },
        { "location=w.bin length=12", "external data has 12 bytes, its shape and type need 16" },
        { "location=w.bin length=1152921504606846976",
          "external data has 1152921504606846976 bytes, its shape and type need 16" },
        { "location=w.bin basepath=/etc", "unknown key 'basepath' in external_data" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *said = load(cases[i].keys, false);

        cr_assert(strstr(said, cases[i].said), "%s:\n%s", cases[i].keys, said);
    }
}

Test(external, reports_a_missing_file_once)
{
    struct model *m = between_x_and_y(13);
    Onnx__StringStringEntryProto e = ONNX__STRING_STRING_ENTRY_PROTO__INIT, *list = &e;
    struct str said = { 0 };
    struct diag d = diag_new(model_arena(m), "m.onnx");

    diag_into(&d, &said);
    e.key = "location";
    e.value = "weights.bin";
    for (int i = 0; i < 3; i++) {
        Onnx__TensorProto *w = model_initialiser(m, i == 0 ? "a" : i == 1 ? "b" : "c", DT_F32, "4",
                                                 NULL);

        w->raw_data.len = 0;
        w->has_data_location = true;
        w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
        w->external_data = &list;
        w->n_external_data = 1;
    }
    model_node(m, "Sum", "x a b c", "y", NULL);
    cr_assert_not(model_load(m, NULL, &d));
    cr_assert_eq(d.n_errors, 1, "%s", str_text(&said));
    str_free(&said);
    model_free(m);
}
