// SPDX-License-Identifier: Apache-2.0
/* emit_main - the program around a model: --main, the trace of `verify --layers` and
 * the profile of `bench --layers` and `compile --tune`.
 *
 *     model [-n RUNS] [WEIGHTS] IN... OUT...
 *     model -t [WEIGHTS]                        with --selftest
 *
 * Every argument is a file of raw elements, in the order of NAME_run(). */
#include "codegen/emitter.h"

#include "base/arena.h"

#include <inttypes.h>

/* A record is: step (int32), bytes (int64), the bytes.  No file: no trace. */
void emit_trace_function(struct emit *e)
{
    str_puts(e->out,
        "/* ---- trace: every step's output, to the file that $RESC_TRACE names ---- */\n\n"
        "static void trace(int32_t step, const void *tensor, int64_t size)\n{\n"
        "    const char *path = getenv(\"RESC_TRACE\");\n"
        "    FILE *f = path ? fopen(path, \"ab\") : NULL;\n\n"
        "    if (!f)\n        return;\n"
        "    fwrite(&step, sizeof(step), 1, f);\n"
        "    fwrite(&size, sizeof(size), 1, f);\n"
        "    fwrite(tensor, 1, (size_t)size, f);\n"
        "    fclose(f);\n}\n\n");
}

static const char clock_function[] =
    "static double seconds(void)\n{\n"
    "#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L\n"
    "    static time_t zero; /* of this clock, so that a double has room for nanoseconds */\n"
    "    struct timespec t;\n\n"
    "    timespec_get(&t, TIME_UTC);\n"
    "    if (!zero)\n"
    "        zero = t.tv_sec;\n"
    "    return (double)(t.tv_sec - zero) + (double)t.tv_nsec * 1e-9;\n"
    "#else\n"
    "    return (double)clock() / CLOCKS_PER_SEC;\n"
    "#endif\n}\n\n";

void emit_profile_functions(struct emit *e)
{
    str_puts(e->out, "/* ---- profile: milliseconds of every step in the last run ---- */\n\n");
    str_puts(e->out, clock_function);
    emit_printf(e, "static double profile_ms[%d];\n"
                   "static double profile_at; /* the end of the step before */\n\n",
                e->plan->n_steps + 1);
    str_puts(e->out,
        "static void profile_begin(void)\n{\n"
        "    profile_at = seconds();\n}\n\n"
        "static void profile_step(int step)\n{\n"
        "    const double now = seconds();\n\n"
        "    profile_ms[step] = (now - profile_at) * 1e3;\n"
        "    profile_at = now;\n}\n\n");
}

static const char helpers[] =
    "\n/* ---- a program that runs the model on files ---- */\n\n"
    "static void die(const char *what, const char *path)\n{\n"
    "    fprintf(stderr, \"%s: %s\\n\", path, what);\n"
    "    exit(1);\n}\n\n"
    "/* At least `size` bytes at a multiple of 64; never released. */\n"
    "static void *new_buffer(size_t size)\n{\n"
    "    char *p = malloc(size + 64);\n\n"
    "    if (!p)\n        die(\"out of memory\", \"resc\");\n"
    "    return p + (64 - (uintptr_t)p % 64) % 64;\n}\n\n";

static const char reader[] =
    "static void *read_file(const char *path, size_t size)\n{\n"
    "    void *data = new_buffer(size);\n"
    "    FILE *f = fopen(path, \"rb\");\n\n"
    "    if (!f)\n        die(\"cannot be opened\", path);\n"
    "    if (fread(data, 1, size, f) != size || fgetc(f) != EOF)\n"
    "        die(\"has the wrong size\", path);\n"
    "    fclose(f);\n"
    "    return data;\n}\n\n";

static const char writer[] =
    "static void write_file(const char *path, const void *data, size_t size)\n{\n"
    "    FILE *f = fopen(path, \"wb\");\n\n"
    "    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)\n"
    "        die(\"cannot be written\", path);\n}\n\n";

static const char *tensor_size(struct emit *e, const struct value *v)
{
    return arena_printf(e->arena, "%s_%s_LEN * sizeof(%s)", e->upper,
                        name_upper(e->arena, e->names.value[v->id]), dtype_c_name(v->type));
}

static void call(struct emit *e)
{
    const struct graph *g = e->graph;

    emit_printf(e, "        if (%s_run(%s", e->prefix,
                e->weights == WEIGHTS_FILE ? "data[0], " : "");
    for (int i = 0; i < g->n_inputs + g->n_outputs; i++)
        emit_printf(e, "data[%d], ", i + (e->weights == WEIGHTS_FILE));
    str_puts(e->out, "workspace) != 0)\n            die(\"failed\", argv[0]);\n");
}

static void read_weights(struct emit *e, const char *indent, int argument)
{
    emit_printf(e, "%sdata[0] = read_file(argv[%d], %s_WEIGHTS_SIZE);\n"
                   "%sif (%s_weights_check(data[0], %s_WEIGHTS_SIZE) != 0)\n"
                   "%s    die(\"is not the weights file of this model\", argv[%d]);\n",
                indent, argument, e->upper, indent, e->prefix, e->upper, indent, argument);
}

static void run_selftest(struct emit *e)
{
    const bool w = e->weights == WEIGHTS_FILE;

    emit_printf(e, "    if (argc == %d && argv[1][0] == '-' && argv[1][1] == 't') {\n"
                   "        void *const memory = new_buffer(%s_SELFTEST_SIZE);\n", 2 + w, e->upper);
    if (w)
        read_weights(e, "        ", 2);
    emit_printf(e, "        const double deviation = (double)%s_selftest(%smemory);\n\n"
                   "        printf(\"deviation %%g\\n\", deviation);\n"
                   "        return deviation <= (double)%s_SELFTEST_TOLERANCE ? 0 : 1;\n    }\n",
                e->prefix, w ? "data[0], " : "", e->upper);
}

void emit_main(struct emit *e)
{
    const struct graph *g = e->graph;
    const int w = e->weights == WEIGHTS_FILE, n = w + g->n_inputs + g->n_outputs;

    str_puts(e->out, helpers);
    if (w + g->n_inputs > 0)
        str_puts(e->out, reader);
    str_puts(e->out, writer);
    if (!e->opt->profile)
        str_puts(e->out, clock_function);
    emit_printf(e, "int main(int argc, char **argv)\n{\n"
                   "    void *const workspace = new_buffer(%s_WORKSPACE_SIZE);\n"
                   "    void *data[%d];\n"
                   "    long runs = 0;\n", e->upper, n);
    str_puts(e->out, "\n    if (argc > 2 && argv[1][0] == '-' && argv[1][1] == 'n') {\n"
                     "        runs = strtol(argv[2], NULL, 10);\n"
                     "        argv += 2;\n"
                     "        argc -= 2;\n"
                     "    }\n");
    if (e->opt->selftest)
        run_selftest(e);
    emit_printf(e, "    if (argc != %d) {\n"
                   "        fputs(\"usage: %s [-n RUNS]%s", n + 1, e->prefix, w ? " WEIGHTS" : "");
    for (int i = 0; i < g->n_inputs; i++)
        emit_printf(e, " %s.raw", e->names.value[g->inputs[i]->id]);
    for (int i = 0; i < g->n_outputs; i++)
        emit_printf(e, " %s.raw", e->names.value[g->outputs[i]->id]);
    str_puts(e->out, "\\n\", stderr);\n");
    if (e->opt->selftest)
        emit_printf(e, "        fputs(\"   or: %s -t%s\\n\", stderr);\n", e->prefix,
                    w ? " WEIGHTS" : "");
    str_puts(e->out, "        return 2;\n    }\n");
    if (w)
        read_weights(e, "    ", 1);
    for (int i = 0; i < g->n_inputs; i++)
        emit_printf(e, "    data[%d] = read_file(argv[%d], %s);\n", i + w, i + w + 1,
                    tensor_size(e, g->inputs[i]));
    for (int i = 0; i < g->n_outputs; i++)
        emit_printf(e, "    data[%d] = new_buffer(%s);\n", i + w + g->n_inputs,
                    tensor_size(e, g->outputs[i]));
    str_puts(e->out, "    for (long i = 0; i <= runs; i++) {\n"
                     "        const double start = seconds();\n\n");
    call(e);
    str_puts(e->out, "        if (runs)\n"
                     "            printf(\"%.3f ms%s\\n\", (seconds() - start) * 1e3, "
                     "i ? \"\" : \" (first run)\");\n");
    if (e->opt->profile)
        emit_printf(e, "        for (int k = 0; k < %d; k++)\n"
                       "            printf(\"step %%d %%.6f\\n\", k, profile_ms[k]);\n",
                    e->plan->n_steps);
    str_puts(e->out, "    }\n");
    for (int i = 0; i < g->n_outputs; i++)
        emit_printf(e, "    write_file(argv[%d], data[%d], %s);\n", i + w + g->n_inputs + 1,
                    i + w + g->n_inputs, tensor_size(e, g->outputs[i]));
    str_puts(e->out, "    return 0;\n}\n");
}
