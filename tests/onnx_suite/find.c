// SPDX-License-Identifier: Apache-2.0
/* find - the tests in a folder laid out as the ONNX project does:
 *
 *     node/NAME/model.onnx, and in the same way simple/, pytorch-...
 *     light/NAME.onnx
 */
#include "onnx_suite.h"

#include "base/arena.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add(struct suite *s, const char *filter, struct backend_test t)
{
    if (!strstr(t.name, filter))
        return;
    s->test = arena_grow(s->arena, s->test, (size_t)s->n, (size_t)s->n + 1, sizeof *s->test);
    s->test[s->n++] = t;
}

static void find_light(struct suite *s, const char *filter, const char *group,
                       const char *file)
{
    struct arena *a = s->arena;
    const size_t len = strlen(file);

    if (len > 5 && strcmp(file + len - 5, ".onnx") == 0)
        add(s, filter, (struct backend_test){
            .name = arena_printf(a, "%s/%.*s", group, (int)len - 5, file),
            .model = arena_printf(a, "%s/%s/%s", s->folder, group, file),
        });
}

static void find_group(struct suite *s, const char *filter, const char *group)
{
    struct arena *a = s->arena;
    DIR *dir = opendir(arena_printf(a, "%s/%s", s->folder, group));

    for (const struct dirent *e; dir && (e = readdir(dir));) {
        const char *model = arena_printf(a, "%s/%s/%s/model.onnx", s->folder, group, e->d_name);

        if (e->d_name[0] == '.')
            continue;
        find_light(s, filter, group, e->d_name);
        if (access(model, F_OK) == 0)
            add(s, filter, (struct backend_test){
                .name = arena_printf(a, "%s/%s", group, e->d_name),
                .model = model,
                .data = arena_printf(a, "%s/%s/%s", s->folder, group, e->d_name),
            });
    }
    if (dir)
        closedir(dir);
}

static int by_name(const void *x, const void *y)
{
    const struct backend_test *a = x, *b = y;

    return strcmp(a->name, b->name);
}

void tests_find(struct suite *s, const char *filter)
{
    static const char *const groups[] = {
        "light", "node", "pytorch-converted", "pytorch-operator", "simple",
    };

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        find_group(s, filter, groups[i]);
    if (s->n)
        qsort(s->test, (size_t)s->n, sizeof *s->test, by_name);
}
