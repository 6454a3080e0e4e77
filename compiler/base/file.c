// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/memory.h"

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

bool file_size(const char *path, size_t *size)
{
    struct stat st;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    *size = (size_t)st.st_size;
    return true;
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
