// SPDX-License-Identifier: Apache-2.0
/* faults.h - what can be wrong with a model or with where its C shall go, and
 * what resc says of it, to the letter. */
#ifndef RESC_TESTS_FAULTS_H
#define RESC_TESTS_FAULTS_H

struct arena;

struct fault {
    const char *name;
    /* Writes bad.onnx and whatever else there is into `dir`. */
    void (*make)(struct arena *a, const char *dir);
    const char *args; /* of resc, in `dir` */
    const char *says; /* on standard error */
};

extern const struct fault faults[];
extern const int n_faults;

#endif
