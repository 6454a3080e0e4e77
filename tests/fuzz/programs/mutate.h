// SPDX-License-Identifier: Apache-2.0
/* mutate.h - changes protobuf messages along their descriptors, so that what
 * comes out is read as a message again: unpack, change, pack. */
#ifndef RESC_TESTS_FUZZ_MUTATE_H
#define RESC_TESTS_FUZZ_MUTATE_H

#include "random.h"

#include <protobuf-c/protobuf-c.h>

/* Changes the message of `type` at `bytes`, where there is room for `room`.
 * Its size now; 0: no message, or one that became too large, and nothing was
 * changed. */
size_t mutate_message(const ProtobufCMessageDescriptor *type, uint8_t *bytes, size_t size,
                      size_t room, struct random *r);

#endif
