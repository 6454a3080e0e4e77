// SPDX-License-Identifier: Apache-2.0
#include "cli/signals.h"

#include "cli/data_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIRECTIONS = 1000, MOST_LINES = 60, NAME_WIDTH = 40 };

struct signals signals_defaults(void)
{
    return (struct signals){ .options = { .directions = 4, .seed = 1, .work = 3e11 } };
}

bool signals_option(struct signals *s, const struct cmd *c, int id, const char *value, bool *ok)
{
    double x;

    s->asked |= id == OPT_DATA || id == OPT_DIRECTIONS || id == OPT_SEED;
    switch (id) {
    case OPT_DATA:
        s->data = value;
        return *ok = true;
    case OPT_DIRECTIONS:
        if ((*ok = cmd_whole(c, "--directions", value, 1, MOST_DIRECTIONS, &x)))
            s->options.directions = (int)x;
        return true;
    case OPT_SEED:
        if ((*ok = cmd_whole(c, "--seed", value, 0, 0x1p53, &x)))
            s->options.seed = (uint64_t)x;
        return true;
    }
    return false;
}

static void progress(void *ctx, double done)
{
    const struct cmd *c = ctx;

    cmd_progress(c, "%s: following the signal, %.0f %%...", c->model, 100 * done);
}

bool signals_measure(struct signals *s, struct cmd *c, const struct data_set *sets, int n)
{
    struct compile_options opt = c->compile;
    const struct tensor **in = arena_new_n(c->arena, const struct tensor *, n);

    opt.load.data = sets[0].in;
    opt.load.n_data = sets[0].n_in;
    s->graph = compile_graph_as_is(c->arena, &opt, &c->diag);
    if (!s->graph)
        return false;
    for (int i = 0; i < n; i++)
        if (!(in[i] = data_set_inputs(c->arena, &sets[i], s->graph, &c->diag)))
            return false;
    s->source = sets[0].source == DATA_FILES ?
                arena_printf(c->arena, "%d data set%s", n, n > 1 ? "s" : "") : sets[0].name;
    s->signal = signal_measure(s->graph, in, n, &s->options, progress, c);
    cmd_progress(c, "%s", "");
    return true;
}

bool signals_find_and_measure(struct signals *s, struct cmd *c)
{
    int n = 0;
    const struct data_set *sets = data_sets_find(c->arena, c->model, s->data, &n, &c->diag);

    return sets && signals_measure(s, c, sets, n);
}

enum { GAIN_TEXT_MAX = 32 };

/* "0.82", "3.1e-45"; "0": nothing arrives; "-": not measured.  Returns `text`. */
static const char *gain_text(const struct gain *g, char text[GAIN_TEXT_MAX])
{
    const double exponent = floor(g->mean);

    if (!g->known)
        snprintf(text, GAIN_TEXT_MAX, "-");
    else if (g->mean == -INFINITY)
        snprintf(text, GAIN_TEXT_MAX, "0");
    else if (fabs(g->mean) < 4)
        snprintf(text, GAIN_TEXT_MAX, "%.3g", pow(10, g->mean));
    else
        snprintf(text, GAIN_TEXT_MAX, "%.1fe%+.0f", pow(10, g->mean - exponent), exponent);
    return text;
}

/* The factor that gains lie apart from their mean. */
static const char *spread_text(const struct gain *g, char text[GAIN_TEXT_MAX])
{
    if (!g->known || g->mean == -INFINITY)
        return "";
    snprintf(text, GAIN_TEXT_MAX, "x%.3g", pow(10, g->spread));
    return text;
}

/* Without the operator where that is too long, and then the end, where names differ. */
static const char *node_text(const struct cmd *c, const struct node *node)
{
    const bool fits = strlen(node->origin) <= NAME_WIDTH;
    const char *text = fits ? node->origin : node->name;
    const size_t n = strlen(text);
    const bool cut = n > NAME_WIDTH;

    return arena_printf(c->arena, "%s%s", cut ? "..." : "",
                        str_escaped_copy(c->arena, cut ? text + n - NAME_WIDTH + 3 : text, n));
}

static void print_steps(const struct signals *s, const struct cmd *c, bool all)
{
    const struct signal *sig = s->signal;
    const int every = all ? 1 : (sig->n_steps + MOST_LINES - 1) / MOST_LINES;

    printf("\n  step %9s %9s %9s %6s %9s %-5s", "rms", "mean", "largest", "zeros", "gain", "");
    printf(sig->n_blocks ? " | skips cut: rms, gain\n" : "\n");
    for (int i = 0; i < sig->n_steps; i++) {
        const struct signal_step *k = &sig->steps[i];
        const struct signal_stats *st = &k->stats;
        char gain[GAIN_TEXT_MAX], spread[GAIN_TEXT_MAX], cut[GAIN_TEXT_MAX];

        if (i % every != 0 && i != sig->n_steps - 1)
            continue;
        printf("  %4d %9.3g %9.3g %9.3g %5.1f%% %9s %-5s", i + 1, st->rms, st->mean, st->max_abs,
               100 * st->zeros, gain_text(&k->gain, gain), spread_text(&k->gain, spread));
        if (sig->n_blocks)
            printf(" | %9.3g %9s", k->cut_stats.rms, gain_text(&k->cut_gain, cut));
        printf("  %s\n", node_text(c, k->node));
    }
    if (every > 1)
        printf("  one step in %d is shown; -v shows all\n", every);
}

static void print_block(const struct signal_block *k, int number, const struct cmd *c)
{
    char own[GAIN_TEXT_MAX], cut_own[GAIN_TEXT_MAX], rest[GAIN_TEXT_MAX], cut_rest[GAIN_TEXT_MAX];

    printf("  %5d %6.3g %8s %9s %9s %9s  %s\n", number, k->ratio, gain_text(&k->own, own),
           gain_text(&k->cut_own, cut_own), gain_text(&k->rest, rest),
           gain_text(&k->cut_rest, cut_rest), node_text(c, k->block.join));
}

static bool is_measured(const struct signal_block *k)
{
    return k->rest.known || k->cut_rest.known;
}

static int count_measured(const struct signal *s)
{
    int n = 0;

    for (int b = 0; b < s->n_blocks; b++)
        n += is_measured(&s->blocks[b]);
    return n;
}

/* Of many blocks, those of which everything was measured, if they are some. */
static void print_blocks(const struct signals *s, const struct cmd *c, bool all)
{
    const struct signal *sig = s->signal;
    const int n_measured = count_measured(sig);
    const bool measured = !all && n_measured > 1 && sig->n_blocks > MOST_LINES;
    const int n = measured ? n_measured : sig->n_blocks;
    const int every = all ? 1 : (n + MOST_LINES - 1) / MOST_LINES;
    int shown = 0;

    printf("\n        branch  gain of the block  from it to the output\n"
           "  block / skip     kept       cut      kept       cut  joined by; skips kept or cut\n");
    for (int b = 0, at = 0; b < sig->n_blocks; b++)
        if ((!measured || is_measured(&sig->blocks[b])) && (at++ % every == 0 || at == n)) {
            print_block(&sig->blocks[b], b + 1, c);
            shown++;
        }
    if (shown < sig->n_blocks)
        printf("  %d of %d blocks are shown; -v shows all\n", shown, sig->n_blocks);
    if (sig->n_rest < sig->n_blocks)
        printf("  to the output: measured for %d of the %d blocks\n", sig->n_rest, sig->n_blocks);
}

static void print_warnings(const struct signals *s, const struct cmd *c)
{
    int n;
    const struct signal_warning *w = signal_warnings(s->graph, s->signal, &n);

    if (n)
        putchar('\n');
    for (int i = 0; i < n; i++)
        printf("  %s: %s, from %s on, in %d step%s\n",
               w[i].cut ? "with the skips cut" : "warning", signal_fault_text(w[i].fault),
               str_escaped_copy(c->arena, w[i].step->node->origin, 80), w[i].n,
               w[i].n > 1 ? "s" : "");
}

/* "0.3 (x1.2)" */
static void print_gain(const struct gain *g)
{
    char gain[GAIN_TEXT_MAX], spread[GAIN_TEXT_MAX];

    printf("%s", gain_text(g, gain));
    if (*spread_text(g, spread))
        printf(" (%s)", spread);
}

static void print_end(const struct signal *sig)
{
    const struct signal_step *last = sig->n_steps ? &sig->steps[sig->n_steps - 1] : NULL;

    if (!last)
        return;
    printf("\n  gain from the inputs to the last step: ");
    print_gain(&last->gain);
    if (sig->n_blocks) {
        printf("; with every skip cut: ");
        print_gain(&last->cut_gain);
    }
    putchar('\n');
}

void signals_print(const struct signals *s, const struct cmd *c, bool all)
{
    printf("\nsignal: %s, %d direction%s, seed %llu\n", s->source, s->options.directions,
           s->options.directions > 1 ? "s" : "", (unsigned long long)s->options.seed);
    print_steps(s, c, all);
    if (s->signal->n_blocks)
        print_blocks(s, c, all);
    print_end(s->signal);
    print_warnings(s, c);
}

static void gain_json(struct json *j, const char *key, const struct gain *g)
{
    json_object(j, key);
    json_bool(j, "measured", g->known);
    if (g->known) {
        json_number(j, "log10_mean", g->mean); /* null: nothing arrives */
        json_number(j, "log10_spread", g->spread);
    }
    json_end_object(j);
}

static void stats_json(struct json *j, const char *key, const struct signal_stats *s)
{
    json_object(j, key);
    json_number(j, "rms", s->rms);
    json_number(j, "mean", s->mean);
    json_number(j, "max_abs", s->max_abs);
    json_number(j, "zeros", s->zeros);
    json_number(j, "dead_channels", s->dead_channels);
    json_int(j, "nonfinite", s->n_nonfinite);
    json_end_object(j);
}

static void steps_json(struct json *j, const struct signal *s)
{
    json_array(j, "steps");
    for (int i = 0; i < s->n_steps; i++) {
        const struct signal_step *k = &s->steps[i];

        json_object(j, NULL);
        json_string(j, "node", k->node->origin);
        json_string(j, "value", k->value->name);
        stats_json(j, "stats", &k->stats);
        gain_json(j, "gain", &k->gain);
        if (s->n_blocks) {
            stats_json(j, "cut_stats", &k->cut_stats);
            gain_json(j, "cut_gain", &k->cut_gain);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

static void blocks_json(struct json *j, const struct signal *s)
{
    json_array(j, "blocks");
    for (int b = 0; b < s->n_blocks; b++) {
        const struct signal_block *k = &s->blocks[b];

        json_object(j, NULL);
        json_string(j, "join", k->block.join->origin);
        json_bool(j, "projection", k->block.projection);
        json_number(j, "ratio", k->ratio);
        gain_json(j, "own", &k->own);
        gain_json(j, "cut_own", &k->cut_own);
        gain_json(j, "rest", &k->rest);
        gain_json(j, "cut_rest", &k->cut_rest);
        json_end_object(j);
    }
    json_end_array(j);
}

void signals_json(const struct signals *s, struct json *j)
{
    static const char *const faults[] = { "nonfinite", "dead", "vanishes", "explodes" };
    int n;
    const struct signal_warning *w = signal_warnings(s->graph, s->signal, &n);

    json_object(j, "signal");
    json_string(j, "inputs", s->source);
    json_int(j, "data_sets", s->signal->n_sets);
    json_int(j, "directions", s->options.directions);
    json_int(j, "seed", (int64_t)s->options.seed);
    json_number(j, "input_rms", s->signal->input_rms);
    steps_json(j, s->signal);
    blocks_json(j, s->signal);
    json_array(j, "warnings");
    for (int i = 0; i < n; i++) {
        json_object(j, NULL);
        json_string(j, "fault", faults[w[i].fault]);
        json_bool(j, "skips_cut", w[i].cut);
        json_string(j, "node", w[i].step->node->origin);
        json_int(j, "steps", w[i].n);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
