// SPDX-License-Identifier: Apache-2.0
/* facts_rule.h - what the two halves of facts.h share.  Nobody else includes it. */
#ifndef RESC_ANALYSIS_FACTS_RULE_H
#define RESC_ANALYSIS_FACTS_RULE_H

#include "analysis/facts.h"

struct facts {
    struct arena *arena;
    int n; /* values */
    struct fact *of; /* by value->id; not of constants, which are looked at when asked for */
};

/* Of out[0] of a node, without n->act, if its operator has a rule. */
struct fact fact_by_rule(const struct facts *f, const struct node *n);
/* x with no bound that is NAN and no channel that is infinite; and where all channels are
 * known, they bound the value by 0, but no closer, since they may be rounded. */
struct fact fact_sound(const struct facts *f, const struct shape *s, struct fact x);
/* Room for the channels of a value of shape `s`, all NAN; NULL: it has none. */
float *fact_channels(const struct facts *f, const struct shape *s);

#endif
