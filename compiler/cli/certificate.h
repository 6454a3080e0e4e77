// SPDX-License-Identifier: Apache-2.0
/* certificate.h - what `verify --layers` says of the steps, and in one line. */
#ifndef RESC_CLI_CERTIFICATE_H
#define RESC_CLI_CERTIFICATE_H

#include "cli/layers.h"

struct json;

/* What else a certificate names. */
struct certified {
    const struct compiled *made;
    const char *data_set;
    const char *compiler; /* that built the program */
};

/* A table of the steps, the first that is off, and the certificate, on a line. */
void certificate_print(const struct layers *l, const struct certified *of);
/* "layers": [...], "certificate": {...} */
void certificate_json(struct json *j, const struct layers *l, const struct certified *of);

#endif
