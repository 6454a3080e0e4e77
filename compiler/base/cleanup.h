// SPDX-License-Identifier: Apache-2.0
/* cleanup.h - what must not be left behind when the process ends early.
 *
 * A file or folder that is in the list is removed if a signal ends the process
 * (SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU, SIGABRT), which then takes
 * its usual course, or if exit() is called, as memory_end() does.  SIGKILL
 * leaves everything.
 *
 * The list is the process's: signals know of nothing smaller. */
#ifndef RESC_BASE_CLEANUP_H
#define RESC_BASE_CLEANUP_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

/* Owned by the caller; must live as long as it is in the list. */
struct doomed {
    const char *path;
    DIR *dir; /* of a folder: removed with the files in it; NULL: a file */
    struct doomed *next;
};

/* While a thing comes into being or gets another name, signals wait. */
void cleanup_hold(void);
void cleanup_release(void);

/* Between hold and release; drop() leaves the file where it is. */
void cleanup_add(struct doomed *d);
void cleanup_drop(struct doomed *d);

/* A child that a signal ends as well; 0: there is none now. */
void cleanup_child(pid_t pid);

/* The folder of `dir` with the files in it, but not folders in it. */
void folder_unlink(const char *path, DIR *dir);

#endif
