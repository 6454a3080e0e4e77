// SPDX-License-Identifier: Apache-2.0
/* page - the document: what is in it, in which order, and in which words. */
#include "base/str.h"
#include "config.h"
#include "onnx/load.h"
#include "report/assets.h"
#include "report/figures.h"
#include "report/graph_label.h"
#include "report/html.h"
#include "report/step_facts.h"
#include "report/tables.h"

static void head(const struct report *r, struct str *out)
{
    str_puts(out, "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
             "<meta name=viewport content=\"width=device-width\">\n"
             "<meta name=color-scheme content=\"light dark\">\n<title>");
    html_text(out, r->model, 120);
    str_printf(out, " \u2013 resc report</title>\n<style>\n%s%s</style>\n", figure_css, page_css);
}

static void heading(const struct report *r, struct str *out)
{
    str_puts(out, "<header><h1>");
    html_text(out, r->model, 120);
    str_printf(out, "</h1>\n<p>ONNX IR %lld, opset %d", (long long)r->info->ir_version,
               r->info->opset);
    if (r->info->producer && *r->info->producer) {
        str_puts(out, ", ");
        html_text(out, r->info->producer, 60);
    }
    str_printf(out, " \u00b7 <small>SHA-256 %s</small> \u00b7 resc %s</p></header>\n",
               r->info->sha256, RESC_VERSION);
}

static void section(struct str *out, const char *id, const char *title)
{
    str_printf(out, "<section id=%s><h2>%s</h2>\n", id, title);
}

static void end_section(struct str *out)
{
    str_puts(out, "</section>\n");
}

static bool figure(const struct report *r, struct str *out, const char *name, const char *caption)
{
    struct svg svg = { out, false };
    const size_t before = out->len;

    str_printf(out, "<figure id=figure-%s><div class=wide>\n", name);
    if (!figure_find(name)->draw(r, &svg)) {
        out->len = before;
        return false;
    }
    str_printf(out, "</div><figcaption>%s</figcaption></figure>\n", caption);
    return true;
}

static void paragraph(struct str *out, const char *text)
{
    str_puts(out, "<p>");
    html_text(out, text, 1000);
    str_puts(out, "\n");
}

static void contents(struct str *out)
{
    static const char *const entries[][2] = {
        { "summary", "Summary" }, { "graph", "Graph" }, { "rewrites", "Rewrites" },
        { "steps", "Steps" }, { "speed", "Speed" }, { "memory", "Memory" },
        { "error", "Error" }, { "signal", "Signal" }, { "blocks", "Residual blocks" },
    };

    str_puts(out, "<nav>");
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        str_printf(out, "<a href=\"#%s\">%s</a>\n", entries[i][0], entries[i][1]);
    str_puts(out, "</nav>\n");
}

static void summary(const struct report *r, struct str *out)
{
    section(out, "summary", "Summary");
    table_summary(r, out);
    str_puts(out, "<div class=pair><div><h3>Unusual</h3>\n");
    table_unusual(r, out);
    str_puts(out, "</div><div><h3>Operators of the file</h3>\n");
    table_operators(r, out);
    str_puts(out, "</div></div>\n");
    end_section(out);
}

static void graph_key(struct str *out)
{
    str_puts(out, "<ul class=key>");
    for (int i = 0; i < n_label_kinds; i++)
        str_printf(out, "<li><svg class=fig width=16 height=12><rect class=%s x=1 y=1 width=14 "
                   "height=10 /></svg> %s\n", label_kinds[i].css_class, label_kinds[i].what);
    str_puts(out, "<li><svg class=fig width=16 height=12><rect class=block width=16 height=12 />"
             "</svg> residual block\n<li><svg class=fig width=20 height=12><path class=\"wire "
             "skip\" d=\"M0 6H20\"/></svg> skip</ul>\n");
}

static void graph(const struct report *r, struct str *out)
{
    section(out, "graph", "Graph");
    graph_key(out);
    str_puts(out, "<div class=graphs>\n");
    const bool before = figure(r, out, "before", "In the file. Read downwards, then to the "
                               "right.");
    const bool after = figure(r, out, "after", "After optimisation: what is behind a plus was a "
                              "node of its own and is done by the step before; pointing at it "
                              "names them. What only moves may be a view, which is no step.");

    str_puts(out, "</div>\n");
    if (!before || !after)
        str_puts(out, "<p>A graph of this size is not drawn.\n");
    end_section(out);
}

static void speed(const struct report *r, struct str *out)
{
    section(out, "speed", "Speed");
    if (!figure(r, out, "roofline", r->bench ?
                "A dot is a step that multiplies, as large as its share of the time. The line is "
                "what the processor allows: its peak, or as many operations as memory brings "
                "bytes for. Steps above the slope found their bytes in a cache; Winograd "
                "convolutions do less than they are counted for, and may pass the peak." :
                "A dot is a step that multiplies, as large as its share of the time. Times are "
                "those of the cost model, and so are peak and bandwidth: <code>--bench</code> "
                "measures them."))
        str_puts(out, "<p>No step multiplies anything.\n");
    end_section(out);
}

static void memory(const struct report *r, struct str *out)
{
    section(out, "memory", "Memory");
    if (!figure(r, out, "memory", "The workspace: each rectangle is a tensor, as long as somebody "
                "needs it and as high as it is large. No plan can do with less than the lower "
                "bound."))
        str_puts(out, "<p>No workspace is needed.\n");
    str_puts(out, "<h3>Weights by size</h3>\n");
    if (!figure(r, out, "weights", "As they are stored, packed for their kernels."))
        str_puts(out, "<p>None.\n");
    end_section(out);
}

static void data_sentence(const struct report *r, struct str *out)
{
    str_puts(out, "<p>Measured on ");
    html_text(out, r->data, 200);
    str_puts(out, ".\n");
}

static void error(const struct report *r, struct str *out)
{
    section(out, "error", "Error");
    if (r->errors)
        data_sentence(r, out);
    const bool drawn = figure(r, out, "errors", "Each step against double precision, from the "
                              "inputs that it had, and what is proven of its rounding. Above the "
                              "bound is no rounding.");

    if (!drawn)
        paragraph(out, r->errors ? "Every step is exact: what double precision gives, rounded "
                  "once." : r->why_no_errors);
    if (r->errors)
        table_errors(r, out);
    end_section(out);
}

static void signal_section(const struct report *r, struct str *out)
{
    section(out, "signal", "Signal");
    if (!r->signal) {
        paragraph(out, r->why_no_signal);
        end_section(out);
        return;
    }
    data_sentence(r, out);
    str_printf(out, "Gains are those of %d random direction%s, seed %llu.\n",
               r->signal->options.directions, r->signal->options.directions == 1 ? "" : "s",
               (unsigned long long)r->signal->options.seed);
    if (r->signal->n_rest < r->signal->n_blocks)
        str_printf(out, "The gain to the output was measured for %d of %d blocks.\n",
                   r->signal->n_rest, r->signal->n_blocks);
    figure(r, out, "rms", "How large activations are. Cut: what the same weights would be without "
           "residual connections. An empty dot is nothing at all.");
    figure(r, out, "gain", "What becomes of a small random change at the input. Far above 1 it "
           "explodes, far below it vanishes; bars are a standard deviation over directions.");
    figure(r, out, "gain-out", "What of a change at a block arrives at the output: the way that "
           "gradients take backwards in training.");
    end_section(out);
}

static void blocks(const struct report *r, struct str *out)
{
    section(out, "blocks", "Residual blocks");
    figure(r, out, "ratio", "Near 0, a block is close to the identity.");
    table_blocks(r, out);
    end_section(out);
}

void report_html(const struct report *r, struct str *out)
{
    head(r, out);
    heading(r, out);
    contents(out);
    str_puts(out, "<main>\n");
    summary(r, out);
    graph(r, out);
    section(out, "rewrites", "Rewrites");
    table_rewrites(r, out);
    end_section(out);
    section(out, "steps", "Steps");
    str_printf(out, "<p>Times are %s. Bytes are inputs, weights and outputs, each counted once."
               "%s\n",
               report_times_text(r),
               r->bench ? " Times and speeds are of the fastest run, shares of medians." : "");
    table_steps(r, out);
    end_section(out);
    speed(r, out);
    memory(r, out);
    error(r, out);
    signal_section(r, out);
    blocks(r, out);
    str_puts(out, "</main>\n<script type=\"application/json\" id=\"resc\">");
    html_json(out, r->json);
    str_printf(out, "</script>\n<script>\n%s</script>\n", page_js);
}
