// SPDX-License-Identifier: Apache-2.0
/* external.c - elements in a file beside the model.
 *
 * The model names the file, and the model may be hostile: the file must lie
 * strictly inside the model's folder.  Its path is walked one component at a
 * time from an open folder, and no component may be a link; a second hard link
 * could name a file elsewhere, so that is refused too.
 *
 * With a root given by the user (a cache that is full of links, say), paths may
 * lead anywhere as long as they end inside that root: what realpath() makes of
 * one is walked from the root in the same way. */
#define _XOPEN_SOURCE 700
#include "base/count.h"
#include "onnx/import.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    const char *location;
    uint64_t offset, length;
    bool has_length;
};

static bool parse_number(const char *s, uint64_t *out)
{
    *out = 0;
    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || *out > (INT64_MAX - 9) / 10)
            return false;
        *out = *out * 10 + (uint64_t)(*s - '0');
    }
    return true;
}

static bool parse_place(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                        struct place *out)
{
    *out = (struct place){ 0 };
    for (size_t i = 0; i < p->n_external_data; i++) {
        const char *key = text(p->external_data[i]->key);
        const char *value = text(p->external_data[i]->value);
        bool ok = true;

        if (strcmp(key, "location") == 0) {
            ok = !out->location;
            out->location = value;
        } else if (strcmp(key, "offset") == 0) {
            ok = parse_number(value, &out->offset);
        } else if (strcmp(key, "length") == 0) {
            ok = !out->has_length && parse_number(value, &out->length);
            out->has_length = true;
        } else if (strcmp(key, "checksum") != 0) {
            diag_error(r->diag, "%s: unknown key '%s' in external_data", what, key);
            return false;
        }
        if (!ok) {
            diag_error(r->diag, "%s: external_data has a bad %s: '%s'", what, key, value);
            return false;
        }
    }
    if (out->location && *out->location)
        return true;
    diag_error(r->diag, "%s is in another file, but external_data does not name it", what);
    return false;
}

static int refuse(const struct reader *r, const char *what, const char *location, const char *why)
{
    diag_error(r->diag, "%s: external data '%s' refused: %s", what, location, why);
    if (r->external_root)
        diag_hint(r->diag, "it must be a plain file inside '%s'", r->external_root);
    else
        diag_hint(r->diag, "it must be a plain file inside the model's folder, or inside that of "
                           "--external-data-root");
    return -1;
}

static int cannot_open(const struct reader *r, const char *what, const char *location)
{
    if (errno == ELOOP || errno == EMLINK || errno == ENOTDIR)
        return refuse(r, what, location, "a part of its path is a link or not a folder");
    const int error = errno;

    if (map_put(r->missing, location, r->missing))
        return -1;
    diag_error(r->diag, "%s: cannot read external data '%s': %s", what, location, strerror(error));
    if (error == ENOENT && r->external_root)
        diag_hint(r->diag, "'%s' must lie in the folder of the model or in '%s'", location,
                  r->external_root);
    else if (error == ENOENT)
        diag_hint(r->diag, "'%s' must lie in the folder of the model", location);
    return -1;
}

static const char *model_folder(const struct reader *r)
{
    const char *slash = strrchr(r->path, '/');

    return slash ? arena_strndup(r->arena, r->path, (size_t)(slash - r->path) + 1) : ".";
}

/* The file `location` in `folder`, with no link on the way.  A descriptor, or -1
 * after a diagnostic. */
static int open_inside(const struct reader *r, const char *folder, const char *location,
                       const char *what)
{
    char *rest = arena_strdup(r->arena, location);
    int at;

    if (*rest == '/' || strchr(rest, '\\'))
        return refuse(r, what, location, "not a relative path");
    at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return cannot_open(r, what, location);
    for (char *slash; ; rest = slash + 1) {
        slash = strchr(rest, '/');
        if (slash)
            *slash = '\0';
        if (strcmp(rest, "..") == 0 || !*rest) {
            close(at);
            return refuse(r, what, location, "'..' or an empty part in its path");
        }
        const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        const int next = openat(at, rest, flags | (slash ? O_DIRECTORY : 0));
        const int error = errno;

        close(at);
        errno = error;
        if (next < 0)
            return cannot_open(r, what, location);
        if (!slash)
            return next;
        at = next;
    }
}

/* A path without links, in the arena; NULL if there is no such file. */
static const char *real_path(const struct reader *r, const char *path)
{
    char text[PATH_MAX];

    return realpath(path, text) ? arena_strdup(r->arena, text) : NULL;
}

/* `location` is looked for in the model's folder, then in the root. */
static int open_under_root(const struct reader *r, const char *location, const char *what)
{
    const char *const folders[] = { model_folder(r), r->external_root };
    const char *root = real_path(r, r->external_root), *real = NULL;

    if (!root) {
        diag_error(r->diag, "%s: cannot read the root of external data, '%s': %s", what,
                   r->external_root, strerror(errno));
        return -1;
    }
    if (*location == '/')
        real = real_path(r, location);
    for (int i = 0; *location != '/' && !real && i < COUNT(folders); i++)
        real = real_path(r, arena_printf(r->arena, "%s/%s", folders[i], location));
    if (!real)
        return cannot_open(r, what, location);
    const size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);

    if (strncmp(real, root, n) != 0 || real[n] != '/')
        return refuse(r, what, location, "it lies outside of the root");
    return open_inside(r, root, real + n + 1, what);
}

static bool read_all(int fd, char *out, size_t size, uint64_t offset)
{
    for (size_t at = 0; at < size;) {
        const ssize_t n = pread(fd, out + at, size - at, (off_t)(offset + at));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static const void *read_place(const struct reader *r, int fd, const struct place *at,
                              const char *what, size_t size)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        refuse(r, what, at->location, "not a regular file");
        return NULL;
    }
    if (st.st_nlink > 1) {
        refuse(r, what, at->location, "the file has a second hard link");
        return NULL;
    }
    const uint64_t file_size = (uint64_t)st.st_size;

    if (at->offset > file_size || size > file_size - at->offset) {
        diag_error(r->diag, "%s needs %zu bytes at offset %" PRIu64 " of '%s', which has %" PRIu64,
                   what, size, at->offset, at->location, file_size);
        return NULL;
    }
    if (!input_take(r, size, "external data"))
        return NULL;
    char *data = arena_alloc(r->arena, size + 1);

    if (read_all(fd, data, size, at->offset))
        return data;
    diag_error(r->diag, "%s: cannot read external data '%s': %s", what, at->location,
               strerror(errno));
    return NULL;
}

const void *external_read(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                          size_t size)
{
    struct place at;

    if (!parse_place(r, p, what, &at))
        return NULL;
    if (at.has_length && at.length != size) {
        diag_error(r->diag, "%s: external data has %" PRIu64 " bytes, its shape and type need %zu",
                   what, at.length, size);
        return NULL;
    }
    const int fd = r->external_root ? open_under_root(r, at.location, what)
                                    : open_inside(r, model_folder(r), at.location, what);
    const void *data;

    if (fd < 0)
        return NULL;
    data = read_place(r, fd, &at, what, size);
    close(fd);
    return data;
}
