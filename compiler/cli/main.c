// SPDX-License-Identifier: Apache-2.0
/* main - which command it is. */
#include "base/count.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static const struct command *const all_commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef COMMAND
};
enum { N_COMMANDS = COUNT(all_commands) };

const struct command *command_find(const char *name)
{
    const char *names[N_COMMANDS];

    for (int i = 0; i < N_COMMANDS; i++) {
        names[i] = all_commands[i]->name;
        if (strcmp(name, names[i]) == 0)
            return all_commands[i];
    }
    const char *meant = cli_nearest(name, names, N_COMMANDS);

    cli_usage(NULL, meant ? "unknown command '%s'; did you mean '%s'?" :
              "unknown command '%s'", name, meant);
    return NULL;
}

void print_usage(FILE *out)
{
    fputs("usage: resc COMMAND [ARGS]\n\n", out);
    for (int i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", all_commands[i]->name, all_commands[i]->brief);
    fputs("\n'resc help compile' for the options.  'resc --version'.\n", out);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("resc " RESC_VERSION);
        return EXIT_DONE;
    }
    if (argv[1][0] == '-') {
        static const char *const names[] = { "--help", "--version" };
        const char *meant = cli_nearest(argv[1], names, COUNT(names));

        return cli_usage(NULL, meant ? "unknown option '%s'; did you mean '%s'?" :
                         "unknown option '%s'", argv[1], meant);
    }
    const struct command *command = command_find(argv[1]);

    return command ? command->run(command, argc - 1, argv + 1) : EXIT_USAGE;
}

/* A file must not get the number of a standard one that is closed, or messages
 * would go into it.  Writing to standard output fails as before. */
static void open_standard_files(void)
{
    static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };

    for (int fd = 0; fd < COUNT(modes); fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", modes[fd]); /* gets the least number, this one */
}

int main(int argc, char **argv)
{
    open_standard_files();
    const int status = dispatch(argc, argv);
    const bool failed = ferror(stdout);

    errno = 0;
    if ((fclose(stdout) == 0 && !failed) || status != EXIT_DONE)
        return status; /* a message was given */
    fprintf(stderr, "resc: error: cannot write to standard output%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return EXIT_FAULT;
}
