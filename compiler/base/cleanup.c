// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "base/cleanup.h"

#include "base/count.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXCPU, SIGABRT };

/* Read by the handler, so changed only while signals wait. */
static struct doomed *list;
static volatile pid_t child;
static sigset_t mask_before;
static bool installed;

/* A folder's DIR was opened beforehand, since opendir() allocates; what is left
 * to readdir() is a buffer that nobody else uses. */
void folder_unlink(const char *path, DIR *dir)
{
    enum { TURNS = 5 }; /* a child may be writing to it */

    for (int i = 0; i < TURNS; i++) {
        rewinddir(dir);
        for (const struct dirent *entry; (entry = readdir(dir));)
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                unlinkat(dirfd(dir), entry->d_name, 0);
        if (rmdir(path) == 0 || errno == ENOENT)
            return;
    }
}

static void remove_all(void)
{
    for (const struct doomed *d = list; d; d = d->next)
        if (d->dir)
            folder_unlink(d->path, d->dir);
        else
            unlink(d->path);
    list = NULL;
}

static void at_exit(void)
{
    cleanup_hold();
    remove_all();
    cleanup_release();
}

static void on_fatal(int sig)
{
    if (child > 0)
        kill(child, SIGTERM);
    remove_all();
    raise(sig); /* waits for the return, and then finds the default action */
}

/* With a handler, and be it an empty one, write() fails beyond the limit, and
 * programs that are started find the default again. */
static void on_file_too_large(int sig)
{
    (void)sig;
}

/* What is ignored, as by nohup, stays ignored. */
static void install(int sig, const struct sigaction *action)
{
    struct sigaction old;

    if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
        sigaction(sig, action, NULL);
}

static void set_of_fatal(sigset_t *set)
{
    sigemptyset(set);
    for (int i = 0; i < COUNT(fatal); i++)
        sigaddset(set, fatal[i]);
}

static void install_all(void)
{
    struct sigaction end = { .sa_handler = on_fatal, .sa_flags = (int)SA_RESETHAND };
    const struct sigaction too_large = { .sa_handler = on_file_too_large, .sa_flags = SA_RESTART };

    set_of_fatal(&end.sa_mask); /* one at a time */
    for (int i = 0; i < COUNT(fatal); i++)
        install(fatal[i], &end);
    install(SIGXFSZ, &too_large);
    atexit(at_exit);
}

void cleanup_hold(void)
{
    sigset_t set;

    if (!installed) {
        installed = true;
        install_all();
    }
    set_of_fatal(&set);
    sigprocmask(SIG_BLOCK, &set, &mask_before);
}

void cleanup_release(void)
{
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void cleanup_add(struct doomed *d)
{
    d->next = list;
    list = d;
}

void cleanup_drop(struct doomed *d)
{
    for (struct doomed **at = &list; *at; at = &(*at)->next)
        if (*at == d) {
            *at = d->next;
            return;
        }
}

void cleanup_child(pid_t pid)
{
    child = pid;
}
