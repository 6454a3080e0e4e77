// SPDX-License-Identifier: Apache-2.0
/* run_tests - every test as a child of its own, several at a time. */
#include "onnx_suite.h"

#include "base/arena.h"
#include "json_scan.h"
#include "process.h"

#include <pthread.h>
#include <string.h>

enum { SECONDS_MAX = 120, WORKERS_MAX = 16 };

struct work {
    struct suite *suite;
    bool with_operators;
    int next; /* test, under the lock */
    pthread_mutex_t lock;
};

const char *const outcome_names[N_OUTCOMES] = {
    "pass", "refused", "wrong", "crash", "build-failed",
};

static const char *const environment[] = { "OPENBLAS_NUM_THREADS=1", "CC=cc", NULL };

/* Status words of `resc verify`; any other means that it could not tell. */
static enum outcome outcome_of(const struct process *p, const char *status)
{
    if (p->timed_out || p->status > 1 || !status)
        return CRASH;
    if (strcmp(status, "pass") == 0)
        return p->status == 0 ? PASS : CRASH;
    if (strcmp(status, "refused") == 0)
        return REFUSED;
    if (strcmp(status, "build-failed") == 0)
        return BUILD_FAILED;
    return strcmp(status, "run-failed") == 0 ? CRASH : WRONG;
}

/* A message is clear if it says something, of which the reader can judge. */
static bool has_reason(struct arena *a, const char *says)
{
    const char *end;

    for (const char *m = json_first(says, "messages", &end); m; m = json_next(end, &end)) {
        const char *severity = json_text(a, m, end, "severity");
        const char *text = json_text(a, m, end, "text");

        if (severity && strcmp(severity, "error") == 0 && text && strlen(text) > 10)
            return true;
    }
    return false;
}

/* The light networks make hundreds of MiB of weights with ConstantOfShape. */
#define LIMITS "--limit=folded=1G", "--limit=memory=4G"

static void verify(struct arena *a, const char *resc, struct backend_test *t, bool const_inputs)
{
    const char *argv[15] = {
        resc, "verify", t->model, "--rtol", "1e-3", "--atol", "1e-7", "--json", "--layers",
        "--cc-flags=-O1", LIMITS,
    };
    int n = 12;

    if (t->data)
        argv[n++] = arena_printf(a, "--data=%s", t->data);
    if (const_inputs)
        argv[n++] = "--const-inputs";
    const struct process p = process_run(a, NULL, argv, environment, SECONDS_MAX);

    t->says = p.out;
    t->const_inputs = const_inputs;
    t->outcome = outcome_of(&p, json_text(a, p.out, NULL, "status"));
    if (p.timed_out)
        t->said_wrong = arena_printf(a, "took more than %d s", SECONDS_MAX);
    else if (t->outcome == CRASH && p.status != 1)
        t->said_wrong = arena_printf(a, "exit status %d: %.500s", p.status, p.err);
    else if (t->outcome == REFUSED && !has_reason(a, p.out)) {
        t->outcome = WRONG;
        t->said_wrong = "refused without a message that says why";
    }
}

static void *work_off(void *arg)
{
    struct work *w = arg;
    struct arena *a = arena_new(); /* lives as long as the program: results are in it */

    for (;;) {
        pthread_mutex_lock(&w->lock);
        const int i = w->next++;

        pthread_mutex_unlock(&w->lock);
        if (i >= w->suite->n)
            return a;
        struct backend_test *t = &w->suite->test[i];

        verify(a, w->suite->resc, t, false);
        if (t->outcome == REFUSED)
            verify(a, w->suite->resc, t, true);
        if (w->with_operators)
            t->operators = process_run(a, NULL, (const char *[]){
                w->suite->resc, "inspect", "--json", t->model, LIMITS, NULL }, NULL, SECONDS_MAX).out;
    }
}

void tests_run(struct suite *s, int n_workers, bool with_operators)
{
    struct work w = { s, with_operators, 0, PTHREAD_MUTEX_INITIALIZER };
    pthread_t worker[WORKERS_MAX];

    for (int i = 0; i < n_workers; i++)
        pthread_create(&worker[i], NULL, work_off, &w);
    for (int i = 0; i < n_workers; i++)
        pthread_join(worker[i], NULL);
}

const char *reason_of(struct arena *a, const struct backend_test *t)
{
    const char *end, *first = NULL;

    if (t->said_wrong)
        return t->said_wrong;
    for (const char *m = json_first(t->says, "messages", &end); m; m = json_next(end, &end)) {
        const char *severity = json_text(a, m, end, "severity");
        const char *text = json_text(a, m, end, "text");
        const char *op = json_text(a, m, end, "op");

        if (!severity || !text || strcmp(severity, "error") != 0)
            continue;
        if (op)
            return arena_printf(a, "%s: %s", op, text);
        first = first ? first : text;
    }
    return first ? first : "no message";
}
