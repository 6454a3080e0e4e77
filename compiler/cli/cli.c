// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.h"

#include <stdarg.h>
#include <string.h>

enum { WORD_MAX = 64, BRIEF_COLUMN = 23, MAX_WORDS = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b. */
static size_t edit_distance(const char *a, const char *b)
{
    const size_t na = strlen(a), nb = strlen(b);
    size_t row[3][WORD_MAX + 1];

    if (na > WORD_MAX || nb > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= nb; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        const size_t *before = row[(i + 1) % 3], *last = row[(i - 1) % 3];
        size_t *now = row[i % 3];

        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[na % 3][nb];
}

const char *cli_nearest(const char *word, const char *const *words, int n)
{
    const char *best = NULL;
    size_t best_distance = 1 + strlen(word) / 3; /* a slip, not another word */

    for (int i = 0; i < n; i++) {
        const size_t distance = edit_distance(word, words[i]);

        if (distance <= best_distance && (!best || distance < best_distance)) {
            best = words[i];
            best_distance = distance;
        }
    }
    return best;
}

int cli_usage(const struct command *command, const char *fmt, ...)
{
    va_list ap;

    fputs("resc: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    if (command)
        fprintf(stderr, "usage: resc %s %s\n'resc help %s' explains it\n", command->name,
                command->usage, command->name);
    else
        fputs("'resc help' lists the commands\n", stderr);
    return EXIT_USAGE;
}

static int unknown_option(const struct cli *c, const char *word, size_t len)
{
    const char *names[MAX_WORDS] = { "--help" };
    char name[WORD_MAX + 1] = "";
    int n = 1;

    for (int i = 0; i < c->command->n_options && n < MAX_WORDS; i++)
        if (c->command->options[i].name)
            names[n++] = c->command->options[i].name;
    if (len <= WORD_MAX)
        memcpy(name, word, len); /* the rest is zeros */
    const char *meant = len > 2 && len <= WORD_MAX ? cli_nearest(name, names, n) : NULL;

    cli_usage(c->command, meant ? "unknown option '%.*s'; did you mean '%s'?" :
              "unknown option '%.*s'", (int)len, word, meant);
    return CLI_WRONG;
}

/* Whether `word` is this option; then *value is its value if that is in the
 * same word, else NULL. */
static bool is_option(const struct option_row *o, const char *word, const char **value)
{
    const size_t len = strlen(o->name);
    const bool is_long = o->name[1] == '-';

    *value = NULL;
    if (strncmp(word, o->name, len) != 0)
        return false;
    if (!word[len])
        return true;
    if (is_long && word[len] == '=') {
        *value = word + len + 1;
        return true;
    }
    if (is_long || !o->value)
        return false;
    *value = word + len;
    return true;
}

/* What stands between an option and its value. */
static const char *gap(const struct option_row *o)
{
    return !o->value || o->attached ? "" : o->name[1] == '-' ? "=" : " ";
}

static int take_option(struct cli *c, const struct option_row *o, const char *value)
{
    if (!o->value && value) {
        cli_usage(c->command, "option '%s' takes no value", o->name);
        return CLI_WRONG;
    }
    if (o->value && !value && !o->attached && c->at < c->argc)
        value = c->argv[c->at++];
    if (o->value && (!value || !*value)) {
        cli_usage(c->command, "option '%s' needs a value: %s%s%s", o->name, o->name, gap(o),
                  o->value);
        return CLI_WRONG;
    }
    c->value = value;
    return (int)o->id;
}

int cli_next(struct cli *c)
{
    if (c->at == 0)
        c->at = 1;
    if (c->at >= c->argc)
        return CLI_END;

    const char *word = c->argv[c->at++];

    c->value = word;
    if (c->operands_only || word[0] != '-' || !word[1])
        return CLI_OPERAND;
    if (strcmp(word, "--") == 0) {
        c->operands_only = true;
        return cli_next(c);
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return OPT_HELP;
    for (int i = 0; i < c->command->n_options; i++) {
        const struct option_row *o = &c->command->options[i];
        const char *value;

        if (o->name && is_option(o, word, &value))
            return take_option(c, o, value);
    }
    return unknown_option(c, word, word[1] == '-' ? strcspn(word, "=") : strlen(word));
}

static void print_option(const struct option_row *o, FILE *out)
{
    char left[WORD_MAX];

    snprintf(left, sizeof left, "%s%s%s", o->name, gap(o), o->value ? o->value : "");
    if (strlen(left) > BRIEF_COLUMN - 4)
        fprintf(out, "  %s\n%*s", left, BRIEF_COLUMN, "");
    else
        fprintf(out, "  %-*s", BRIEF_COLUMN - 2, left);
    for (const char *line = o->brief; ; ) {
        const size_t n = strcspn(line, "\n");

        fprintf(out, "%.*s\n", (int)n, line);
        if (!line[n])
            break;
        line += n + 1;
        fprintf(out, "%*s", BRIEF_COLUMN, "");
    }
}

void cli_print_help(const struct command *command, FILE *out)
{
    fprintf(out, "usage: resc %s %s\n\n%s\n", command->name, command->usage, command->about);
    if (command->n_options)
        fputc('\n', out);
    for (int i = 0; i < command->n_options; i++) {
        const struct option_row *o = &command->options[i];

        if (o->name)
            print_option(o, out);
        else
            fprintf(out, "\n%s\n", o->brief);
    }
    fputs("\nExit status: 0 done; 1 the model or a file is at fault, and a message said how;\n"
          "2 wrong usage.  A crash is a bug in resc.\n", out);
}
