// SPDX-License-Identifier: Apache-2.0
/* table_signal - the residual blocks, and what the signal warns of. */
#include "base/str.h"
#include "report/html.h"
#include "report/tables.h"

#include <math.h>

enum { NAME_MAX_SHOWN = 60 };

static void gain_cell(struct str *out, const struct gain *g)
{
    char text[NUMBER_TEXT_MAX];

    html_number_cell(out, g->known ? g->mean : (double)NAN,
                     g->known ? power_text(g->mean, text) : "");
}

static void signal_cells(struct str *out, const struct signal_block *b)
{
    char text[NUMBER_TEXT_MAX];

    html_number_cell(out, b->ratio, number_text(b->ratio, text));
    gain_cell(out, &b->own);
    gain_cell(out, &b->cut_own);
    gain_cell(out, &b->rest);
    gain_cell(out, &b->cut_rest);
}

static void block_row(struct str *out, int nth, const struct residual_block *b,
                      const struct signal_block *measured)
{
    char shape[SHAPE_TEXT_MAX];

    str_printf(out, "<tr><td class=n data-v=%d>%d", nth, nth);
    html_text_cell(out, "o", b->from->name, NAME_MAX_SHOWN);
    html_text_cell(out, "o", b->to->name, NAME_MAX_SHOWN);
    str_printf(out, "<td class=s>%s<td class=n>%d<td>%s", shape_text(&b->to->shape, shape),
               b->n_convs, b->projection ? "projection" : "identity");
    if (measured)
        signal_cells(out, measured);
    str_puts(out, "\n");
}

static void head(struct str *out, bool measured)
{
    str_puts(out, "<div class=wide><table class=sorts><thead><tr><th class=n>#<th>from<th>to"
             "<th>shape<th class=n>convolutions<th>skip");
    if (measured)
        str_puts(out, "<th class=n title=\"RMS of the branch to RMS of the skip; 0: the block is "
                 "the identity\">branch/skip<th class=n title=\"of a small change, through the "
                 "block\">gain<th class=n>gain, cut<th class=n title=\"of a small change, from "
                 "the block to the output\">gain to output<th class=n>gain to output, cut");
    str_puts(out, "<tbody>\n");
}

void table_blocks(const struct report *r, struct str *out)
{
    const struct signal *s = r->signal;
    int n = s ? s->n_blocks : 0;
    const struct residual_block *blocks = s ? NULL : residual_blocks(r->before, &n);

    if (n == 0) {
        str_puts(out, "<p>None.\n");
        return;
    }
    head(out, s != NULL);
    for (int i = 0; i < n; i++)
        block_row(out, i + 1, s ? &s->blocks[i].block : &blocks[i], s ? &s->blocks[i] : NULL);
    str_puts(out, "</table></div>\n");
}

void table_signal(const struct report *r, struct str *out)
{
    for (int i = 0; i < r->n_warnings; i++) {
        const struct signal_warning *w = &r->warnings[i];

        str_printf(out, "<li class=%s>%s%s, from ", w->cut ? "hint" : "note",
                   w->cut ? "with every skip cut: " : "", signal_fault_text(w->fault));
        html_text(out, w->step->node->origin, NAME_MAX_SHOWN);
        str_printf(out, " on, in %d node%s\n", w->n, w->n == 1 ? "" : "s");
    }
}
