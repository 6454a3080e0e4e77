// SPDX-License-Identifier: Apache-2.0
/* step_facts.h - what a step does and how fast: for the table and for the roofline. */
#ifndef RESC_REPORT_STEP_FACTS_H
#define RESC_REPORT_STEP_FACTS_H

#include "report/report.h"

struct step_facts {
    double macs;       /* multiply-adds of the operator */
    double read;       /* bytes of inputs and weights, each counted once */
    double written;    /* bytes of outputs */
    double ms;         /* fastest run measured, or predicted; 0: not known */
    double gflops;     /* 2 operations to a multiply-add */
    double intensity;  /* operations to a byte read or written */
    double percent;    /* of the peak; 0 without a measurement */
    double share;      /* of the time of all steps, in percent */
};

/* Of all steps, [plan->n_steps]. */
const struct step_facts *step_facts(const struct report *r);
/* Operations and bytes a second that times are held against. */
double report_peak(const struct report *r);
double report_bandwidth(const struct report *r);
/* "measured ..." or "predicted ..." */
const char *report_times_text(const struct report *r);

#endif
