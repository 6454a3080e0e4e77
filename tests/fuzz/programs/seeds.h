// SPDX-License-Identifier: Apache-2.0
/* seeds.h - the models of seeds.def. */
#ifndef RESC_TESTS_FUZZ_SEEDS_H
#define RESC_TESTS_FUZZ_SEEDS_H

struct model;

extern const int n_seeds;
struct model *seed_model(int i); /* freed by model_free() */

#endif
