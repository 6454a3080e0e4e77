// SPDX-License-Identifier: Apache-2.0
/* cmd.h - what the commands that take a model share: their options, their
 * messages and their JSON document. */
#ifndef RESC_CLI_CMD_H
#define RESC_CLI_CMD_H

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/cli.h"
#include "compile.h"

/* Rows that several commands have. */
#define OPTION_DIM \
    { OPT_DIM, "-D", "DIM=N", "fix a dimension the model leaves open: -D batch=1, or\n" \
      "-D INPUT:AXIS=N for one without a name", false }
#define OPTIONS_PLAN \
    { OPT_KERNELS, "--kernels", "auto|native|blas|ref", "which kernels may be used [auto]", \
      false }, \
    { OPT_FP_ERROR, "--fp-error", "normal|strict", "strict: no Winograd convolution, which rounds " \
      "a little\nmore [normal]", false }, \
    { OPT_REPRODUCIBLE, "--reproducible", NULL, "the same bits from every compiler, processor and\n" \
      "number of threads; takes a third more time; --bundle", false }, \
    { OPT_OPTIMIZE, "--optimize", "speed|size", "size: no kernels whose weights are larger than\n" \
      "the model's [speed]", false }, \
    { OPT_KEEP_DENORMALS, "--keep-denormals", NULL, "keep weights that are denormal numbers; they\n" \
      "become 0 otherwise", false }, \
    { OPT_PLAN, "--plan", "FILE", "take the kernels that FILE names, from --tune", false }
#define OPTION_LEVEL \
    { OPT_LEVEL, "-O", "0, -O1", "without, or with optimisation [-O1]", true }
#define OPTIONS_PASS \
    { OPT_NO_EXACT_REWRITES, "--no-exact-rewrites", NULL, \
      "leave what the weights make superfluous: branches and\nchannels of zeros, and the like", \
      false }, \
    { OPT_DISABLE_PASS, "--disable-pass", "PASS", \
      "skip PASS; may be given more than once\n('resc help passes' lists them)", false }
#define OPTION_CC_FLAGS \
    { OPT_CC_FLAGS, "--cc-flags", "FLAGS", \
      "for the C compiler, after -O2; blanks divide them", false }
/* What a model may ask for, and where its data may lie. */
#define OPTIONS_LOAD \
    { OPT_EXTERNAL_ROOT, "--external-data-root", "DIR", \
      "external data may lie anywhere in DIR, links followed", false }, \
    { OPT_LIMIT, "--limit", "NAME=N", "what a model may ask of resc; may be given more than\n" \
      "once ('resc help limits' lists them)", false }
#define OPTION_WARNING \
    { OPT_WARNING, "-W", "[no-]NAME", "turn a warning on or off; -Werror makes them errors\n" \
      "('resc help warnings' lists them)", true }
#define OPTION_JSON \
    { OPT_JSON, "--json", NULL, "print a JSON document, messages included", false }

struct cmd {
    const struct command *command;
    struct arena *arena;
    struct diag diag;
    const char *model; /* the first operand; NULL: none was given */
    struct compile_options compile;
    struct dim_define *dims; /* what compile.load.dims shows; compile.load.n_dims of them */
    int cap_dims;
    bool json, verbose, explain;
    bool operands; /* before cmd_parse(): operands after the model are for its `set` */
    struct str text;   /* the JSON document */
    struct json doc;
};

struct cmd cmd_new(const struct command *command);
/* Releases everything and returns `status`. */
int cmd_end(struct cmd *c, int status);

enum { CMD_GO = -1 };

/* Reads the command line: the rows above here, the command's own in `set`
 * (which may be NULL), the first operand as the model; further ones in `set`
 * with id CLI_OPERAND if cmd.operands, else they are wrong usage.
 * `set` returns false after a message.  CMD_GO, or the status to end with. */
int cmd_parse(struct cmd *c, int argc, char **argv,
              bool (*set)(void *ctx, int id, const char *value), void *ctx);
/* A finite number of at least 0. */
bool cmd_number(const struct cmd *c, const char *option, const char *value, double *out);

/* A whole number from `from` to `to`. */
bool cmd_whole(const struct cmd *c, const char *option, const char *value, double from, double to,
               double *out);

/* {"schema":1,"command":...,"model":...  up to  ...,"messages":[...]} printed.
 * Between the two the command adds its own fields. */
void cmd_json_begin(struct cmd *c);
void cmd_json_end(struct cmd *c);

/* Text from a model for standard output: shown, but not obeyed. */
const char *cmd_escaped(const struct cmd *c, const char *text);

/* One line on a terminal, which the next one replaces; "" clears it. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cmd_progress(const struct cmd *c, const char *fmt, ...);

#endif
