// SPDX-License-Identifier: Apache-2.0
/* assets.h - the files of this room that are no C, made into strings at build
 * time by tools/embed.py. */
#ifndef RESC_REPORT_ASSETS_H
#define RESC_REPORT_ASSETS_H

extern const char figure_css[]; /* colours, light and dark, and the classes of the SVG */
extern const char page_css[];   /* the document around the figures */
extern const char page_js[];    /* sorts tables; nothing depends on it */

#endif
