// SPDX-License-Identifier: Apache-2.0
/* count.h - how many elements an array has. */
#ifndef RESC_BASE_COUNT_H
#define RESC_BASE_COUNT_H

#include <stddef.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

#endif
