// SPDX-License-Identifier: Apache-2.0
/* commands.h - every subcommand of resc, in the order of the help text. */
#ifndef RESC_CLI_COMMANDS_H
#define RESC_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct command command_compile, command_check, command_inspect, command_verify,
    command_run, command_ops, command_help;

extern const struct command *const all_commands[];
extern const int n_all_commands;

const struct command *command_find(const char *name); /* NULL after a message */
void print_usage(FILE *out); /* what plain `resc` says */

#endif
