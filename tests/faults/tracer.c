// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "tracer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const call_names[] = { "call", "open", "write", "fsync", "rename", "close", "link" };

#if defined(__linux__) && defined(__x86_64__)
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

bool tracer_works(void)
{
    return true;
}

static bool is_call(enum call call, unsigned long long number)
{
    switch (call) {
    case CALL_OPEN: return number == SYS_openat || number == SYS_open;
    case CALL_WRITE: return number == SYS_write;
    case CALL_FSYNC: return number == SYS_fsync;
    case CALL_RENAME: return number == SYS_rename || number == SYS_renameat2;
    case CALL_CLOSE: return number == SYS_close;
    case CALL_LINK: return number == SYS_link || number == SYS_linkat;
    default: return true;
    }
}

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

/* At the entry of the call that is meant. */
static void strike(pid_t pid, const struct strike *s, struct user_regs_struct *regs)
{
    if (s->sig) {
        kill(pid, s->sig);
    } else if (s->half) {
        regs->rdx = (regs->rdx + 1) / 2;
        need(ptrace(PTRACE_SETREGS, pid, 0, regs) == 0, "ptrace");
    } else if (s->error) {
        regs->orig_rax = (unsigned long long)-1; /* no call has that number */
        need(ptrace(PTRACE_SETREGS, pid, 0, regs) == 0, "ptrace");
    }
}

/* Follows the trial to its end. */
static int follow(pid_t pid, struct strike *s)
{
    struct user_regs_struct regs;
    bool entry = true, failing = false;
    int status, sig = 0;
    long n = 0;

    for (;;) {
        /* After SIGKILL there may be nobody left to continue. */
        if (ptrace(PTRACE_SYSCALL, pid, 0, (long)sig) != 0)
            need(errno == ESRCH, "ptrace");
        need(waitpid(pid, &status, 0) == pid, "waitpid");
        if (!WIFSTOPPED(status))
            return status;
        sig = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
        if (sig)
            continue; /* passed on */
        if (ptrace(PTRACE_GETREGS, pid, 0, &regs) != 0)
            continue;
        if (entry && is_call(s->call, regs.orig_rax) && ++n == s->at) {
            s->struck = true;
            failing = s->error != 0;
            strike(pid, s, &regs);
        } else if (!entry && failing) {
            failing = false;
            regs.rax = (unsigned long long)-(long long)s->error;
            need(ptrace(PTRACE_SETREGS, pid, 0, &regs) == 0, "ptrace");
        }
        entry = !entry;
    }
}

int trace(struct bench *b, const char *args, struct strike *s)
{
    const pid_t pid = trial_fork(b);
    int status;

    if (pid == 0) {
        need(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0, "ptrace");
        raise(SIGSTOP);
        trial_run(args);
    }
    need(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status), "waitpid");
    need(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0,
         "ptrace");
    s->struck = false;
    status = follow(pid, s);
    trial_said(b);
    return status;
}
#else
bool tracer_works(void)
{
    return false;
}

int trace(struct bench *b, const char *args, struct strike *s)
{
    (void)b, (void)args, (void)s;
    abort();
}
#endif
