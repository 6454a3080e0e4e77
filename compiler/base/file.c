// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *file_read(const char *path, size_t *size, struct diag *d)
{
    struct stat st;
    char *bytes = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) != 0) {
        diag_error(d, "cannot read '%s': %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        diag_error(d, "cannot read '%s': not a regular file", path);
    } else if ((uintmax_t)st.st_size >= SIZE_MAX / 2) {
        diag_error(d, "cannot read '%s': too large", path);
    } else {
        size_t at = 0;

        *size = (size_t)st.st_size;
        bytes = malloc(*size + 1);
        if (!bytes)
            memory_end(MEMORY_GONE);
        while (at < *size) {
            const ssize_t n = read(fd, bytes + at, *size - at);

            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0) {
                diag_error(d, "cannot read '%s': %s", path,
                           n ? strerror(errno) : "it became shorter while being read");
                free(bytes);
                bytes = NULL;
                break;
            }
            at += (size_t)n;
        }
        if (bytes)
            bytes[*size] = '\0';
    }
    if (fd >= 0)
        close(fd);
    return bytes;
}

void file_release(char *bytes)
{
    free(bytes);
}

/* What may be replaced by rename(): nothing yet, or a regular file. */
static bool replaceable(const char *path)
{
    struct stat st;

    return lstat(path, &st) != 0 || S_ISREG(st.st_mode);
}

static bool same_file(const char *a, const char *b)
{
    struct stat sa, sb;

    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

FILE *out_open(struct out_set *set, const char *path)
{
    struct out_file *f = &set->files[set->n];
    int fd;

    assert(set->n < OUT_FILES_MAX);
    if (set->source && same_file(path, set->source)) {
        diag_error(set->diag, "the output '%s' would be written over its own input", path);
        return NULL;
    }
    f->path = path;
    if (replaceable(path)) {
        char *temp = arena_printf(set->arena, "%s.XXXXXX", path);
        const mode_t mask = umask(077);

        umask(mask);
        fd = mkstemp(temp);
        if (fd >= 0)
            fchmod(fd, 0666 & ~mask);
        f->temp = temp;
    } else { /* a device or a link: written in place */
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        f->temp = NULL;
    }
    f->file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (!f->file) {
        diag_error(set->diag, "cannot write '%s': %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        if (fd >= 0 && f->temp)
            unlink(f->temp);
        return NULL;
    }
    set->n++;
    return f->file;
}

static bool finish(struct out_set *set, struct out_file *f)
{
    errno = 0;
    bool ok = !ferror(f->file) && fflush(f->file) == 0 &&
              (!f->temp || fsync(fileno(f->file)) == 0);

    /* stdio has forgotten why it failed: one more byte fails for the same reason. */
    if (!ok && !errno && write(fileno(f->file), "\n", 1) == 1)
        errno = EIO;
    if (fclose(f->file) != 0)
        ok = false;
    f->file = NULL;
    if (!ok)
        diag_error(set->diag, "cannot write '%s': %s", f->path,
                   errno ? strerror(errno) : "write error");
    return ok;
}

bool out_commit(struct out_set *set)
{
    bool ok = true;

    for (int i = 0; i < set->n; i++)
        ok = finish(set, &set->files[i]) && ok;
    for (int i = 0; ok && i < set->n; i++) {
        struct out_file *f = &set->files[i];

        if (f->temp && rename(f->temp, f->path) != 0) {
            diag_error(set->diag, "cannot write '%s': %s", f->path, strerror(errno));
            ok = false;
        } else {
            f->temp = NULL;
        }
    }
    if (!ok)
        out_abandon(set);
    set->n = 0;
    return ok;
}

void out_abandon(struct out_set *set)
{
    for (int i = 0; i < set->n; i++) {
        if (set->files[i].file)
            fclose(set->files[i].file);
        if (set->files[i].temp)
            unlink(set->files[i].temp);
    }
    set->n = 0;
}
