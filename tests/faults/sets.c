// SPDX-License-Identifier: Apache-2.0
#include "sets.h"

#include "base/count.h"
#include "model.h"
#include "subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SET_NAMES \
    "net.h", "net.bin", "net.c.weights", "net.d", "net.c", "out.npy", "out.pb", "out.raw"
const char *const set_files[SET_FILES + 1] = { SET_NAMES, NULL };
const char *const set_names[] = { SET_NAMES, "in.onnx", "x.pb", NULL };

const struct form forms[] = {
    { "compile in.onnx -o net.c --weights=incbin -MD", true },
    { "compile in.onnx -o net.c --bundle", true },
    { "compile in.onnx -o net.c --weights=net.bin --json", true },
    { "compile in.onnx -o net.c --weights=incbin", false },
    { "compile in.onnx -o - --weights=net.bin", true },
    { "run in.onnx --interpret -i x.pb -o out.npy", true },
    { "run in.onnx --interpret -i x.pb -o out.pb", true },
    { "run in.onnx --interpret -i x.pb -o out.raw --json", false },
};
const int n_forms = COUNT(forms);

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

static const struct subject *subject_named(const char *name)
{
    for (int i = 0; i < n_subjects; i++)
        if (strcmp(subjects[i].name, name) == 0)
            return &subjects[i];
    abort();
}

static void write_model(const char *name)
{
    const struct subject *s = subject_named(name);
    struct model *m = subject_model(s);

    need(model_write(m, "in.onnx"), "in.onnx");
    model_free(m);
    subject_write_input(s, "x.pb");
}

static void whole_run(struct bench *b, const char *args)
{
    const pid_t pid = trial_fork(b);

    if (pid == 0)
        trial_run(args);
    if (trial_wait(b, pid) != 0) {
        fprintf(stderr, "resc %s: %s%s\n", args, b->said, b->said_err);
        exit(1);
    }
}

static void keep(struct set *s, int i)
{
    struct stat st;
    FILE *f = fopen(set_files[i], "rb");

    if (!f)
        return;
    need(fstat(fileno(f), &st) == 0, set_files[i]);
    s->size[i] = (size_t)st.st_size;
    s->bytes[i] = malloc(s->size[i] + 1);
    need(s->bytes[i] && fread(s->bytes[i], 1, s->size[i], f) == s->size[i], set_files[i]);
    fclose(f);
}

void set_begin(struct set *s, struct bench *b, const struct form *form)
{
    *s = (struct set){ .form = form };
    for (int i = 0; i < SET_FILES; i++)
        unlink(set_files[i]);
    if (form->over) {
        write_model("activations");
        whole_run(b, form->args);
        for (int i = 0; i < SET_FILES; i++)
            keep(s, i);
    }
    s->before = set_state(b);
    write_model("conv");
    whole_run(b, form->args);
    s->after = set_state(b);
    set_restore(s);
}

void set_restore(const struct set *s)
{
    for (int i = 0; i < SET_FILES; i++) {
        unlink(set_files[i]);
        if (!s->bytes[i])
            continue;
        FILE *f = fopen(set_files[i], "wb");

        need(f && fwrite(s->bytes[i], 1, s->size[i], f) == s->size[i] && fclose(f) == 0,
             set_files[i]);
    }
}

void set_end(struct set *s)
{
    for (int i = 0; i < SET_FILES; i++)
        free(s->bytes[i]);
}

struct state set_state(struct bench *b)
{
    struct state s;

    for (int i = 0; i < SET_FILES; i++)
        s.file[i] = file_number(b, set_files[i]);
    return s;
}

bool set_same(const struct state *a, const struct state *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool set_known(const struct set *s, const struct state *now)
{
    for (int i = 0; i < SET_FILES; i++)
        if (now->file[i] != s->before.file[i] && now->file[i] != s->after.file[i])
            return false;
    return true;
}
