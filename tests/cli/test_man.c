// SPDX-License-Identifier: Apache-2.0
/* The man page and the help texts name the same options. */
#include "base/arena.h"
#include "command.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *man_page(const struct world *w)
{
    const char *path = getenv("RESC_MAN");
    char text[65536];

    cr_assert(path, "RESC_MAN must be the path of resc.1");
    FILE *f = fopen(path, "rb");

    cr_assert(f, "%s", path);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return arena_strdup(w->arena, text);
}

/* The lines of ".Ss NAME" up to the next section. */
static const char *section(const struct world *w, const char *page, const char *name)
{
    const char *start = strstr(page, arena_printf(w->arena, "\n.Ss %s\n", name));

    cr_assert(start, "the man page has no section on '%s'", name);
    const char *ss = strstr(start + 1, "\n.Ss "), *sh = strstr(start + 1, "\n.Sh ");
    const char *end = ss && ss < sh ? ss : sh;

    return arena_strndup(w->arena, start, (size_t)(end - start));
}

/* "-O0" is in the man page as "O0", "--name=NAME" as "-name". */
static const char *option_name(const struct world *w, const char *at)
{
    size_t n = strspn(at, "-");

    while (isalnum((unsigned char)at[n]) || (at[n] == '-' && at[1] == '-'))
        n++;
    return arena_strndup(w->arena, at + 1, n - 1);
}

static int check_help_is_in_man(const struct world *w, const char *help, const char *man)
{
    int n = 0;

    for (const char *line = help; (line = strstr(line, "\n  -")); line++, n++) {
        const char *name = option_name(w, line + 3);
        const char *item = arena_printf(w->arena, "\n.It Fl %s", name);
        const char *found = strstr(man, item);

        cr_expect(found && strchr(" \n", found[strlen(item)]), "the man page lacks -%s", name);
    }
    return n;
}

static int check_man_is_in_help(const struct world *w, const char *man, const char *help)
{
    int n = 0;

    for (const char *line = man; (line = strstr(line, "\n.It Fl ")); line++, n++) {
        const char *at = line + strlen("\n.It Fl ");
        const char *name = arena_strndup(w->arena, at, strcspn(at, " \n"));

        cr_expect(strstr(help, arena_printf(w->arena, "\n  -%s", name)), "no -%s in the help",
                  name);
    }
    return n;
}

Test(man, names_the_options_of_every_command)
{
    static const char *const commands[] = { "compile", "check", "inspect", "report", "verify", "run",
                                            "bench", "ops", "help" };
    struct world w = world_new();
    const char *page = man_page(&w);

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct outcome o = resc(&w, "help", commands[i], NULL);
        const char *man = section(&w, page, commands[i]);
        const int n = check_help_is_in_man(&w, o.out, man);

        cr_expect_eq(check_man_is_in_help(&w, man, o.out), n, "%s: a name twice?", commands[i]);
    }
    world_end(&w);
}
