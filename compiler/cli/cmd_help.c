// SPDX-License-Identifier: Apache-2.0
/* resc help - a command's options, or one of a few topics. */
#include "base/count.h"
#include "base/diag.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "passes/pass.h"

#include <string.h>

static void print_pass(const struct pass *p, FILE *out)
{
    enum { INDENT = 27 };
    const int width = 80 - INDENT;
    const char *brief = p->brief;
    int column = 0;

    fprintf(out, "  %-20s%c-O%d ", p->name, p->exact_rewrite ? '*' : ' ', p->level);
    while (*brief) {
        const size_t n = strcspn(brief, " ");

        if (column && column + 1 + (int)n > width) {
            fprintf(out, "\n%*s", INDENT, "");
            column = 0;
        }
        column += fprintf(out, column ? " %.*s" : "%.*s", (int)n, brief);
        brief += n + strspn(brief + n, " ");
    }
    fputc('\n', out);
}

static void help_passes(FILE *out)
{
    fputs("What the optimiser does, in the order in which it does it.  A pass runs at its\n"
          "-O level and above; --disable-pass=PASS leaves it out, and --print-after=PASS\n"
          "prints the graph when it has run.  Those with a star are exact rewrites, which\n"
          "remove what the weights make superfluous; --no-exact-rewrites leaves them out.\n\n", out);
    for (int i = 0; i < n_all_passes; i++)
        print_pass(&all_passes[i], out);
}

static void help_plan(FILE *out)
{
    fputs("Which kernel runs each step, and how its tensors lie in memory.\n\n"
          "Every kernel that can run a step gets a time, predicted from the shapes; resc\n"
          "takes those that together cost least, with the copies between NCHW and blocks\n"
          "of 16 channels where neighbours differ.  --explain prints what was weighed.\n\n"
          "  --kernels=auto    all kernels [the default]\n"
          "  --kernels=native  resc's own vector kernels, others only where there are none\n"
          "  --kernels=blas    matrix products through BLAS, and plain loops\n"
          "  --kernels=ref     plain loops, one for each definition: slow, and easy to read\n"
          "  --fp-error=strict no Winograd convolution, which rounds a little more\n"
          "  --reproducible    the same bits from gcc and clang, every -O and -march, every\n"
          "                    processor and number of threads: products are not fused with\n"
          "                    sums, and loops replace BLAS; slower, and implies --bundle\n"
          "  --optimize=size   no kernel that keeps its weights in a larger form\n"
          "  --tune            measure the kernels here instead of predicting, and write\n"
          "                    the result to FILE.plan: text, to keep beside the model\n"
          "  --plan FILE       take the kernels from FILE: the same C, byte for byte\n\n"
          "Native kernels hold code for several processors and pick it when they run.\n"
          "RESC_ISA=base, avx2 or avx512 in the environment forces one, for tests.\n"
          "With -fopenmp they share large steps among threads; the results are the same,\n"
          "bit for bit, for any number of them.\n", out);
}

static void help_weights(FILE *out)
{
    fputs("Where the weights go: --weights=FORM.  They are exact bytes in every form.\n\n"
          "  auto      inline up to 1 MiB, else incbin [the default]\n"
          "  inline    a string literal at the end of the .c file: standard C, one file\n"
          "  incbin    FILE.c.weights, which the assembler embeds when FILE.c is built; it\n"
          "            must lie beside FILE.c then, and is not needed afterwards\n"
          "  FILE.bin  a file of their own, read by your program:\n"
          "            NAME_run(weights, inputs..., outputs..., workspace)\n"
          "            NAME_weights_check(weights, size) returns 0 if they belong to it\n\n"
          "Only FILE.bin changes the C interface; a size never does.\n", out);
}

static void help_api(FILE *out)
{
    fputs("The C interface of a compiled model, in the .h file:\n\n"
          "  int NAME_run(const float *INPUT..., float *OUTPUT..., void *workspace);\n\n"
          "Inputs and outputs stand in the order of the model; tensors are dense, in\n"
          "row-major order, NCHW as in ONNX.  It returns 0, or -1 if a pointer is NULL or\n"
          "the workspace is misaligned.  It allocates nothing, keeps no state and may be\n"
          "called by several threads at once, each with a workspace of its own.\n\n"
          "  NAME_INPUT_LEN        elements of a tensor\n"
          "  NAME_WORKSPACE_SIZE   bytes of the workspace\n"
          "  NAME_WORKSPACE_ALIGN  what its address must be a multiple of\n"
          "  NAME_RESC_VERSION     the resc that wrote it\n"
          "  NAME_MODEL_SHA256     the model it was written from\n"
          "  NAME_SET_ID           of header, weights and steps: NAME.c does not compile\n"
          "                        with the header of another set\n\n"
          "With --selftest there is a test to run on the target:\n\n"
          "  float NAME_selftest(void *workspace);\n\n"
          "It runs the model on an input made by a fixed rule, and returns the largest\n"
          "deviation from what resc computed in double precision, or FLT_MAX if there is\n"
          "NaN or infinity where a number is due, or a weight has changed.\n\n"
          "  NAME_SELFTEST_SIZE       bytes of its workspace, which holds all tensors too\n"
          "  NAME_SELFTEST_TOLERANCE  up to this deviation all is right\n\n"
          "Link with -lresc_rt and -lm, and with a BLAS library if the first\n"
          "comment of NAME.c says so; with --bundle, without -lresc_rt.\n", out);
}

static void help_warnings(FILE *out)
{
    fputs("-WNAME turns a warning on, -Wno-NAME off; -Werror makes all of them errors.\n\n", out);
    diag_print_flags(out);
}

static void help_limits(FILE *out)
{
    fputs("What a model may ask of resc.  --limit NAME=N moves a limit; in bytes, N may end\n"
          "in K, M or G.  A model that needs more is refused with a message that names the\n"
          "limit; constants beyond 'folded' and 'work' are left to run time if they can be.\n\n",
          out);
    limits_print(out);
}

static const struct topic {
    const char *name;
    void (*print)(FILE *out);
} topics[] = {
    { "passes", help_passes }, { "plan", help_plan }, { "weights", help_weights },
    { "api", help_api }, { "warnings", help_warnings }, { "limits", help_limits },
};

static int run(const struct command *self, int argc, char **argv)
{
    struct cli cli = { .command = self, .argc = argc, .argv = argv };
    const char *about = NULL;

    for (int id; (id = cli_next(&cli)) != CLI_END;) {
        if (id == CLI_WRONG)
            return EXIT_USAGE;
        if (id == OPT_HELP)
            about = self->name;
        else if (about)
            return cli_usage(self, "one thing at a time: '%s' and '%s'", about, cli.value);
        else
            about = cli.value;
    }
    if (!about) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    for (int i = 0; i < COUNT(topics); i++)
        if (strcmp(topics[i].name, about) == 0) {
            topics[i].print(stdout);
            return EXIT_DONE;
        }
    const struct command *command = command_find(about);

    if (!command)
        return EXIT_USAGE;
    cli_print_help(command, stdout);
    return EXIT_DONE;
}

const struct command command_help = {
    .name = "help",
    .brief = "explain a command, or: passes, plan, weights, api, warnings, limits",
    .usage = "[COMMAND | passes | plan | weights | api | warnings | limits]",
    .about = "Explains a command and its options, or one of six topics.",
    .run = run,
};
