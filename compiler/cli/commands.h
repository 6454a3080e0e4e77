// SPDX-License-Identifier: Apache-2.0
/* commands.h - the subcommands of resc. */
#ifndef RESC_CLI_COMMANDS_H
#define RESC_CLI_COMMANDS_H

#include "cli/cli.h"

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.def"
#undef COMMAND

const struct command *command_find(const char *name); /* NULL after a message */
void print_usage(FILE *out); /* what plain `resc` says */

#endif
