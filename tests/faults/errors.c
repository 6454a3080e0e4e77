// SPDX-License-Identifier: Apache-2.0
/* Every open, write, fsync, rename, close and link of a command fails, one after
 * the other, with each of some errors, in every form in which resc writes files.
 * Each time resc must exit with 1 and a message that names a file, what was there
 * before must be there, and nothing else - or it could do without, and did its work.
 * (A report that cannot be printed is an error, too: the files are then whole.) */
#include "base/count.h"
#include "sets.h"
#include "tracer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const struct kind {
    enum call call;
    int error;       /* 0: half of the bytes */
    bool may_do;     /* what has to be done can be done all the same */
} kinds[] = {
    { CALL_OPEN, EIO, false }, { CALL_OPEN, ENOSPC, false }, { CALL_OPEN, EMFILE, false },
    { CALL_WRITE, EIO, false }, { CALL_WRITE, ENOSPC, false }, { CALL_WRITE, EINTR, false },
    { CALL_WRITE, 0, true },
    { CALL_FSYNC, EIO, false }, { CALL_FSYNC, ENOSPC, false },
    { CALL_RENAME, EIO, false }, { CALL_RENAME, ENOSPC, false },
    { CALL_CLOSE, EIO, true }, { CALL_CLOSE, EINTR, true }, /* of a file that was read */
    { CALL_LINK, EIO, false }, { CALL_LINK, ENOSPC, false },
    { CALL_LINK, EPERM, true }, { CALL_LINK, EMLINK, true }, /* rename() does it, too */
};

/* What is wrong, or NULL. */
static const char *fault_of(struct bench *b, const struct set *s, const struct kind *k, int status)
{
    const struct state now = set_state(b);

    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        return "exit status";
    if (n_strangers(b, set_names))
        return "files are left";
    if (WEXITSTATUS(status) == 0 && !k->may_do)
        return "it was not noticed";
    if (WEXITSTATUS(status) == 0)
        return set_same(&now, &s->after) ? NULL : "files are not the new ones";
    if (!set_same(&now, &s->before) && !set_same(&now, &s->after))
        return "files are neither the old nor the new ones";
    return strstr(b->said, "cannot ") || strstr(b->said_err, "cannot ") ? NULL : "message";
}

/* The number of calls that failed; those that were wrong are added to *n_wrong. */
static long strike_each(struct bench *b, const struct set *s, const struct kind *k, long *n_wrong)
{
    for (long at = 1;; at++) {
        struct strike strike = { .call = k->call, .at = at, .error = k->error,
                                 .half = k->error == 0 };
        const int status = trace(b, s->form->args, &strike);

        if (!strike.struck)
            return at - 1;
        const char *fault = fault_of(b, s, k, status);

        if (fault) {
            fprintf(stderr, "resc %s: %s number %ld, %s: %s (status %#x)\n%.400s%.400s\n",
                    s->form->args, call_names[k->call], at,
                    k->error ? strerror(k->error) : "half of it", fault, status, b->said,
                    b->said_err);
            ++*n_wrong;
        }
        set_restore(s);
    }
}

int main(void)
{
    struct bench *b = bench_new();
    long n = 0, wrong = 0;

    if (!tracer_works()) {
        bench_end(b);
        puts("skipped: the system calls of this machine are not known\n"
             "0 passed, 0 failed, 1 skipped");
        return 77;
    }
    for (int f = 0; f < n_forms; f++) {
        struct set s;

        set_begin(&s, b, &forms[f]);
        for (int k = 0; k < COUNT(kinds); k++)
            n += strike_each(b, &s, &kinds[k], &wrong);
        set_end(&s);
    }
    bench_end(b);
    printf("%ld passed, %ld failed\n", n - wrong, wrong);
    return wrong || !n;
}
