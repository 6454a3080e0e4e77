// SPDX-License-Identifier: Apache-2.0
/* write_model SUBJECT FILE.onnx - for disk.sh */
#include "model.h"
#include "subjects.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    for (int i = 0; i < n_subjects && argc == 3; i++)
        if (strcmp(subjects[i].name, argv[1]) == 0) {
            struct model *m = subject_model(&subjects[i]);
            const bool ok = model_write(m, argv[2]);

            model_free(m);
            return !ok;
        }
    fputs("usage: write_model SUBJECT FILE.onnx\n", stderr);
    return 2;
}
