// SPDX-License-Identifier: Apache-2.0
/* cli.h - commands and their options, as tables.
 *
 * Parsing and help text both come from a command's rows, so that they cannot
 * disagree.  Options may stand anywhere; "--" ends them; "-" is an operand.
 * Long options take their value after '=' or as the next word. */
#ifndef RESC_CLI_H
#define RESC_CLI_H

#include <stdbool.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FAULT = 1, EXIT_USAGE = 2 };

enum option_id {
    OPT_NONE, /* a heading in the help text */
    OPT_OUTPUT, OPT_NAME, OPT_DIM, OPT_BUNDLE, OPT_WEIGHTS, OPT_MAIN, OPT_SELFTEST, OPT_LEVEL,
    OPT_KERNELS, OPT_FP_ERROR, OPT_REPRODUCIBLE, OPT_OPTIMIZE, OPT_KEEP_DENORMALS, OPT_PLAN,
    OPT_TUNE, OPT_EXPLAIN, OPT_PRUNE, OPT_CALIBRATE,
    OPT_VERBOSE, OPT_PRINT_AFTER, OPT_DISABLE_PASS, OPT_NO_EXACT_REWRITES,
    OPT_DEPFILE, OPT_WARNING, OPT_JSON,
    OPT_DATA, OPT_RTOL, OPT_ATOL, OPT_LAYERS, OPT_CONST_INPUTS, OPT_KEEP, OPT_CC_FLAGS,
    OPT_INPUT, OPT_FORMAT, OPT_INTERPRET, OPT_THREADS, OPT_RUNS, OPT_BATCH,
    OPT_LIMIT, OPT_EXTERNAL_ROOT, OPT_DOT, OPT_SIGNAL, OPT_DIRECTIONS, OPT_SEED,
    OPT_BENCH, OPT_QUICK, OPT_FIGURE,
    OPT_HELP,
};

struct option_row {
    enum option_id id;
    const char *name;  /* "--bundle", "-o" */
    const char *value; /* what it takes, for the help text; NULL: nothing */
    const char *brief; /* '\n' starts another line; of a heading: its text */
    bool attached;     /* the value is in the same word, as for cc: "-O1", "-Wname" */
};

struct command {
    const char *name, *brief;
    const char *usage; /* what follows "resc NAME" */
    const char *about; /* a paragraph or two */
    const struct option_row *options;
    int n_options;
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0]: NAME */
};

struct cli {
    const struct command *command;
    int argc;
    char **argv;
    int at;
    bool operands_only;
    const char *value; /* of the option or operand that cli_next() returned */
};

enum { CLI_END = -1, CLI_OPERAND = -2, CLI_WRONG = -3 };

/* The next option's id, or one of the above; CLI_WRONG after a message. */
int cli_next(struct cli *c);

/* "resc: ...", and where to find help.  Returns EXIT_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int cli_usage(const struct command *command, const char *fmt, ...);

void cli_print_help(const struct command *command, FILE *out);

/* The one of `words` that `word` is most likely a slip of, or NULL. */
const char *cli_nearest(const char *word, const char *const *words, int n);

#endif
