// SPDX-License-Identifier: Apache-2.0
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE /* wait4() */
#include "process.h"

#include "base/arena.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { NO_SUCH_PROGRAM = 127 };

static void fail(const char *what)
{
    perror(what);
    abort();
}

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Only calls that are safe between fork() and exec() in a program with threads. */
static void become(const char *dir, const char *const *argv, char **env, int out, int err)
{
    const int in = open("/dev/null", O_RDONLY);

    setpgid(0, 0); /* so that its children can be ended with it */
    if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(NO_SUCH_PROGRAM);
    if (dir && chdir(dir) != 0)
        _exit(NO_SUCH_PROGRAM);
    if (env)
        environ = env;
    execvp(argv[0], (char *const *)argv);
    _exit(NO_SUCH_PROGRAM);
}

static char **environment(struct arena *a, const char *const *extra)
{
    size_t n = 0, n_extra = 0, k = 0;

    if (!extra)
        return NULL;
    while (environ[n])
        n++;
    while (extra[n_extra])
        n_extra++;
    char **env = arena_new_n(a, char *, n + n_extra + 1);

    for (size_t i = 0; i < n_extra; i++)
        env[k++] = arena_strdup(a, extra[i]);
    for (size_t i = 0; i < n; i++) {
        bool replaced = false;

        for (size_t j = 0; j < n_extra; j++)
            replaced = replaced || strncmp(environ[i], extra[j],
                                           strcspn(extra[j], "=") + 1) == 0;
        if (!replaced)
            env[k++] = environ[i];
    }
    return env;
}

static double in_seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* Ends the process with its children when its time is up. */
static void wait_for(pid_t pid, double until, struct process *p)
{
    struct rusage use;
    int status;

    for (long nap = 200000;; nap = nap < 4000000 ? nap * 2 : nap) {
        const pid_t done = wait4(pid, &status, WNOHANG, &use);

        if (done < 0)
            fail("wait4");
        if (done == pid)
            break;
        if (now() > until) {
            p->timed_out = true;
            kill(-pid, SIGKILL);
            if (wait4(pid, &status, 0, &use) < 0)
                fail("wait4");
            break;
        }
        nanosleep(&(struct timespec){ .tv_nsec = nap }, NULL);
    }
    p->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    p->cpu_seconds = in_seconds(use.ru_utime) + in_seconds(use.ru_stime);
    p->peak = (size_t)use.ru_maxrss * 1024;
}

static FILE *new_file(void)
{
    FILE *f = tmpfile();

    if (!f || fcntl(fileno(f), F_SETFD, FD_CLOEXEC) != 0)
        fail("tmpfile");
    return f;
}

static const char *contents(struct arena *a, FILE *f)
{
    const long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;

    if (size < 0)
        fail("ftell");
    char *text = arena_alloc(a, (size_t)size + 1);

    rewind(f);
    if (fread(text, 1, (size_t)size, f) != (size_t)size)
        fail("fread");
    (void)fclose(f);
    return text;
}

struct process process_run(struct arena *a, const char *dir, const char *const *argv,
                           const char *const *env, double seconds)
{
    FILE *out = new_file(), *err = new_file();
    char **all = environment(a, env);
    const double start = now();
    const pid_t pid = fork();
    struct process p = { 0 };

    if (pid < 0)
        fail("fork");
    if (pid == 0)
        become(dir, argv, all, fileno(out), fileno(err));
    wait_for(pid, start + seconds, &p);
    p.seconds = now() - start;
    p.out = contents(a, out);
    p.err = contents(a, err);
    return p;
}

bool shell(struct arena *a, struct process *p, const char *format, ...)
{
    enum { SECONDS = 600 };
    va_list ap;

    va_start(ap, format);
    const int len = vsnprintf(NULL, 0, format, ap);

    va_end(ap);
    char *line = arena_alloc(a, (size_t)len + 1);

    va_start(ap, format);
    vsnprintf(line, (size_t)len + 1, format, ap);
    va_end(ap);
    *p = process_run(a, NULL, (const char *[]){ "sh", "-c", line, NULL }, NULL, SECONDS);
    if (p->status == 0)
        return true;
    fprintf(stderr, "%s\n%s%s%s\n", line, p->out, p->err, p->timed_out ? "timed out" : "failed");
    return false;
}

const char *folder_new(struct arena *a)
{
    const char *parent = getenv("TMPDIR");
    char *path = arena_printf(a, "%s/resc-test-XXXXXX", parent && *parent ? parent : "/tmp");

    if (!mkdtemp(path))
        fail(path);
    return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

void folder_remove(const char *path)
{
    enum { OPEN_FOLDERS = 16 };

    nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

const char *shared_folder(struct arena *a, const char *source_root, const char *name)
{
    const char *shared = getenv("RESC_SHARED");
    const char *path = shared && *shared ? arena_printf(a, "%s/%s", shared, name) :
                       arena_printf(a, "%s/../shared/%s", source_root, name);
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? path : NULL;
}
