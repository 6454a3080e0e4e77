// SPDX-License-Identifier: Apache-2.0
/* The folder of the model, and what lies about it:
 *
 *     outside.bin           what must never be read: bytes of OUTSIDE only
 *     model/data.bin        64 bytes
 *     model/sub/data.bin    16 bytes
 *     model/link.bin        a symbolic link to ../outside.bin
 *     model/hard.bin        a hard link to it
 *     model/up              a symbolic link to ..
 *     model/fifo            opening it must not wait */
#define _XOPEN_SOURCE 700
#include "base/arena.h"
#include "base/diag.h"
#include "onnx.pb-c.h"
#include "onnx/load.h"
#include "process.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTSIDE = 0xee, INSIDE = 0x11 };

static char folder[512];

static void need(bool done, const char *what)
{
    if (!done) {
        perror(what);
        abort();
    }
}

static void write_file(const char *name, size_t size, int byte)
{
    FILE *f = fopen(name, "wb");

    need(f != NULL, name);
    for (size_t i = 0; i < size; i++)
        putc(byte, f);
    need(fclose(f) == 0, name);
}

static void remove_folder(void)
{
    folder_remove(folder);
}

static void make_folder(void)
{
    struct arena *a = arena_new();
    const char *path = folder_new(a);

    need(strlen(path) < sizeof(folder), path);
    strcpy(folder, path);
#define IN(name) arena_printf(a, "%s/%s", folder, name)
    need(mkdir(IN("model"), 0777) == 0 && mkdir(IN("model/sub"), 0777) == 0, "mkdir");
    write_file(IN("outside.bin"), 64, OUTSIDE);
    write_file(IN("model/data.bin"), 64, INSIDE);
    write_file(IN("model/sub/data.bin"), 16, INSIDE);
    need(symlink("../outside.bin", IN("model/link.bin")) == 0, "symlink");
    need(symlink("..", IN("model/up")) == 0, "symlink");
    need(link(IN("outside.bin"), IN("model/hard.bin")) == 0, "link");
    need(mkfifo(IN("model/fifo"), 0666) == 0, "mkfifo");
#undef IN
    arena_free(a);
    atexit(remove_folder);
}

static bool is_external(const char *bytes, size_t size)
{
    ProtobufCMessage *m = protobuf_c_message_unpack(&onnx__tensor_proto__descriptor, NULL, size,
                                                    (const uint8_t *)bytes);
    const Onnx__TensorProto *p = (const Onnx__TensorProto *)m;
    const bool is = p && p->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;

    if (m)
        protobuf_c_message_free_unpacked(m, NULL);
    return is;
}

static bool run(struct arena *a, struct diag *d, const char *bytes, size_t size)
{
    struct tensor t = { .name = "" };

    if (!*folder)
        make_folder();
    if (!onnx_parse_tensor(a, arena_printf(a, "%s/model/x.pb", folder), bytes, size, &t, d))
        return false;
    const unsigned char *data = t.data;
    const size_t n = (size_t)shape_len(&t.shape) * dtype_size(t.type);

    if (t.type == DT_BOOL || !is_external(bytes, size)) /* bools become 0 and 1 */
        return true;
    for (size_t i = 0; i < n; i++)
        if (data[i] != INSIDE) {
            fprintf(stderr, "fuzz_external: byte %zu is 0x%02x, of no file in the folder\n", i,
                    data[i]);
            abort();
        }
    return true;
}

const struct target target_external = { "external", run, &onnx__tensor_proto__descriptor };
