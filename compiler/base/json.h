// SPDX-License-Identifier: Apache-2.0
/* json.h - writes one JSON document into a str.  Commas are put in by the
 * writer; text from a model is escaped by str_escaped() first. */
#ifndef RESC_BASE_JSON_H
#define RESC_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct str;

struct json {
    struct str *out;
    bool comma; /* the next element needs one before it */
};

/* `key` is NULL inside an array and at the top. */
void json_object(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_array(struct json *j, const char *key);
void json_end_array(struct json *j);
void json_string(struct json *j, const char *key, const char *text); /* NULL text: null */
void json_int(struct json *j, const char *key, int64_t i);
void json_number(struct json *j, const char *key, double x); /* not finite: null */
void json_bool(struct json *j, const char *key, bool b);

#endif
