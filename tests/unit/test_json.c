// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/str.h"

#include <criterion/criterion.h>
#include <math.h>

Test(json, document)
{
    struct str s = { 0 };
    struct json j = { .out = &s };

    json_object(&j, NULL);
    json_int(&j, "schema", 1);
    json_string(&j, "name", "a \"b\" \\ \n\xff");
    json_array(&j, "list");
    json_number(&j, NULL, 0.5);
    json_number(&j, NULL, NAN);
    json_object(&j, NULL);
    json_end_object(&j);
    json_end_array(&j);
    json_bool(&j, "ok", true);
    json_string(&j, "none", NULL);
    json_end_object(&j);
    cr_assert_str_eq(str_text(&s),
                     "{\"schema\":1,\"name\":\"a \\\"b\\\" \\\\\\\\ \\\\x0a\\\\xff\","
                     "\"list\":[0.5,null,{}],\"ok\":true,\"none\":null}");
    str_free(&s);
}
