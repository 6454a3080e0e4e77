// SPDX-License-Identifier: Apache-2.0
/* figures.h - the pictures, a file each; figures.def lists them. */
#ifndef RESC_REPORT_FIGURES_H
#define RESC_REPORT_FIGURES_H

#include "report/report.h"
#include "report/svg.h"

#define FIGURE(name, function, needs, brief) bool function(const struct report *r, struct svg *svg);
#include "report/figures.def"
#undef FIGURE

#endif
