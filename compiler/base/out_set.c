// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "base/out_set.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct out_file {
    const char *path, *folder;
    char *name; /* for what is kept: allocated before it is needed */
    struct doomed temp, old; /* their paths: NULL if there is none */
    FILE *file;
    bool replaced; /* `path` is what was `temp` */
    bool lost;     /* `old` could not be put back */
    struct out_file *next;
};

enum { NAME_SHOWN = 200, NAME_REST = 40 }; /* a file's name has up to 255 bytes */

static bool cannot(const struct out_set *set, const struct out_file *f, const char *why)
{
    diag_error(set->diag, "cannot write '%s': %s", f->path, why);
    return false;
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

static const char *folder_of(struct arena *a, const char *path)
{
    const size_t n = (size_t)(file_base_name(path) - path);

    return n == 0 ? "." : n == 1 ? "/" : arena_strndup(a, path, n - 1);
}

/* Room for a hidden name beside `path`. */
static char *name_new(struct arena *a, const char *path)
{
    return arena_alloc(a, strlen(path) + NAME_REST);
}

/* Writes to `name` one that `make` could take, which returns 0 or -1 with errno
 * and does not take names that exist.  Does not allocate. */
static const char *take_name(char *name, const char *path,
                             int (*make)(void *ctx, const char *name), void *ctx)
{
    enum { TURNS = 1000 };
    const char *base = file_base_name(path);

    for (int i = 0; i < TURNS; i++) {
        snprintf(name, strlen(path) + NAME_REST, "%.*s.%.*s.resc-%ld-%d", (int)(base - path),
                 path, NAME_SHOWN, base, (long)getpid(), i);
        if (make(ctx, name) == 0)
            return name;
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

static int create(void *fd, const char *name)
{
    *(int *)fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return *(int *)fd < 0 ? -1 : 0;
}

static FILE *open_stream(struct out_set *set, struct out_file *f)
{
    int fd = -1;

    if (replaceable(f->path)) {
        char *name = name_new(set->arena, f->path);

        f->name = name_new(set->arena, f->path);
        cleanup_hold();
        f->temp.path = take_name(name, f->path, create, &fd);
        if (f->temp.path)
            cleanup_add(&f->temp);
        cleanup_release();
    } else {
        fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;

    if (file)
        return file;
    if (fd >= 0 && errno == ENOMEM)
        memory_end(MEMORY_GONE);
    cannot(set, f, strerror(errno));
    if (fd >= 0)
        close(fd);
    return NULL;
}

FILE *out_open(struct out_set *set, const char *path)
{
    struct out_file *f = arena_new_n(set->arena, struct out_file, 1);

    if (set->source && same_file(path, set->source)) {
        diag_error(set->diag, "the output '%s' would be written over its own input", path);
        return NULL;
    }
    for (const struct out_file *other = set->first; other; other = other->next)
        if (other->temp.path && strcmp(other->path, path) == 0) {
            diag_error(set->diag, "'%s' would be written twice", path);
            return NULL;
        }
    f->path = path;
    f->folder = folder_of(set->arena, path);
    *(set->last ? &set->last->next : &set->first) = f;
    set->last = f;
    f->file = open_stream(set, f);
    return f->file;
}

/* Complete, on disk and closed. */
static bool finish(const struct out_set *set, struct out_file *f)
{
    errno = 0;
    bool ok = !ferror(f->file) && fflush(f->file) == 0 &&
              (!f->temp.path || fsync(fileno(f->file)) == 0);

    /* stdio has forgotten why it failed: one more byte fails for the same reason. */
    if (!ok && !errno && write(fileno(f->file), "\n", 1) == 1)
        errno = EIO;
    const int why = errno;

    if (fclose(f->file) != 0 && ok) {
        ok = false;
        cannot(set, f, strerror(errno));
    } else if (!ok) {
        cannot(set, f, strerror(why));
    }
    f->file = NULL;
    return ok;
}

static int link_to(void *f, const char *name)
{
    return link(((const struct out_file *)f)->path, name);
}

static int move_to(void *f, const char *name)
{
    int fd = -1;

    if (create(&fd, name) != 0) /* rename() would replace it */
        return -1;
    close(fd);
    if (rename(((const struct out_file *)f)->path, name) == 0)
        return 0;
    const int why = errno;

    unlink(name);
    errno = why;
    return -1;
}

/* From here to end() signals wait, and nothing is allocated: what fails says so
 * in errno.
 *
 * What has the name now gets a second one. */
static bool keep_old(struct out_file *f)
{
    if (!f->temp.path)
        return true;
    f->old.path = take_name(f->name, f->path, link_to, f);
    /* Where there are no links, and where those to the files of others are forbidden. */
    if (!f->old.path && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS ||
                         errno == EMLINK))
        f->old.path = take_name(f->name, f->path, move_to, f);
    if (f->old.path)
        cleanup_add(&f->old);
    return f->old.path || errno == ENOENT;
}

static bool replace(struct out_file *f)
{
    f->replaced = f->temp.path && rename(f->temp.path, f->path) == 0;
    return !f->temp.path || f->replaced;
}

/* The names, on disk.  There are folders that may be written to but not read,
 * and file systems that cannot do this. */
static bool sync_folder(struct out_file *f)
{
    const int fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 ? fsync(fd) == 0 || errno == EINVAL : errno == EACCES;
    const int why = errno;

    if (fd >= 0)
        close(fd);
    errno = why;
    return ok;
}

/* The file that could not get its name; NULL: all have theirs. */
static struct out_file *give_names(const struct out_set *set)
{
    const char *synced = "";

    for (struct out_file *f = set->first; f; f = f->next)
        if (!keep_old(f))
            return f;
    for (struct out_file *f = set->first; f; f = f->next)
        if (!replace(f))
            return f;
    for (struct out_file *f = set->first; f; f = f->next) {
        if (!f->replaced || strcmp(f->folder, synced) == 0)
            continue;
        if (!sync_folder(f))
            return f;
        synced = f->folder;
    }
    return NULL;
}

/* What was kept gets its name back; a file that was not there before goes. */
static void put_back(struct out_file *f)
{
    if (f->old.path && rename(f->old.path, f->path) != 0) {
        f->lost = true;
        cleanup_drop(&f->old);
    } else if (!f->old.path && f->replaced) {
        unlink(f->path);
    }
}

static void remove_doomed(struct doomed *d, bool is_there)
{
    if (!d->path)
        return;
    if (is_there)
        unlink(d->path);
    cleanup_drop(d);
}

/* While signals wait. */
static void end(struct out_set *set)
{
    for (struct out_file *f = set->first; f; f = f->next) {
        if (f->file)
            (void)fclose(f->file);
        remove_doomed(&f->temp, !f->replaced);
        remove_doomed(&f->old, !f->lost);
    }
    set->first = set->last = NULL;
}

bool out_commit(struct out_set *set)
{
    const struct out_file *first = set->first, *stuck = NULL;
    bool ok = true;

    for (struct out_file *f = set->first; f; f = f->next)
        ok = f->file && finish(set, f) && ok;
    cleanup_hold();
    if (ok)
        stuck = give_names(set);
    const int why = errno;

    for (struct out_file *f = set->first; stuck && f; f = f->next)
        put_back(f);
    end(set);
    cleanup_release();
    if (stuck)
        cannot(set, stuck, strerror(why));
    for (const struct out_file *f = first; f; f = f->next)
        if (f->lost)
            diag_error(set->diag, "cannot put back '%s': it is '%s' now", f->path, f->old.path);
    return ok && !stuck;
}

void out_abandon(struct out_set *set)
{
    cleanup_hold();
    end(set);
    cleanup_release();
}
