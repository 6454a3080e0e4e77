// SPDX-License-Identifier: Apache-2.0
/* table_steps - a row for each step: what it is, what it moves, how long it takes. */
#include "base/amount.h"
#include "base/str.h"
#include "report/step_facts.h"
#include "report/graph_label.h"
#include "report/html.h"
#include "report/tables.h"

static void head(const struct report *r, struct str *out)
{
    str_printf(out, "<div class=wide><table class=\"sorts steps\"><thead><tr><th class=n>#"
               "<th>what<th>kernel<th>output<th class=n>MACs<th class=n>read<th class=n>written"
               "<th class=n title=\"operations a byte read or written\">op/B"
               "<th class=n title=\"%s\">ms<th class=n title=\"of the time of all steps\">share",
               r->bench ? "the fastest run" : "predicted");
    if (r->bench)
        str_puts(out, "<th class=n>GFLOP/s<th class=n>% of peak");
    str_puts(out, "<tbody>\n");
}

static void amount_cell(struct str *out, double n)
{
    char text[AMOUNT_TEXT_MAX];

    html_number_cell(out, n, n > 0 ? amount_text(n, text) : "");
}

static void bytes_cell(struct str *out, double n)
{
    char text[AMOUNT_TEXT_MAX];

    html_number_cell(out, n, bytes_text((size_t)n, text));
}

static void number_cell(struct str *out, double x, bool shown)
{
    char text[NUMBER_TEXT_MAX];

    html_number_cell(out, x, shown ? number_text(x, text) : "");
}

/* `most`: the largest share, whose bar fills the cell. */
static void time_cells(const struct report *r, struct str *out, const struct step_facts *f,
                       double most)
{
    number_cell(out, f->ms, true);
    str_printf(out, "<td class=\"n share\" data-v=%.9g style=\"--p:%.0f%%\">%.1f %%", f->share,
               most > 0 ? 100 * f->share / most : 0, f->share);
    if (!r->bench)
        return;
    number_cell(out, f->gflops, f->macs > 0);
    number_cell(out, f->percent, f->macs > 0);
}

/* "Conv 3×3 → 64 +add +relu", and the nodes of the file that are in it. */
static void what_cell(struct str *out, const struct node *n)
{
    char label[LABEL_MAX], fused[LABEL_MAX];

    str_printf(out, "<td class=w>%s <span class=f>%s</span><br><span class=o>",
               label_text(n, label), label_fused(n, fused));
    html_text(out, n->origin, 300);
    str_puts(out, "</span>");
}

static void step_row(const struct report *r, struct str *out, int s, const struct step_facts *f,
                     double most)
{
    const struct step *step = &r->plan->steps[s];
    const struct value *v = step->node->out[0];
    char shape[SHAPE_TEXT_MAX];

    str_printf(out, "<tr id=step-%d><td class=n data-v=%d>%d", s + 1, s + 1, s + 1);
    what_cell(out, step->node);
    str_printf(out, "<td class=k>%s<td class=s>%s", kernel_name(step->kernel),
               v ? shape_text(&v->shape, shape) : "");
    amount_cell(out, f->macs);
    bytes_cell(out, f->read);
    bytes_cell(out, f->written);
    number_cell(out, f->intensity, f->macs > 0);
    time_cells(r, out, f, most);
    str_puts(out, "\n");
}

void table_steps(const struct report *r, struct str *out)
{
    const struct step_facts *f = step_facts(r);
    double most = 0;

    for (int s = 0; s < r->plan->n_steps; s++)
        most = f[s].share > most ? f[s].share : most;
    head(r, out);
    for (int s = 0; s < r->plan->n_steps; s++)
        step_row(r, out, s, &f[s], most);
    str_puts(out, "</table></div>\n");
}

void table_errors(const struct report *r, struct str *out)
{
    str_puts(out, "<div class=wide><table class=sorts><thead><tr><th class=n>step<th>what"
             "<th>verdict<th class=n>error<th class=n>bound<th class=n>error/bound<tbody>\n");
    for (int s = 0; s < r->plan->n_steps; s++) {
        const struct report_error *e = &r->errors[s];
        char label[LABEL_MAX], fused[LABEL_MAX];
        const struct node *n = r->plan->steps[s].node;

        if (!e->known)
            continue;
        str_printf(out, "<tr><td class=n data-v=%d><a href=\"#step-%d\">%d</a><td>%s "
                   "<span class=f>%s</span><td>%s", s + 1, s + 1, s + 1, label_text(n, label),
                   label_fused(n, fused), e->verdict);
        number_cell(out, e->error, e->error > 0);
        number_cell(out, e->bound, e->error > 0);
        number_cell(out, e->ratio, e->error > 0);
        str_puts(out, "\n");
    }
    str_puts(out, "</table></div>\n");
}
