// SPDX-License-Identifier: Apache-2.0
#include "trial.h"

#include "base/arena.h"
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

struct bench *bench_new(void)
{
    static struct bench b;
    static char tmp[4096];
    struct arena *a = arena_new();
    static char dir[4000];

    snprintf(dir, sizeof dir, "%s", folder_new(a));
    arena_free(a);
    snprintf(tmp, sizeof tmp, "%s/tmp", dir);
    b.dir = dir;
    b.tmp = tmp;
    FILE *out = tmpfile(), *err = tmpfile();

    need(out && err, "tmpfile");
    b.out = fileno(out);
    b.err = fileno(err);
    need(chdir(dir) == 0, dir);
    need(mkdir(tmp, 0777) == 0, tmp);
    setenv("TMPDIR", tmp, 1);
    return &b;
}

void bench_end(struct bench *b)
{
    need(chdir("/") == 0, "/");
    folder_remove(b->dir);
}

pid_t trial_fork(struct bench *b)
{
    fflush(stdout);
    fflush(stderr);
    const pid_t pid = fork();

    need(pid >= 0, "fork");
    if (pid == 0) {
        dup2(b->out, STDOUT_FILENO);
        dup2(b->err, STDERR_FILENO);
    }
    return pid;
}

void trial_run(const char *args)
{
    static char words[1000];
    char *argv[40] = { "resc" };
    int argc = 1;

    snprintf(words, sizeof words, "%s", args);
    for (char *save, *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    exit(resc_main(argc, argv));
}

static void take(int file, char said[SAID_MAX])
{
    const ssize_t n = pread(file, said, SAID_MAX - 1, 0);

    said[n > 0 ? n : 0] = '\0';
    need(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0, "ftruncate");
}

void trial_said(struct bench *b)
{
    take(b->out, b->said);
    take(b->err, b->said_err);
}

int trial_wait(struct bench *b, pid_t pid)
{
    int status;
    pid_t ended;

    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    need(ended == pid, "waitpid");
    trial_said(b);
    return status;
}

static bool is_known(const char *name, const char *const *known)
{
    for (; known && *known; known++)
        if (strcmp(name, *known) == 0)
            return true;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "tmp") == 0;
}

static int n_unknown(const char *path, const char *const *known)
{
    DIR *dir = opendir(path);
    int n = 0;

    need(dir != NULL, path);
    for (const struct dirent *e; (e = readdir(dir));)
        if (!is_known(e->d_name, known)) {
            if (!n)
                fprintf(stderr, "left behind: %s/%s\n", path, e->d_name);
            n++;
        }
    closedir(dir);
    return n;
}

int n_strangers(const struct bench *b, const char *const *known)
{
    return n_unknown(b->dir, known) + n_unknown(b->tmp, NULL);
}

unsigned long long file_number(const struct bench *b, const char *name)
{
    char path[5000], part[4096];
    unsigned long long h = 1469598103934665603u;

    snprintf(path, sizeof path, "%s/%s", b->dir, name);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return 0;
    for (ssize_t n; (n = read(fd, part, sizeof part)) > 0;)
        for (ssize_t i = 0; i < n; i++)
            h = (h ^ (unsigned char)part[i]) * 1099511628211u;
    close(fd);
    return h;
}
