// SPDX-License-Identifier: Apache-2.0
/* tables - what is asked first: summary, operators, what is unusual; and rewrites. */
#include "report/tables.h"

#include "base/amount.h"
#include "base/diag.h"
#include "base/str.h"
#include "onnx/load.h"
#include "report/html.h"

#include <string.h>

enum { NAME_MAX_SHOWN = 120, TEXT_MAX_SHOWN = 1000 };

static void begin_fact(struct str *out, const char *what)
{
    str_printf(out, "<div><dt>%s<dd>", what);
}

static void end_fact(struct str *out)
{
    str_puts(out, "</div>\n");
}

/* `what`: of one, and of several. */
static void values_fact(struct str *out, const char *const what[2], struct value *const *values,
                        int n)
{
    enum { MOST = 4 };
    char shape[SHAPE_TEXT_MAX];

    begin_fact(out, what[n != 1]);
    for (int i = 0; i < n && i < MOST; i++) {
        str_puts(out, i ? "<br>" : "");
        html_text(out, values[i]->name, 40);
        str_printf(out, " <small>%s%s</small>", dtype_name(values[i]->type),
                   shape_text(&values[i]->shape, shape));
    }
    if (n > MOST)
        str_printf(out, "<br><small>and %d more</small>", n - MOST);
    end_fact(out);
}

static void time_fact(const struct report *r, struct str *out)
{
    char text[NUMBER_TEXT_MAX], percent[NUMBER_TEXT_MAX];

    if (!r->bench) {
        begin_fact(out, "time, predicted");
        str_printf(out, "%s ms", number_text(r->plan->us / 1000, text));
        end_fact(out);
        return;
    }
    begin_fact(out, "time, measured");
    str_printf(out, "%s ms <small>median of %d run%s, %d thread%s, %s</small>",
               number_text(r->bench->run.median, text), r->bench->runs,
               r->bench->runs == 1 ? "" : "s", r->bench->threads,
               r->bench->threads == 1 ? "" : "s", r->bench->isa);
    end_fact(out);
    if (r->bench->run.min > 0 && r->bench->peak_gflops > 0 && r->plan->macs > 0) {
        const double gflops = 2 * r->plan->macs / r->bench->run.min * 1e-6;

        begin_fact(out, "speed");
        str_printf(out, "%s GFLOP/s <small>in the fastest run: %s %% of the peak, %.0f</small>",
                   number_text(gflops, text),
                   number_text(100 * gflops / r->bench->peak_gflops, percent),
                   r->bench->peak_gflops);
        end_fact(out);
    }
}

static void memory_facts(const struct plan *p, struct str *out)
{
    char size[AMOUNT_TEXT_MAX], bound[AMOUNT_TEXT_MAX];

    begin_fact(out, "weights");
    str_printf(out, "%s <small>as they are stored</small>", bytes_text(p->weights_size, size));
    end_fact(out);
    begin_fact(out, "workspace");
    str_printf(out, "%s <small>lower bound %s", bytes_text(p->workspace_size, size),
               bytes_text(p->lower_bound, bound));
    if (p->lower_bound)
        str_printf(out, ", %.3f times", (double)p->workspace_size / (double)p->lower_bound);
    str_puts(out, "</small>");
    end_fact(out);
}

void table_summary(const struct report *r, struct str *out)
{
    static const char *const inputs[] = { "input", "inputs" };
    static const char *const outputs[] = { "output", "outputs" };
    char amount[AMOUNT_TEXT_MAX];

    str_puts(out, "<dl class=facts>\n");
    values_fact(out, inputs, r->after->inputs, r->after->n_inputs);
    values_fact(out, outputs, r->after->outputs, r->after->n_outputs);
    begin_fact(out, "parameters");
    str_puts(out, amount_text((double)r->info->n_parameters, amount));
    end_fact(out);
    begin_fact(out, "multiply-adds a run");
    str_puts(out, amount_text(r->plan->macs, amount));
    end_fact(out);
    memory_facts(r->plan, out);
    begin_fact(out, "steps");
    str_printf(out, "%d <small>from %d node%s</small>", r->plan->n_steps, r->after->n_onnx_nodes,
               r->after->n_onnx_nodes == 1 ? "" : "s");
    end_fact(out);
    time_fact(r, out);
    str_puts(out, "</dl>\n");
}

void table_operators(const struct report *r, struct str *out)
{
    str_puts(out, "<div class=wide><table class=sorts><thead><tr><th>operator<th class=n>nodes"
             "<tbody>\n");
    for (int i = 0; i < r->info->n_ops; i++) {
        const struct op_use *u = &r->info->ops[i];

        str_puts(out, "<tr>");
        html_text_cell(out, "t", u->op, NAME_MAX_SHOWN);
        str_printf(out, "<td class=n>%d\n", u->n_nodes);
    }
    str_puts(out, "</table></div>\n");
}

static void add_item(struct str *out, const char *css_class, const char *before, const char *text)
{
    str_printf(out, "<li class=%s>", css_class);
    html_text(out, before, NAME_MAX_SHOWN);
    html_text(out, text, TEXT_MAX_SHOWN);
    str_puts(out, "\n");
}

void table_unusual(const struct report *r, struct str *out)
{
    const size_t before = out->len;

    str_puts(out, "<ul class=unusual>\n");
    const size_t empty = out->len;

    for (int i = 0; i < r->n_unusual; i++)
        add_item(out, "note", "", r->unusual[i]);
    for (const struct diag_message *m = r->messages; m; m = m->next)
        add_item(out, m->severity == DIAG_HINT ? "hint" : "note", "", m->text);
    table_signal(r, out);
    if (out->len == empty) {
        out->len = before;
        str_puts(out, "<p>Nothing.\n");
        return;
    }
    str_puts(out, "</ul>\n");
}

static void rewrite_row(struct str *out, int nth, const struct rewrite *w)
{
    char amount[AMOUNT_TEXT_MAX];

    str_printf(out, "<tr><td class=n data-v=%d>%d", nth, nth);
    str_printf(out, "<td class=p>%s", w->pass);
    html_text_cell(out, "o", w->node, NAME_MAX_SHOWN);
    html_text_cell(out, "w", w->why, TEXT_MAX_SHOWN);
    str_printf(out, "<td class=p>%s",
               w->exactness == REWRITE_EXACT ? "to the bit" : "up to rounding");
    html_number_cell(out, w->macs, w->macs != 0 ? amount_text(w->macs, amount) : "");
    html_number_cell(out, w->bytes, w->bytes < 0 ? "\u2212" : "");
    if (w->bytes != 0)
        str_puts(out, bytes_text((size_t)(w->bytes < 0 ? -w->bytes : w->bytes), amount));
    str_puts(out, "\n");
}

/* "8x fold_batch_norm, 4x fuse_add. They save ..." */
static void rewrites_sentence(const struct rewrite *all, struct str *out)
{
    char macs_text[AMOUNT_TEXT_MAX], bytes[AMOUNT_TEXT_MAX];
    double macs = 0, saved = 0;

    str_puts(out, "<p>");
    for (const struct rewrite *w = all; w; w = w->next) {
        int n = 0;
        bool first = true;

        macs += w->macs;
        saved += w->bytes;
        for (const struct rewrite *other = all; other != w && first; other = other->next)
            first = strcmp(other->pass, w->pass) != 0;
        for (const struct rewrite *other = w; other && first; other = other->next)
            n += strcmp(other->pass, w->pass) == 0;
        if (first)
            str_printf(out, "%s%d\u00d7 %s", w == all ? "" : ", ", n, w->pass);
    }
    str_printf(out, ". They save %s multiply-adds a run and %s%s of constants.\n",
               amount_text(macs, macs_text), saved < 0 ? "\u2212" : "",
               bytes_text((size_t)(saved < 0 ? -saved : saved), bytes));
}

void table_rewrites(const struct report *r, struct str *out)
{
    int n = 0;

    if (!r->rewrites) {
        str_puts(out, "<p>None: no pass found anything to do.\n");
        return;
    }
    rewrites_sentence(r->rewrites, out);
    str_puts(out, "<div class=wide><table class=sorts><thead><tr><th class=n>#<th>pass<th>node"
             "<th>why the results are the same<th>results<th class=n>MACs saved"
             "<th class=n>bytes saved<tbody>\n");
    for (const struct rewrite *w = r->rewrites; w; w = w->next)
        rewrite_row(out, ++n, w);
    str_puts(out, "</table></div>\n");
}
