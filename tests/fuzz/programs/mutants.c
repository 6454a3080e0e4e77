// SPDX-License-Identifier: Apache-2.0
/* mutants --n=N [--seed=S] [--only=I] [--sample=K] --folder=DIR: the models that standard
 * input names (and those of seeds.def), changed along their messages, through
 * the target `compile`.  Of those that are taken K are built and run: sample.c.
 *
 * Mutant I of seed S is always the same; --only=I makes just that one, and
 * leaves it in DIR, as the last one is left if it ends the program. */
#define _POSIX_C_SOURCE 200809L
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/str.h"
#include "model.h"
#include "mutate.h"
#include "sample.h"
#include "seeds.h"
#include "target.h"

#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 4096, SECONDS_MAX = 20, PATH_SIZE = 1024 };

struct base {
    const unsigned char *bytes;
    size_t size;
};

static struct {
    struct arena *arena;
    struct base *bases;      /* those that resc takes, first */
    size_t n_bases, n_taken, room;
    long n, only, n_sample;
    unsigned long seed;
    const char *folder;
} opt = { .n = 1000, .only = -1, .seed = 1 };

static struct {
    unsigned char *bytes; /* of the mutant that is tried */
    size_t size;
    char path[PATH_SIZE]; /* where it goes if that ends the program */
} current;

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_abort=1:quarantine_size_mb=2:malloc_context_size=4:max_malloc_fill_size=0";
}

/* Called by the sanitizers as they end the process, and by save(). */
static void leave_mutant(void)
{
    const int fd = open(current.path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    static const char said[] = "the model is in ";

    if (fd < 0 || write(fd, current.bytes, current.size) < 0)
        return;
    close(fd);
    if (write(2, said, sizeof(said) - 1) < 0 ||
        write(2, current.path, strlen(current.path)) < 0 || write(2, "\n", 1) < 0)
        return;
}

static void too_long(int signal)
{
    (void)signal;
    leave_mutant();
    _exit(1);
}

static void add_base(const void *bytes, size_t size)
{
    if (opt.n_bases == opt.room) {
        opt.room = opt.room ? 2 * opt.room : 256;
        opt.bases = arena_grow(opt.arena, opt.bases, opt.n_bases, opt.room, sizeof *opt.bases);
    }
    const struct base b = { arena_grow(opt.arena, bytes, size, size + 1, 1), size };

    opt.bases[opt.n_bases++] = b;
    if (target_try(&target_compile, bytes, size) != TAKEN)
        return;
    opt.bases[opt.n_bases - 1] = opt.bases[opt.n_taken];
    opt.bases[opt.n_taken++] = b;
}

static void read_bases(void)
{
    struct diag d = diag_new(opt.arena, "mutants");
    char path[PATH_SIZE];

    for (int i = 0; i < n_seeds; i++) {
        struct model *m = seed_model(i);
        size_t size;
        const void *bytes = model_bytes(m, &size);

        add_base(bytes, size);
        model_free(m);
    }
    while (fgets(path, sizeof(path), stdin)) {
        size_t size;

        path[strcspn(path, "\n")] = '\0';
        char *bytes = file_read(path, &size, &d);

        if (bytes)
            add_base(bytes, size);
        file_release(bytes);
    }
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Most of them from models that resc takes: of the others little is looked at. */
static const struct base *choose_base(struct random *r)
{
    const bool any = random_one_in(r, 8) || !opt.n_taken;

    return &opt.bases[random_below(r, any ? opt.n_bases : opt.n_taken)];
}

/* What mutant `i` is, in a block of exactly its size. */
static void make_mutant(long i)
{
    struct random r = { opt.seed << 32 ^ (uint64_t)i };
    const struct base *base = choose_base(&r);
    unsigned char *bytes = malloc(base->size + ROOM);

    if (!bytes)
        abort();
    memcpy(bytes, base->bytes, base->size);
    size_t size = mutate_message(target_compile.type, bytes, base->size, base->size + ROOM, &r);

    if (!size)
        size = base->size; /* it grew too much: as it was */
    free(current.bytes);
    current.bytes = realloc(bytes, size);
    current.size = size;
    snprintf(current.path, sizeof(current.path), "%s/mutant-%lu-%ld.onnx", opt.folder, opt.seed,
             i);
}

static int run(void)
{
    struct sample sample = sample_new(opt.arena, opt.folder, (int)opt.n_sample);
    const long first = opt.only >= 0 ? opt.only : 0, end = opt.only >= 0 ? opt.only + 1 : opt.n;
    long outcomes[N_OUTCOMES] = { 0 }, slowest = 0;
    double most = 0;

    for (long i = first; i < end; i++) {
        make_mutant(i);
        if (opt.only >= 0)
            leave_mutant();
        const double start = cpu_seconds();

        alarm(10 * SECONDS_MAX); /* the machine may be busy with other things, too */
        const enum outcome o = target_try(&target_compile, current.bytes, current.size);
        const double seconds = cpu_seconds() - start;

        alarm(0);
        if (seconds > most) {
            most = seconds;
            slowest = i;
        }
        outcomes[o]++;
        if (o == TAKEN)
            sample_offer(&sample, current.bytes, current.size, i);
    }
    printf("%ld mutants of %zu models (%zu that resc takes): %ld taken, %ld refused, "
           "%ld out of memory; the slowest, %ld, took %.2f s\n", end - first, opt.n_bases,
           opt.n_taken, outcomes[TAKEN], outcomes[REFUSED], outcomes[OUT_OF_MEMORY], slowest, most);
    const int bad = sample_build(&sample) + (most > SECONDS_MAX);

    printf("%ld passed, %d failed\n", end - first + sample.n_run, bad);
    return bad != 0;
}

static bool set(const char *word, const char *name, long *number)
{
    const size_t n = strlen(name);

    if (strncmp(word, name, n) != 0)
        return false;
    *number = strtol(word + n, NULL, 10);
    return true;
}

int main(int argc, char **argv)
{
    long seed = 1;

    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "--folder=", 9) == 0)
            opt.folder = argv[i] + 9;
        else if (!set(argv[i], "--n=", &opt.n) && !set(argv[i], "--seed=", &seed) &&
                 !set(argv[i], "--only=", &opt.only) && !set(argv[i], "--sample=", &opt.n_sample))
            return 2;
    if (!opt.folder)
        return 2;
    opt.seed = (unsigned long)seed;
    opt.arena = arena_new();
    __sanitizer_set_death_callback(leave_mutant);
    signal(SIGALRM, too_long);
    read_bases();
    const int status = run();

    free(current.bytes);
    current.bytes = NULL;
    arena_free(opt.arena);
    return status;
}
