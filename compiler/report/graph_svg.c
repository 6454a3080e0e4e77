// SPDX-License-Identifier: Apache-2.0
/* graph_svg - a graph in columns, read downwards and then to the right.  As part
 * of a page columns come in bands no wider than it, each a picture of its own,
 * so that a printer can break between them; in a file they are one picture. */
#include "report/figures.h"

#include "analysis/residual.h"
#include "base/arena.h"
#include "base/str.h"
#include "report/graph_label.h"
#include "report/graph_layout.h"
#include "report/html.h"

#include <inttypes.h>
#include <math.h>

enum {
    ROW = 25, BOX = 19, MAIN_WIDTH = 190, SIDE_WIDTH = 150, TRACK = 10, MARGIN = 12, GAP = 26,
    HEADER = 6, BAND_WIDTH = 1180, ROWS_A_COLUMN = 42, CURVE = 5,
};

struct picture {
    struct svg *svg;
    const struct report *r;
    struct graph_layout l;
    const struct residual_block *blocks;
    int n_blocks;
    int *step_of; /* by node->id: number in the table, or 0 */
    double *left; /* of columns, within their band */
    int *band;    /* of columns */
    double *top;  /* of columns: of their band, in a file */
};

static double column_width(const struct column *c)
{
    return MAIN_WIDTH + (c->n_tracks ? MARGIN + c->n_tracks * TRACK : 0) +
           (c->n_lanes - 1) * (SIDE_WIDTH + MARGIN);
}

/* The middle of a lane. */
static double lane_x(const struct picture *p, int column, int lane)
{
    const struct column *c = &p->l.columns[column];

    if (lane == 0)
        return p->left[column] + MAIN_WIDTH / 2.0;
    return p->left[column] + MAIN_WIDTH + (c->n_tracks ? MARGIN + c->n_tracks * TRACK : 0) +
           (lane - 1) * (SIDE_WIDTH + MARGIN) + MARGIN + SIDE_WIDTH / 2.0;
}

static double wire_x(const struct picture *p, int column, const struct wire *w)
{
    return w->lane >= 0 ? lane_x(p, column, w->lane) :
                          p->left[column] + MAIN_WIDTH + MARGIN + w->track * TRACK;
}

static double row_y(const struct picture *p, int column, int row) /* upper edge of boxes */
{
    return p->top[column] + HEADER + (row - p->l.columns[column].first_row) * ROW;
}

static double column_bottom(const struct picture *p, int column)
{
    return row_y(p, column, p->l.columns[column].end_row);
}

static double half_width(const struct box *b)
{
    return (b->lane == 0 ? MAIN_WIDTH : SIDE_WIDTH) / 2.0;
}

/* Bands of columns, or one above the other in a file. */
static double place_columns(struct picture *p, double *width)
{
    const double first = p->svg->file ? MARGIN : 1;
    double x = first, height = 0, y = p->svg->file ? MARGIN - HEADER : 0, all = 0;

    for (int c = 0, band = 0; c < p->l.n_columns; c++) {
        const double w = column_width(&p->l.columns[c]);

        if (x > first && x + w > BAND_WIDTH) {
            band++;
            x = first;
            y += p->svg->file ? height + GAP : 0;
            height = 0;
        }
        p->band[c] = band;
        p->left[c] = x;
        p->top[c] = y;
        x += w + GAP;
        all = x > all ? x : all;
        height = fmax(height, column_bottom(p, c) - y + HEADER);
    }
    *width = all - GAP + MARGIN;
    return y + height + (p->svg->file ? MARGIN - HEADER : 0);
}

/* ---- residual blocks ---- */

/* Rows of a block: what is below `from`, up to the join. */
static void block_rows(const struct picture *p, const struct residual_block *b, int *first,
                       int *last)
{
    const struct graph_layout *l = &p->l;

    *last = l->boxes[l->of_node[b->join->id]].row;
    *first = b->from->producer ? l->boxes[l->of_node[b->from->producer->id]].row + 1 : 1;
}

static double block_right(const struct picture *p, int column, int first, int last)
{
    const struct graph_layout *l = &p->l;
    double right = p->left[column] + MAIN_WIDTH;

    for (const struct box *b = l->boxes; b < l->boxes + l->n_boxes; b++)
        if (b->row >= first && b->row <= last && b->column == column)
            right = fmax(right, lane_x(p, column, b->lane) + half_width(b));
    for (const struct wire *w = l->wires; w < l->wires + l->n_wires; w++)
        if (l->boxes[w->from].row >= first - 1 && l->boxes[w->to].row <= last)
            right = fmax(right, wire_x(p, column, w) + 4);
    return right;
}

static void title_block(const struct picture *p, int k)
{
    const struct residual_block *b = &p->blocks[k];
    struct str *out = p->svg->out;

    svg_title_begin(p->svg);
    str_printf(out, "residual block %d: %d convolution%s, %s\nfrom ", k + 1, b->n_convs,
               b->n_convs == 1 ? "" : "s", b->projection ? "projection" : "identity skip");
    html_text(out, b->from->name, 60);
    str_puts(out, "\nto ");
    html_text(out, b->to->name, 60);
    svg_title_end(p->svg, "rect");
}

static void draw_block(const struct picture *p, int k, int band)
{
    int first, last;

    block_rows(p, &p->blocks[k], &first, &last);
    for (int c = 0; c < p->l.n_columns; c++) {
        const struct column *column = &p->l.columns[c];
        const int from = first > column->first_row ? first : column->first_row;
        const int to = last < column->end_row ? last + 1 : column->end_row;

        if (from >= to || p->band[c] != band)
            continue;
        svg_rect(p->svg, "block", p->left[c] - 1, row_y(p, c, from) - 2.5,
                 block_right(p, c, first, last) - p->left[c] + 5, (to - from) * ROW - 2);
        title_block(p, k);
    }
}

/* ---- wires ---- */

static void go_down(const struct picture *p, double y)
{
    svg_at(p->svg, "V", y);
}

/* From a side of a box into the channel. */
static void leave(const struct picture *p, const struct box *b, double x)
{
    const double middle = lane_x(p, b->column, b->lane), y = row_y(p, b->column, b->row);

    if (x == middle) {
        svg_at(p->svg, "M", x);
        svg_at(p->svg, " ", y + BOX);
        return;
    }
    const double side = x > middle ? 1 : -1, out = y + BOX / 2.0 + 3;

    svg_at(p->svg, "M", middle + side * half_width(b));
    svg_at(p->svg, " ", out);
    svg_at(p->svg, "H", x - side * CURVE);
    svg_at(p->svg, "Q", x);
    svg_at(p->svg, " ", out);
    svg_at(p->svg, " ", x);
    svg_at(p->svg, " ", out + CURVE);
}

/* From the channel into the side of a box, with an arrow. */
static void enter(const struct picture *p, const struct box *b, double x)
{
    const double middle = lane_x(p, b->column, b->lane), y = row_y(p, b->column, b->row);

    if (x == middle) {
        go_down(p, y);
        return;
    }
    const double side = x > middle ? 1 : -1, in = y + BOX / 2.0 - 3;

    go_down(p, in - CURVE);
    svg_at(p->svg, "Q", x);
    svg_at(p->svg, " ", in);
    svg_at(p->svg, " ", x - side * CURVE);
    svg_at(p->svg, " ", in);
    svg_at(p->svg, "H", middle + side * half_width(b));
    str_printf(p->svg->out, "m%g -3l%g 3l%g 3", side * 5, side * -5, side * 5);
}

static bool is_skip(const struct picture *p, const struct wire *w)
{
    const struct graph_layout *l = &p->l;

    for (int k = 0; k < p->n_blocks; k++) {
        const struct box *join = &l->boxes[l->of_node[p->blocks[k].join->id]];
        int first, last;

        block_rows(p, &p->blocks[k], &first, &last);
        if (l->boxes[w->from].row >= first - 1 && l->boxes[w->to].row <= last &&
            w->lane != join->lane)
            return true;
    }
    return false;
}

static void draw_wire(const struct picture *p, const struct wire *w, int band)
{
    const struct box *from = &p->l.boxes[w->from], *to = &p->l.boxes[w->to];

    if (p->band[from->column] > band || p->band[to->column] < band)
        return;
    str_printf(p->svg->out, "<path class=\"%s\" d=\"", is_skip(p, w) ? "wire skip" : "wire");
    for (int c = from->column; c <= to->column; c++) {
        const double x = wire_x(p, c, w);

        if (p->band[c] != band)
            continue;
        if (c == from->column) {
            leave(p, from, x);
        } else {
            svg_at(p->svg, "M", x);
            svg_at(p->svg, " ", p->top[c]);
        }
        if (c == to->column)
            enter(p, to, x);
        else
            go_down(p, column_bottom(p, c));
    }
    str_puts(p->svg->out, "\"/>\n");
}

/* ---- boxes ---- */

static void title_node(const struct picture *p, const struct node *n)
{
    struct str *out = p->svg->out;
    const int step = p->step_of[n->id];
    char shape[SHAPE_TEXT_MAX];

    svg_title_begin(p->svg);
    if (step)
        str_printf(out, "step %d, %s\n", step, kernel_name(p->r->plan->steps[step - 1].kernel));
    html_text(out, n->origin, 160);
    if (n->out[0])
        str_printf(out, "\n%s%s", dtype_name(n->out[0]->type),
                   shape_text(&n->out[0]->shape, shape));
    svg_title_end(p->svg, "rect");
}

/* About as many pixels as a browser will need; bytes that go on in a letter are none. */
static double text_width(const char *text)
{
    double n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return 6 * n;
}

static void draw_node(const struct picture *p, const struct box *b, double x, double y)
{
    const struct node *n = b->node;
    const double half = half_width(b);
    const bool links = p->step_of[n->id] && !p->svg->file;
    char label[LABEL_MAX], fused[LABEL_MAX];

    if (links)
        str_printf(p->svg->out, "<a href=\"#step-%d\">", p->step_of[n->id]);
    svg_rect(p->svg, label_class(n), x - half, y, 2 * half, BOX);
    title_node(p, n);
    svg_say(p->svg, "node", x - half + 6, y + 13.5, "%s", label_text(n, label));
    if (*label_fused(n, fused))
        svg_say(p->svg, "fused end", x + half - 6, y + 13.5, "%s",
                text_width(label) + text_width(fused) < 2 * half - 16 ? fused : "+");
    if (links)
        str_puts(p->svg->out, "</a>\n");
}

static void draw_end(const struct picture *p, const struct box *b, double x, double y)
{
    const double half = half_width(b);
    const struct value *v = b->value;
    struct str *out = p->svg->out;
    char shape[SHAPE_TEXT_MAX];

    svg_rect(p->svg, "k-end", x - half, y, 2 * half, BOX);
    svg_title_begin(p->svg);
    html_text(out, v->name, 160);
    str_printf(out, "\n%s%s", dtype_name(v->type), shape_text(&v->shape, shape));
    svg_title_end(p->svg, "rect");
    svg_text(p->svg, "node mid", x, y + 13.5, v->name, b->lane == 0 ? 28 : 16);
}

static void draw_box(const struct picture *p, const struct box *b)
{
    const double x = lane_x(p, b->column, b->lane), y = row_y(p, b->column, b->row);

    if (b->node)
        draw_node(p, b, x, y);
    else
        draw_end(p, b, x, y);
}

static void draw_band(const struct picture *p, int band)
{
    const struct graph_layout *l = &p->l;

    for (int k = 0; k < p->n_blocks; k++)
        draw_block(p, k, band);
    for (int w = 0; w < l->n_wires; w++)
        draw_wire(p, &l->wires[w], band);
    for (const struct box *b = l->boxes; b < l->boxes + l->n_boxes; b++)
        if (p->band[b->column] == band)
            draw_box(p, b);
}

/* ---- all of it ---- */

static void draw_bands(struct picture *p, const char *label)
{
    for (int c = 0, band = 0; c < p->l.n_columns; band++) {
        double width = 0, height = 0;

        for (; c < p->l.n_columns && p->band[c] == band; c++) {
            width = p->left[c] + column_width(&p->l.columns[c]) + MARGIN;
            height = fmax(height, column_bottom(p, c) + HEADER);
        }
        svg_open(p->svg, width, height, label);
        draw_band(p, band);
        svg_close(p->svg);
    }
}

static void draw_file(struct picture *p, double width, double height, const char *label)
{
    svg_open(p->svg, width, height, label);
    for (int band = 0; band <= p->band[p->l.n_columns - 1]; band++)
        draw_band(p, band);
    svg_close(p->svg);
}

static bool draw(const struct report *r, struct svg *svg, struct graph *g, const char *label)
{
    struct picture p = { .svg = svg, .r = r };
    double width;

    if (!graph_layout_make(g, ROWS_A_COLUMN, &p.l) || p.l.n_columns == 0)
        return false;
    p.blocks = residual_blocks(g, &p.n_blocks);
    p.left = arena_new_n(g->arena, double, p.l.n_columns);
    p.top = arena_new_n(g->arena, double, p.l.n_columns);
    p.band = arena_new_n(g->arena, int, p.l.n_columns);
    p.step_of = arena_new_n(g->arena, int, g->n_node_ids + 1);
    for (int s = 0; s < r->plan->n_steps && g == r->after; s++)
        p.step_of[r->plan->steps[s].node->id] = s + 1;
    const double height = place_columns(&p, &width);

    if (svg->file)
        draw_file(&p, width, height, label);
    else
        draw_bands(&p, label);
    return true;
}

bool draw_before(const struct report *r, struct svg *svg)
{
    return draw(r, svg, r->before, "the graph as it is in the file");
}

bool draw_after(const struct report *r, struct svg *svg)
{
    return draw(r, svg, r->after, "the graph after optimisation");
}
