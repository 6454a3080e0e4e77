// SPDX-License-Identifier: Apache-2.0
/* subjects.h - small models that together have every operator (subjects.def). */
#ifndef RESC_TESTS_FAULTS_SUBJECTS_H
#define RESC_TESTS_FAULTS_SUBJECTS_H

#include "ir/dtype.h"

struct model;

struct subject {
    const char *name;
    int opset;
    enum dtype in_type;
    const char *in_shape;
    enum dtype out_type;
    const char *nodes;
};

extern const struct subject subjects[];
extern const int n_subjects;

/* Released by model_free(). */
struct model *subject_model(const struct subject *s);

/* x of 0, 1, 2, ... as a TensorProto; f32.  Aborts if it cannot. */
void subject_write_input(const struct subject *s, const char *path);

/* Rows of `resc ops` that are in no subject, which are named on stderr. */
int ops_without_subject(void);

#endif
