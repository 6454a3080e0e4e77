// SPDX-License-Identifier: Apache-2.0
/* Tensors in files of their own: .npy and .pb. */
#define _XOPEN_SOURCE 700
#include "expect.h"
#include "cli/npy.h"
#include "write_one.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[256];

static void make_path(void)
{
    const char *tmp = getenv("TMPDIR");
    int fd;

    snprintf(path, sizeof(path), "%s/resc-tensor-XXXXXX", tmp ? tmp : P_tmpdir);
    fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
}

static void remove_path(void)
{
    unlink(path);
}

TestSuite(files, .init = make_path, .fini = remove_path);

static unsigned char elements[2 * 3 * 8];

static void check_same(const struct tensor *a, const struct tensor *b)
{
    cr_assert_eq(a->type, b->type, "%s", dtype_name(a->type));
    cr_assert(shape_equal(&a->shape, &b->shape), "%s", dtype_name(a->type));
    cr_assert_arr_eq(a->data, b->data, (size_t)shape_len(&a->shape) * dtype_size(a->type));
}

Test(files, round_trips)
{
    const struct shape shapes[] = { shape_of(2, 3), shape_of(6), shape_scalar(), shape_of(0, 5),
                                    shape_of(1, 1, 1, 2, 1, 1, 3, 1) };
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "test");

    for (size_t i = 0; i < sizeof(elements); i++)
        elements[i] = (unsigned char)(i * 29 + 1);
    for (enum dtype t = DT_NONE + 1; t < N_DTYPES; t++)
        for (size_t s = 0; s < sizeof(shapes) / sizeof(*shapes); s++) {
            unsigned char *data = arena_grow(a, elements, sizeof(elements), sizeof(elements), 1);
            const struct tensor in = { "name", t, shapes[s], data };
            struct tensor out;

            for (size_t i = 0; t == DT_BOOL && i < sizeof(elements); i++)
                data[i] &= 1;
            cr_assert(write_one(onnx_write_tensor, path, &in, &d));
            cr_assert(onnx_read_tensor(a, path, &out, &d));
            check_same(&in, &out);
            cr_assert_str_eq(out.name, "name");
            if (t == DT_BF16)
                continue;
            cr_assert(write_one(npy_write, path, &in, &d));
            cr_assert(npy_read(a, path, &out, &d));
            check_same(&in, &out);
        }
    cr_assert(diag_ok(&d));
    arena_free(a);
}

static void check_npy(const char *bytes, size_t size, const char *wanted)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, "test");
    struct tensor t;
    FILE *f = fopen(path, "wb");

    diag_into(&d, &said);
    cr_assert(f);
    fwrite(bytes, 1, size, f);
    fclose(f);
    cr_assert_eq(npy_read(a, path, &t, &d), wanted == NULL, "%s", str_text(&said));
    if (wanted)
        cr_assert(strstr(str_text(&said), wanted), "\"%s\" is not in %s", wanted, str_text(&said));
    else
        cr_assert(t.type == DT_I16 && t.shape.rank == 1 && ((const int16_t *)t.data)[1] == 0x0403);
    str_free(&said);
    arena_free(a);
}

/* A file of version 1 or 2 with this header and two int16 behind it. */
static void check_header(int version, const char *header, const char *wanted)
{
    char bytes[512];
    const size_t n = strlen(header);
    size_t at = 8;

    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (char)version;
    bytes[7] = 0;
    bytes[at++] = (char)n;
    bytes[at++] = 0;
    if (version > 1) {
        bytes[at++] = 0;
        bytes[at++] = 0;
    }
    memcpy(bytes + at, header, n);
    memcpy(bytes + at + n, "\1\2\3\4", 4);
    check_npy(bytes, at + n + 4, wanted);
}

Test(files, npy_headers)
{
    static const struct { int version; const char *header, *said; } cases[] = {
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n", NULL },
        { 2, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n", NULL },
        { 3, "{'shape':(2,),'fortran_order':False,'descr':'<i2'}", NULL },
        { 4, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n", "version is unknown" },
        { 1, "{'descr': '<i2', 'fortran_order': True, 'shape': (2,), }\n", "in Fortran order" },
        { 1, "{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }\n",
          "element type is none" },
        { 1, "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }\n",
          "element type is none" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }\n", "has 4 bytes of" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (1,), }\n", "has 4 bytes of" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (-2,), }\n", "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, }\n", "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2", "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (65536,65536), }", "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (99999999999999999999,), }",
          "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,2), }",
          "shape is bad" },
        { 1, "{'descr': '<i2', 'fortran_order': False}", "lacks descr, fortran_order or shape" },
        { 1, "{'descr'", "lacks descr, fortran_order or shape" },
        { 1, "", "lacks descr, fortran_order or shape" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check_header(cases[i].version, cases[i].header, cases[i].said);
    check_npy("", 0, "does not start with");
    check_npy("\x93NUMPY\1\0\xff\xff{", 11, "cut short");
    check_npy("\x93NUMPY\2\0\1\0", 10, "version is unknown");
}

Test(files, npy_has_no_bf16)
{
    struct arena *a = arena_new();
    struct str said = { 0 };
    struct diag d = diag_new(a, "test");
    const struct tensor t = { "", DT_BF16, shape_of(1), elements };

    diag_into(&d, &said);
    cr_assert_not(write_one(npy_write, path, &t, &d));
    cr_assert(strstr(str_text(&said), "NumPy has no type for bf16"));
    str_free(&said);
    arena_free(a);
}

/* Read back by NumPy itself, where it is installed. */
Test(files, npy_is_what_numpy_reads)
{
    const float data[6] = { 1, 2, 3, 4, 5, 6.5f };
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "test");
    const struct tensor t = { "", DT_F32, shape_of(2, 3), data };
    char command[1024];

    if (system("python3 -c 'import numpy' 2>/dev/null") != 0) {
        fputs("skipped: python3-numpy is not installed\n", stderr);
        return;
    }
    cr_assert(write_one(npy_write, path, &t, &d));
    snprintf(command, sizeof(command),
             "python3 -c \"import numpy as n; x = n.load(open('%s', 'rb'));"
             "assert x.shape == (2, 3) and x.dtype == n.float32 and x[1][2] == 6.5\"", path);
    cr_assert_eq(system(command), 0);
    arena_free(a);
}

Test(files, tensors_that_are_refused)
{
    static const struct { const char *bytes; size_t size; const char *said; } cases[] = {
        { "\x08\x02\x10\x08", 4, "has elements of type STRING: not supported" },
        { "\x08\x02\x10\x01\x4a\x04zzzz", 10,
          "has 4 bytes of raw_data, its shape and type need 8" },
        { "\x08\x02\x10", 3, "damaged or cut short" },
        { "", 0, "has elements of type UNDEFINED: not supported" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena *a = arena_new();
        struct str said = { 0 };
        struct diag d = diag_new(a, "test");
        struct tensor t;
        FILE *f = fopen(path, "wb");

        diag_into(&d, &said);
        fwrite(cases[i].bytes, 1, cases[i].size, f);
        fclose(f);
        cr_assert_not(onnx_read_tensor(a, path, &t, &d));
        cr_assert(strstr(str_text(&said), cases[i].said), "\"%s\" is not in %s", cases[i].said,
                  str_text(&said));
        str_free(&said);
        arena_free(a);
    }
}
