// SPDX-License-Identifier: Apache-2.0
/* write_seeds FOLDER: what the corpora were grown from, into FOLDER/TARGET/. */
#define _POSIX_C_SOURCE 200809L
#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/out_set.h"
#include "cli/npy.h"
#include "model.h"
#include "onnx.pb-c.h"
#include "onnx/load.h"
#include "seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *in_folder(struct arena *a, const char *folder, const char *target)
{
    const char *path = arena_printf(a, "%s/%s", folder, target);

    mkdir(folder, 0777);
    mkdir(path, 0777);
    return path;
}

static bool write_models(struct arena *a, const char *folder, const char *target)
{
    const char *path = in_folder(a, folder, target);
    bool ok = true;

    for (int i = 0; i < n_seeds; i++) {
        struct model *m = seed_model(i);

        ok = model_write(m, arena_printf(a, "%s/seed_%02d", path, i)) && ok;
        model_free(m);
    }
    return ok;
}

static bool write_tensors(struct arena *a, const char *folder, struct diag *d)
{
    static const char zeros[64] = { 0 };
    const char *path = in_folder(a, folder, "tensor");

    for (int t = DT_NONE + 1; t < N_DTYPES; t++) {
        const struct tensor x = { "x", (enum dtype)t, shape_of(2, 3), zeros };

        struct out_set set = { .arena = a, .diag = d };

        onnx_write_tensor(&set, arena_printf(a, "%s/seed_%d.pb", path, t), &x);
        if (t != DT_BF16) /* which NumPy lacks */
            npy_write(&set, arena_printf(a, "%s/seed_%d.npy", path, t), &x);
        if (!out_commit(&set))
            return false;
    }
    return true;
}

static bool write_external(struct arena *a, const char *folder)
{
    static char *const places[][3] = {
        { "data.bin", "0", "16" }, { "sub/data.bin", "4", "12" }, { "link.bin", "0", "4" },
        { "../outside.bin", "0", "8" }, { "hard.bin", "0", "4" }, { "up/outside.bin", "0", "4" },
        { "fifo", "0", "4" }, { "data.bin", "60", "8" },
    };
    static char *const keys[] = { "location", "offset", "length" };
    const char *path = in_folder(a, folder, "external");
    bool ok = true;

    for (int i = 0; i < COUNT(places); i++) {
        Onnx__TensorProto p = ONNX__TENSOR_PROTO__INIT;
        Onnx__StringStringEntryProto entries[COUNT(keys)], *list[COUNT(keys)];
        int64_t len = atoi(places[i][2]) / 4;

        for (int k = 0; k < COUNT(keys); k++) {
            entries[k] = (Onnx__StringStringEntryProto)ONNX__STRING_STRING_ENTRY_PROTO__INIT;
            entries[k].key = keys[k];
            entries[k].value = places[i][k];
            list[k] = &entries[k];
        }
        p.n_dims = 1;
        p.dims = &len;
        p.has_data_type = p.has_data_location = 1;
        p.data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
        p.data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
        p.n_external_data = COUNT(keys);
        p.external_data = list;

        uint8_t *bytes = arena_alloc(a, onnx__tensor_proto__get_packed_size(&p));
        const size_t size = onnx__tensor_proto__pack(&p, bytes);
        FILE *f = fopen(arena_printf(a, "%s/seed_%d", path, i), "wb");

        ok = f && fwrite(bytes, 1, size, f) == size && fclose(f) == 0 && ok;
    }
    return ok;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "write_seeds");
    const bool ok = argc == 2 && write_models(a, argv[1], "load") &&
                    write_models(a, argv[1], "check") && write_models(a, argv[1], "compile") &&
                    write_tensors(a, argv[1], &d) && write_external(a, argv[1]);

    arena_free(a);
    return ok ? 0 : 1;
}
