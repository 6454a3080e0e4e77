// SPDX-License-Identifier: Apache-2.0
/* models.h - small networks that together have everything the emitter writes. */
#ifndef RESC_TESTS_E2E_MODELS_H
#define RESC_TESTS_E2E_MODELS_H

struct model;

struct e2e_model {
    const char *name; /* a C identifier: file name and prefix */
    int opset;
    void (*build)(struct model *m);
};

extern const struct e2e_model e2e_models[];
extern const int n_e2e_models;

/* Convolutional ones, for the kernels in blocks of 16 channels; values of about 1. */
extern const struct e2e_model e2e_native_models[];
extern const int n_e2e_native_models;

/* The one of either list named so; aborts if there is none. */
const struct e2e_model *e2e_model_named(const char *name);

/* f32 initialiser of pseudo-random numbers in [-0.5, 0.5), the same in every run. */
void random_weight(struct model *m, const char *name, const char *shape);

#endif
