// SPDX-License-Identifier: Apache-2.0
/* Files: what is no model, versions, damage, and what a model says of itself. */
#define _XOPEN_SOURCE 700
#include "expect.h"
#include "onnx.pb-c.h"
#include "ops/op.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[256];

static void make_path(void)
{
    const char *tmp = getenv("TMPDIR");
    int fd;

    snprintf(path, sizeof(path), "%s/resc-load-XXXXXX", tmp ? tmp : P_tmpdir);
    fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
}

static void remove_path(void)
{
    unlink(path);
}

TestSuite(load, .init = make_path, .fini = remove_path);

static void write_bytes(const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    cr_assert(f);
    cr_assert_eq(fwrite(bytes, 1, size, f), size);
    cr_assert_eq(fclose(f), 0);
}

static void check_bytes(const void *bytes, size_t size, const char *wanted)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, "m.onnx");

    diag_into(&d, &said);
    write_bytes(bytes, size);
    cr_assert_not(onnx_load(a, path, NULL, NULL, &d), "%s", wanted);
    cr_assert(strstr(str_text(&said), wanted), "\"%s\" is not in:\n%s", wanted, str_text(&said));
    str_free(&said);
    arena_free(a);
}

Test(load, files_that_are_no_models)
{
    static const char lfs[] = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    static const struct { const char *bytes; size_t size; const char *said; } cases[] = {
        { "", 0, "error: the file is empty" },
        { lfs, sizeof(lfs) - 1, "this is a git-LFS pointer, not the model it stands for\n"
                                "  hint: fetch the model with 'git lfs pull'" },
        { "hello, world\n", 13, "this is a text file, not an ONNX model" },
        { "PK\003\004 and so on", 14, "this is a zip archive" },
        { "\x1f\x8b\x08 and so on", 14, "this is a gzip archive" },
        { "\xff\xff\xff\xff", 4,
          "damaged or cut short at byte 0 of 4 (a number that does not end)" },
        { "\x00\x01", 2, "damaged or cut short at byte 0 of 2 (no field has such a number)" },
        { "\x08\x08\x0b", 3, "damaged or cut short at byte 2 of 3 (ir_version)" },
        { "\x08\x08\xf3\x01", 4, "damaged or cut short at byte 4 of 4 (no such wire type)" },
        { "\x3d\x00\x00\x00\x00", 5, "damaged or cut short at byte 0 of 5 (graph)" },
        { "\x3a\x00\x3a\x00", 4,
          "damaged or cut short at byte 2 of 4 (a message that is there twice)" },
        { "\x3a\xff\xff\xff\xff\x0f", 6, "protobuf allows no field over 2 GiB" },
        { "\x3a\x05\x08", 3, "cut short at byte 1: 'graph' needs 5 bytes, 1 are left" },
        { "\x08\x08\x12\x03" "a\0b", 7, "'producer_name' at byte 4 contains a zero byte" },
        { "\x12\x03" "\xff" "bc", 5, "it has no IR version" },
        { "\x08\x08\x42\x02\x10\x0d", 6, "the model has no graph" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check_bytes(cases[i].bytes, cases[i].size, cases[i].said);
}

Test(load, files_that_are_not_there)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, "m.onnx");

    diag_into(&d, &said);
    cr_assert_not(onnx_load(a, "no/such/file.onnx", NULL, NULL, &d));
    cr_assert_not(onnx_load(a, ".", NULL, NULL, &d));
    cr_assert_eq(d.n_errors, 2);
    cr_assert(strstr(str_text(&said), "No such file"), "%s", str_text(&said));
    str_free(&said);
    arena_free(a);
}

Test(load, ir_versions)
{
    for (int v = 0; v <= 14; v++) {
        struct model *m = between_x_and_y(13);

        model_node(m, "Relu", "x", "y", NULL);
        model_proto(m)->ir_version = v;
        if (v == 0)
            refused(m, "not an ONNX model: it has no IR version");
        else if (v < 3 || v > 13)
            refused(m, arena_printf(model_arena(m),
                                    "IR version %d is not supported: this resc reads 3 to 13", v));
        else
            loaded(m, "Relu(%0)");
    }
}

Test(load, opsets)
{
    for (int v = -1; v <= OPSET_MAX + 1; v++) {
        struct model *m = between_x_and_y(v);

        model_node(m, "Relu", "x", "y", NULL);
        if (v < OPSET_MIN || v > OPSET_MAX)
            refused(m, arena_printf(model_arena(m), "opset %d is not supported: this resc", v),
                    v < OPSET_MIN ? "hint: export with opset 13" : "hint: export with opset 28");
        else
            loaded(m, "Relu(%0)");
    }
}

Test(load, several_opsets)
{
    Onnx__OperatorSetIdProto other = ONNX__OPERATOR_SET_ID_PROTO__INIT;

    other.has_version = true;
    for (int i = 0; i < 4; i++) {
        struct model *m = between_x_and_y(13);
        Onnx__ModelProto *p = model_proto(m);
        Onnx__OperatorSetIdProto *sets[2] = { &other, p->opset_import[0] };

        p->opset_import = sets;
        p->n_opset_import = 2;
        model_node(m, "Relu", "x", "y", NULL);
        other.domain = i == 0 ? "com.microsoft" : "ai.onnx";
        other.version = i == 2 ? 12 : 13;
        if (i == 3) {
            other.domain = "ai.onnx.ml";
            p->n_opset_import = 1;
        }
        switch (i) {
        case 2: refused(m, "the model asks for opset 12 and for opset 13"); break;
        case 3: refused(m, "does not say which opset of the standard operators it uses"); break;
        default: loaded(m, "Relu(%0)"); break;
        }
    }
}

/* A model with a bit of everything. */
static struct model *rich_model(void)
{
    struct model *m = model_new(13);
    static const int64_t shape[2] = { 0, -1 };

    model_input(m, "x", DT_F32, "N,1,4,4");
    model_initialiser(m, "w", DT_F32, "2,1,3,3", NULL);
    model_node(m, "Conv", "x w", "a", "kernel_shape=[3,3] pads=[1,1,1,1] auto_pad=NOTSET");
    model_node(m, "Constant", "", "shape", NULL);
    model_node_tensor(m, "value", DT_I64, "2", shape);
    model_node(m, "Reshape", "a shape", "b", NULL);
    model_node(m, "Softmax", "b", "y", "axis=1");
    model_output(m, "y", DT_F32, "N,32");
    return m;
}

static bool load_quietly(const void *bytes, size_t size)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, "m.onnx");
    struct graph *g;
    bool ok;

    diag_into(&d, &said);
    write_bytes(bytes, size);
    g = onnx_load(a, path, NULL, NULL, &d);
    ok = g && infer_shapes(g, &d);
    cr_assert_eq(ok, diag_ok(&d), "%s", str_text(&said));
    str_free(&said);
    arena_free(a);
    return ok;
}

/* Every way to cut the file is refused but the whole one. */
Test(load, truncated_files)
{
    struct model *m = rich_model();
    size_t size;
    const unsigned char *bytes = model_bytes(m, &size);

    cr_assert(load_quietly(bytes, size));
    for (size_t n = 0; n < size; n++)
        cr_assert_not(load_quietly(bytes, n), "%zu of %zu bytes", n, size);
    model_free(m);
}

/* Nothing crashes, and what is refused is refused with a message. */
Test(load, damaged_files)
{
    struct model *m = rich_model();
    size_t size;
    unsigned char *bytes = model_bytes(m, &size);
    unsigned seed = 1;
    int refusals = 0;

    for (int round = 0; round < 4000; round++) {
        unsigned char was[3];
        size_t at[3];

        for (int i = 0; i < 3; i++) {
            seed = seed * 1103515245u + 12345u;
            at[i] = (seed >> 8) % size;
            was[i] = bytes[at[i]];
            bytes[at[i]] = (unsigned char)(seed >> 24);
        }
        refusals += !load_quietly(bytes, size);
        for (int i = 2; i >= 0; i--)
            bytes[at[i]] = was[i];
    }
    cr_assert_gt(refusals, 1000);
    cr_assert(load_quietly(bytes, size));
    model_free(m);
}

/* Many empty messages, each of which unpacks to some hundred bytes. */
Test(load, files_that_unpack_to_too_much)
{
    enum { N = 1500000 };
    unsigned char *bytes = malloc(2 * N + 16);
    size_t at = 0;

    cr_assert(bytes);
    bytes[at++] = 0x08;
    bytes[at++] = 8;
    bytes[at++] = 0x3a; /* graph, of 2 N bytes */
    for (unsigned n = 2 * N; n; n >>= 7)
        bytes[at++] = (unsigned char)((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    for (int i = 0; i < N; i++) {
        bytes[at++] = 0x2a; /* initializer */
        bytes[at++] = 0;
    }
    check_bytes(bytes, at,
                "the file of 3000007 bytes unpacks to more than 3 times its size: the limit is 64M");
    free(bytes);
}

Test(load, deep_nesting)
{
    enum { DEPTH = 400 };
    static unsigned char bytes[6 * DEPTH];
    static unsigned char part[6 * DEPTH];
    size_t size = 0;

    /* TypeProto.sequence_type.elem_type..., wrapped from the inside out */
    for (int i = 0; i < DEPTH; i++) {
        size_t head = 0;

        part[head++] = i % 2 ? 0x22 : 0x0a; /* sequence_type = 4, elem_type = 1 */
        part[head++] = (unsigned char)((size & 0x7f) | 0x80);
        part[head++] = (unsigned char)(size >> 7);
        memmove(bytes + head, bytes, size);
        memcpy(bytes, part, head);
        size += head;
    }
    /* ModelProto.graph.input.type */
    static const unsigned char outer[] = { 0x12, 0x5a, 0x3a };

    for (int i = 0; i < 3; i++) {
        memmove(bytes + 3, bytes, size);
        bytes[0] = outer[i];
        bytes[1] = (unsigned char)((size & 0x7f) | 0x80);
        bytes[2] = (unsigned char)(size >> 7);
        size += 3;
    }
    check_bytes(bytes, size, "messages are nested too deep at byte 300: the limit is 100");
}

Test(load, model_info)
{
    struct model *m = rich_model();
    struct diag d = diag_new(model_arena(m), "m.onnx");
    struct model_info info;

    d.quiet_notes = true;
    model_proto(m)->producer_name = "tests";
    model_proto(m)->producer_version = "1.0";
    cr_assert(model_write(m, path));
    cr_assert(onnx_load(model_arena(m), path, NULL, &info, &d));
    cr_assert_str_eq(info.producer, "tests 1.0");
    cr_assert_eq(info.ir_version, 8);
    cr_assert_eq(info.opset, 13);
    cr_assert_eq(info.n_parameters, 18);
    size_t size;

    model_bytes(m, &size);
    cr_assert_eq(info.file_size, size);
    cr_assert_eq(strlen(info.sha256), 64);
    model_free(m);
}

Test(load, sha256_is_that_of_the_file)
{
    struct model *m = between_x_and_y(13);
    struct diag d = diag_new(model_arena(m), "m.onnx");
    struct model_info info;
    char command[512], wanted[65] = "";
    FILE *f;

    model_node(m, "Relu", "x", "y", NULL);
    cr_assert(model_write(m, path));
    cr_assert(onnx_load(model_arena(m), path, NULL, &info, &d));
    snprintf(command, sizeof(command), "sha256sum '%s'", path);
    f = popen(command, "r");
    cr_assert(f);
    cr_assert_eq(fscanf(f, "%64s", wanted), 1);
    pclose(f);
    cr_assert_str_eq(info.sha256, wanted);
    model_free(m);
}
