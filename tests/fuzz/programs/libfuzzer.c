// SPDX-License-Identifier: Apache-2.0
/* A target as libFuzzer knows it.  Compiled once for each: -DFUZZED=target_load. */
#include "mutate.h"
#include "target.h"

const char *__asan_default_options(void);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A short quarantine, so that memory stays in the cache; leaks are seen by target_try(). */
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=2:malloc_context_size=4:max_malloc_fill_size=0:detect_leaks=0";
}

/* Three of four times along the message, else (and if it is none) its bytes. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct random r = { seed };
    const size_t n = random_one_in(&r, 4) ? 0 : mutate_message(FUZZED.type, data, size, max_size, &r);

    return n ? n : LLVMFuzzerMutate(data, size, max_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target_try(&FUZZED, data, size);
    return 0;
}
