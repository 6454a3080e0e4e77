// SPDX-License-Identifier: Apache-2.0
/* external.c - weights in another file: y = Add(x, w), w of f32[4].  Around the
 * model lie
 *
 *     secret.bin           outside of its folder; 16 bytes, as all of these
 *     model/bad.onnx       the model itself
 *     model/w.bin  model/sub/w.bin
 *     model/link.bin       -> w.bin
 *     model/out            -> ..
 *     model/hard.bin       a second name of secret.bin
 *     model/pipe           a FIFO that nobody writes to
 *     model/loop           -> loop */
#define _XOPEN_SOURCE 700
#include "hostile.h"

#include "base/arena.h"
#include "base/count.h"
#include "onnx.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int result, const char *what)
{
    if (result != 0) {
        perror(what);
        abort();
    }
}

static void surroundings(struct arena *a, const char *dir)
{
    static const char sixteen[16] = "secret";

    must(mkdir(arena_printf(a, "%s/sub", dir), 0700), "mkdir");
    hostile_write_bytes(dir, "w.bin", sixteen, sizeof sixteen);
    hostile_write_bytes(dir, "sub/w.bin", sixteen, sizeof sixteen);
    hostile_write_bytes(dir, "../secret.bin", sixteen, sizeof sixteen);
    must(symlink("w.bin", arena_printf(a, "%s/link.bin", dir)), "symlink");
    must(symlink("..", arena_printf(a, "%s/out", dir)), "symlink");
    must(symlink("loop", arena_printf(a, "%s/loop", dir)), "symlink");
    must(link(arena_printf(a, "%s/../secret.bin", dir), arena_printf(a, "%s/hard.bin", dir)),
         "link");
    must(mkfifo(arena_printf(a, "%s/pipe", dir), 0600), "mkfifo");
}

/* external_data from "location=w.bin offset=16". */
static void describe(struct arena *a, Onnx__TensorProto *w, const char *keys)
{
    w->has_raw_data = false;
    w->has_data_location = true;
    w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    w->external_data = arena_new_n(a, Onnx__StringStringEntryProto *, strlen(keys) + 1);
    for (char *word = strtok(arena_strdup(a, keys), " "); word; word = strtok(NULL, " ")) {
        Onnx__StringStringEntryProto *e = arena_new_n(a, Onnx__StringStringEntryProto, 1);
        char *value = strchr(word, '=');

        *e = (Onnx__StringStringEntryProto)ONNX__STRING_STRING_ENTRY_PROTO__INIT;
        *value++ = '\0';
        e->key = word;
        e->value = value;
        w->external_data[w->n_external_data++] = e;
    }
}

/* h->attributes: the keys. */
static void external(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();

    surroundings(model_arena(m), dir);
    describe(model_arena(m), model_proto(m)->graph->initializer[0], h->attributes);
    hostile_write(m, dir);
}

/* The same for h->n bytes of weights, of which the file has none. */
static void external_bomb(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    Onnx__TensorProto *w = model_proto(m)->graph->initializer[0];

    surroundings(model_arena(m), dir);
    describe(model_arena(m), w, h->attributes);
    w->dims[0] = h->n;
    hostile_write(m, dir);
}

/* h->n tensors, all of the same file that is not there. */
static void external_many(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    struct arena *a = model_arena(m);

    for (int64_t i = 0; i < h->n; i++)
        describe(a, model_initialiser(m, arena_printf(a, "w%d", (int)i), DT_F32, "4", NULL),
                 h->attributes);
    hostile_write(m, dir);
}

const struct hostile hostile_external[] = {
#define EXTERNAL(name, keys, words) { "external_" #name, words, external, .attributes = keys },
#define BOMB(name, count, keys, words) \
    { "external_" #name, words, external_bomb, .attributes = keys, .n = count },
#define MANY(name, count, keys, words) \
    { "external_" #name, words, external_many, .attributes = keys, .n = count },
#include "external.def"
#undef EXTERNAL
#undef BOMB
#undef MANY
};
const int n_hostile_external = COUNT(hostile_external);
