// SPDX-License-Identifier: Apache-2.0
/* target.h - the parts of resc that are fed with hostile bytes.
 *
 * A target is one file, fuzz_NAME.c, and a row in targets.def.  libFuzzer
 * drives it (libfuzzer.c), its corpus is replayed through it (replay.c), and so
 * are mutants of valid models (mutants.c). */
#ifndef RESC_TESTS_FUZZ_TARGET_H
#define RESC_TESTS_FUZZ_TARGET_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diag;

struct target {
    const char *name;
    /* Whether resc took the input; what it refused, it gave a reason for. */
    bool (*run)(struct arena *a, struct diag *d, const char *bytes, size_t size);
    const ProtobufCMessageDescriptor *type; /* what inputs are, for the mutator */
};

#define TARGET(name) extern const struct target target_##name;
#include "targets.def"
#undef TARGET

enum outcome { TAKEN, REFUSED, OUT_OF_MEMORY, N_OUTCOMES };

/* One input through a target: in an arena with a limit, its messages swallowed
 * (unless FUZZ_VERBOSE is in the environment).
 * Aborts if the target refuses without a reason, takes what it reported as
 * wrong, or keeps memory. */
enum outcome target_try(const struct target *t, const void *bytes, size_t size);

#endif
