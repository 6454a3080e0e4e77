// SPDX-License-Identifier: Apache-2.0
#include "base/amount.h"

#include <stdio.h>

static const char *scaled(double n, double base, const char *const units[5], char *text)
{
    int u = 0;

    while (n >= base && u < 4) {
        n /= base;
        u++;
    }
    snprintf(text, AMOUNT_TEXT_MAX, u == 0 ? "%.0f%s" : n < 10 ? "%.2f %s" :
             n < 100 ? "%.1f %s" : "%.0f %s", n, units[u]);
    return text;
}

const char *amount_text(double n, char text[AMOUNT_TEXT_MAX])
{
    static const char *const units[] = { "", "k", "M", "G", "T" };

    return scaled(n, 1000, units, text);
}

const char *bytes_text(size_t n, char text[AMOUNT_TEXT_MAX])
{
    static const char *const units[] = { " bytes", "KiB", "MiB", "GiB", "TiB" };

    return scaled((double)n, 1024, units, text);
}
