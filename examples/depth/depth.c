// SPDX-License-Identifier: Apache-2.0
/* depth - a residual network with random weights, or its twin without skips.
 *
 *     depth --depth 56 -o residual56.onnx
 *     depth --depth 56 --plain -o plain56.onnx */
#include "architecture.h"
#include "base/arena.h"
#include "base/diag.h"
#include "net.h"
#include "statistics.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: depth --depth N [OPTIONS] -o FILE.onnx\n"
    "  --depth N          layers: 6n+2 (basic blocks) or 9n+2 (bottlenecks): 20, 56, 110, 1001\n"
    "  --plain            the same weights without skips\n"
    "  --norm batch|none  batch normalisation [batch]\n"
    "  --gain G           times He's deviation of the weights [1]\n"
    "  --zero-init        every second residual branch ends in zeros\n"
    "  --size N           of the pictures [16]\n"
    "  --width N          channels of the first stage [16]\n"
    "  --seed N           of weights and pictures [1]\n";

enum { DONE = 0, FAULT = 1, USAGE = 2 };

struct command {
    struct architecture net;
    const char *out;
};

/* A whole number in [from, to], else false. */
static bool whole(const char *text, int from, int to, int *out)
{
    char *end;
    const long n = strtol(text, &end, 10);

    *out = (int)n;
    return *text && !*end && n >= from && n <= to;
}

static bool set_option(struct command *c, int option, const char *value)
{
    char *end;
    int seed;

    switch (option) {
    case 'd': return whole(value, 1, 10000, &c->net.depth) && architecture_has_depth(c->net.depth);
    case 'p': return c->net.plain = true;
    case 'n':
        c->net.norm = strcmp(value, "batch") == 0;
        return c->net.norm || strcmp(value, "none") == 0;
    case 'g':
        c->net.gain = strtod(value, &end);
        return *value && !*end && c->net.gain > 0 && c->net.gain < 1e3;
    case 'z': return c->net.zero_init = true;
    case 's': return whole(value, 4, 1024, &c->net.size);
    case 'w': return whole(value, 1, 1024, &c->net.width);
    case 'r':
        if (!whole(value, 0, 1000000000, &seed))
            return false;
        c->net.seed = (uint64_t)seed;
        return true;
    case 'o': c->out = value; return true;
    }
    return false;
}

static bool parse(struct command *c, int argc, char **argv)
{
    static const struct option options[] = {
        { "depth", required_argument, NULL, 'd' }, { "plain", no_argument, NULL, 'p' },
        { "norm", required_argument, NULL, 'n' },  { "gain", required_argument, NULL, 'g' },
        { "zero-init", no_argument, NULL, 'z' },   { "size", required_argument, NULL, 's' },
        { "width", required_argument, NULL, 'w' }, { "seed", required_argument, NULL, 'r' },
        { NULL, 0, NULL, 0 },
    };

    for (int o; (o = getopt_long(argc, argv, "o:", options, NULL)) != -1;)
        if (!set_option(c, o, optarg)) {
            if (o != '?' && optarg)
                fprintf(stderr, "depth: '%s' is not what the option takes\n", optarg);
            return false;
        }
    /* A plain network with zeros in it gives nothing but zeros. */
    return optind == argc && c->out && c->net.depth && !(c->net.plain && c->net.zero_init);
}

static int run(const struct command *c)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, c->out);
    struct net *net = architecture_build(a, &c->net);
    const bool ok = (!c->net.norm || statistics_fill_in(a, net, c->net.seed, &d)) &&
                    net_write(net, c->out, &d);

    arena_free(a);
    return ok ? DONE : FAULT;
}

int main(int argc, char **argv)
{
    struct command c = { .net = { .width = 16, .size = 16, .norm = true, .gain = 1, .seed = 1 } };

    if (!parse(&c, argc, argv)) {
        fputs(usage, stderr);
        return USAGE;
    }
    return run(&c);
}
