// SPDX-License-Identifier: Apache-2.0
#include "cli/child.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

enum { LOG_LINES_SHOWN = 8 };

void words_add(struct words *w, const char *word)
{
    if (w->n + 1 >= w->cap) {
        w->cap = w->cap ? 2 * w->cap : 16;
        w->word = arena_grow(w->arena, w->word, (size_t)w->n, (size_t)w->cap, sizeof *w->word);
    }
    w->word[w->n++] = word;
    w->word[w->n] = NULL;
}

void words_split(struct words *w, const char *text)
{
    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        const size_t n = strcspn(text, " \t");

        words_add(w, arena_strndup(w->arena, text, n));
        text += n;
    }
}

static char *const *environment(struct arena *a, const struct words *env)
{
    struct words w = { .arena = a };

    if (!env)
        return environ;
    for (int i = 0; i < env->n; i++)
        words_add(&w, env->word[i]); /* the first of a name is the one that counts */
    for (char **e = environ; *e; e++)
        words_add(&w, *e);
    return (char *const *)w.word;
}

/* False: there is no such child to wait for; errno says why.  A signal that
 * ends us ends the child, too. */
static bool wait_for(pid_t pid, int *status)
{
    pid_t ended;

    cleanup_child(pid);
    do
        ended = waitpid(pid, status, 0);
    while (ended < 0 && errno == EINTR);
    cleanup_child(0);
    return ended == pid;
}

static void show_log(const char *log, struct diag *d)
{
    size_t size;
    char *text = file_read(log, &size, d);
    int n = 0;

    for (char *line = text; line && *line && n < LOG_LINES_SHOWN; n++) {
        char *end = line + strcspn(line, "\n");
        const bool last = !*end;

        *end = '\0';
        diag_note(d, "%s", line);
        line = last ? NULL : end + 1;
    }
    if (text)
        file_release(text);
}

bool child_run(struct arena *a, const char *who, const struct words *argv,
               const struct words *env, const char *log, struct diag *d)
{
    posix_spawn_file_actions_t files;
    pid_t pid;

    if (posix_spawn_file_actions_init(&files) != 0 ||
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0) != 0 ||
        posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0666) != 0 ||
        posix_spawn_file_actions_adddup2(&files, 1, 2) != 0)
        memory_end(MEMORY_GONE); /* all that they need */
    char *const *envp = environment(a, env);
    const int error = posix_spawnp(&pid, argv->word[0], &files, NULL,
                                   (char *const *)argv->word, envp);

    posix_spawn_file_actions_destroy(&files);
    if (error == ENOMEM)
        memory_end(MEMORY_GONE);
    if (error) {
        diag_error(d, "cannot start %s, '%s': %s", who, argv->word[0], strerror(error));
        return false;
    }
    int status;

    if (!wait_for(pid, &status)) {
        diag_error(d, "cannot wait for %s: %s", who, strerror(errno));
        return false;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        diag_error(d, "%s was ended by a signal: %s", who, strsignal(WTERMSIG(status)));
    else
        diag_error(d, "%s failed with status %d", who, WEXITSTATUS(status));
    show_log(log, d);
    return false;
}
