// SPDX-License-Identifier: Apache-2.0
/* certificate.h - what `verify --layers` says of the steps, and in one line. */
#ifndef RESC_CLI_CERTIFICATE_H
#define RESC_CLI_CERTIFICATE_H

#include "cli/layers.h"

struct json;

/* Steps by the worst verdict of their outputs. */
struct certificate {
    int n_steps, n_of[STEP_OFF + 1];
    double worst, median;        /* of the ratios of those within their bound */
    const struct layer *nearest; /* has the worst; NULL: there are none */
};

/* What else a certificate names. */
struct certified {
    const struct compiled *made;
    const char *data_set;
    const char *compiler; /* that built the program */
};

struct certificate certificate_of(struct arena *a, const struct layers *l);
/* A table of the steps, the first that is off, and the certificate, on a line. */
void certificate_print(const struct layers *l, const struct certified *of);
/* "layers": [...], "certificate": {...} */
void certificate_json(struct json *j, const struct layers *l, const struct certified *of);

#endif
