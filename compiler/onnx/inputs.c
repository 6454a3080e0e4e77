// SPDX-License-Identifier: Apache-2.0
/* inputs.c - graph inputs, and a size for every dimension that the file leaves
 * open.  Sizes come from data given with the model, then from -D, then for
 * dimension 0 from --batch; if nobody speaks of it, it is a batch of 1. */
#include "onnx/import.h"

#include <inttypes.h>
#include <string.h>

struct input {
    const Onnx__ValueInfoProto *p;
    const Onnx__TensorShapeProto *shape; /* NULL: the file gives none */
    const struct tensor *data;           /* NULL: none given */
    enum dtype type;
};

enum dtype declared_type(const Onnx__TypeProto *type)
{
    if (!type || type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
        return DT_NONE;
    return dtype_from_onnx(type->tensor_type->elem_type);
}

static const Onnx__TensorShapeProto *shape_of_type(const Onnx__TypeProto *type)
{
    if (!type || type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
        return NULL;
    return type->tensor_type->shape;
}

static bool is_fixed(const Onnx__TensorShapeProto__Dimension *dim)
{
    return dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
}

/* "" for a dimension that is fixed or has no name. */
static const char *dim_name(const Onnx__TensorShapeProto__Dimension *dim)
{
    return dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
               ? text(dim->dim_param)
               : "";
}

struct shape declared_shape(const struct import *im, const Onnx__TypeProto *type)
{
    const Onnx__TensorShapeProto *p = shape_of_type(type);
    struct shape s = { .rank = -1 };

    if (!p || p->n_dim > MAX_RANK)
        return s;
    s.rank = (int)p->n_dim;
    for (int i = 0; i < s.rank; i++) {
        const int64_t *bound = map_get(&im->dims, dim_name(p->dim[i]));

        s.dim[i] = is_fixed(p->dim[i]) ? p->dim[i]->dim_value : bound ? *bound : -1;
    }
    return s;
}

bool dimension_is_fixed(const Onnx__TypeProto *type, int i)
{
    return is_fixed(shape_of_type(type)->dim[i]);
}

static bool type_import(const struct import *im, struct input *in)
{
    static const char *const kinds[] = {
        [ONNX__TYPE_PROTO__VALUE__NOT_SET] = "has no type",
        [ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE] = "is a sequence: only tensors are supported",
        [ONNX__TYPE_PROTO__VALUE_MAP_TYPE] = "is a map: only tensors are supported",
        [ONNX__TYPE_PROTO__VALUE_OPAQUE_TYPE] = "is opaque: only tensors are supported",
        [ONNX__TYPE_PROTO__VALUE_SPARSE_TENSOR_TYPE] = "is sparse: only tensors are supported",
        [ONNX__TYPE_PROTO__VALUE_OPTIONAL_TYPE] = "is optional: only tensors are supported",
    };
    const Onnx__TypeProto *type = in->p->type;
    const Onnx__TypeProto__ValueCase kind = type ? type->value_case
                                                 : ONNX__TYPE_PROTO__VALUE__NOT_SET;

    if (kind != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE) {
        diag_error(im->r.diag, "input '%s' %s", text(in->p->name), kinds[kind]);
        return false;
    }
    in->type = declared_type(type);
    in->shape = type->tensor_type->shape;
    if (dtype_runs(in->type))
        return true;
    diag_error(im->r.diag, "input '%s' has elements of type %s: not supported as an input",
               text(in->p->name), element_type_name(type->tensor_type->elem_type));
    if (in->type == DT_F16 || in->type == DT_BF16 || in->type == DT_F64)
        diag_hint(im->r.diag, "export the model in float32");
    return false;
}

static void bind(struct import *im, const char *name, int64_t size, const char *by)
{
    const int64_t *had = map_get(&im->dims, name);
    int64_t *now;

    if (had && *had != size)
        diag_error(im->r.diag, "dimension \"%s\" is %" PRId64 " by %s, but %" PRId64 " elsewhere",
                   name, size, by, *had);
    if (had || !*name)
        return;
    now = arena_new_n(im->r.arena, int64_t, 1);
    *now = size;
    map_put(&im->dims, name, now);
}

/* The -D that speaks of this dimension, by its name or as INPUT:AXIS.  `used`,
 * if given, marks all that do. */
static const struct dim_define *find_define(const struct import *im, const struct input *in,
                                            int axis, bool *used)
{
    const struct dim_define *found = NULL;
    const char *place = arena_printf(im->r.arena, "%s:%d", text(in->p->name), axis);
    const char *name = dim_name(in->shape->dim[axis]);

    for (int i = 0; i < im->opt->n_dims; i++) {
        const struct dim_define *def = &im->opt->dims[i];

        if (strcmp(def->name, place) == 0 || (*name && strcmp(def->name, name) == 0)) {
            found = def;
            if (used)
                used[i] = true;
        }
    }
    return found;
}

static void check_data(struct import *im, const struct input *in)
{
    char shown[SHAPE_TEXT_MAX];

    if (in->data->type != in->type)
        diag_error(im->r.diag, "the data for input '%s' is %s, the model says %s",
                   text(in->p->name), dtype_name(in->data->type), dtype_name(in->type));
    if (!in->shape)
        return;
    bool fits = in->shape->n_dim == (size_t)in->data->shape.rank;

    for (int i = 0; fits && i < in->data->shape.rank; i++)
        fits = !is_fixed(in->shape->dim[i]) ||
               in->shape->dim[i]->dim_value == in->data->shape.dim[i];
    if (!fits) {
        const struct shape wanted = declared_shape(im, in->p->type);
        char model[SHAPE_TEXT_MAX];

        diag_error(im->r.diag, "the data for input '%s' has shape %s, the model says %s",
                   text(in->p->name), shape_text(&in->data->shape, shown),
                   shape_text(&wanted, model));
        return;
    }
    for (int i = 0; i < in->data->shape.rank; i++)
        bind(im, dim_name(in->shape->dim[i]), in->data->shape.dim[i],
             arena_printf(im->r.arena, "the data for input '%s'", text(in->p->name)));
}

/* Names that -D fixes, and contradictions between -D and the rest. */
static void apply_defines(struct import *im, const struct input *in, bool *used)
{
    if (!in->shape)
        return;
    for (int axis = 0; axis < (int)in->shape->n_dim; axis++) {
        const Onnx__TensorShapeProto__Dimension *dim = in->shape->dim[axis];
        const struct dim_define *def = find_define(im, in, axis, used);
        int64_t fixed;

        if (!def)
            continue;
        bind(im, dim_name(dim), def->size, arena_printf(im->r.arena, "-D %s=%" PRId64, def->name,
                                                        def->size));
        if (in->data && axis < in->data->shape.rank)
            fixed = in->data->shape.dim[axis];
        else if (is_fixed(dim))
            fixed = dim->dim_value;
        else
            continue;
        if (fixed != def->size && !*dim_name(dim))
            diag_error(im->r.diag, "-D %s=%" PRId64 ": dimension %d of input '%s' is %" PRId64,
                       def->name, def->size, axis, text(in->p->name), fixed);
    }
}

static bool has_batch(const struct input *in)
{
    return in->shape && in->shape->n_dim && !in->data;
}

/* It is an error if no input has dimension 0 open or of that size. */
static void apply_batch(struct import *im, const struct input *list, int n)
{
    const int64_t batch = im->opt->batch;
    const struct input *other = NULL;
    bool found = !batch;

    for (int i = 0; i < n; i++) {
        if (!has_batch(&list[i]))
            continue;
        const Onnx__TensorShapeProto__Dimension *dim = list[i].shape->dim[0];

        if (!is_fixed(dim) && batch)
            bind(im, dim_name(dim), batch, arena_printf(im->r.arena, "--batch=%" PRId64, batch));
        if (!is_fixed(dim) || dim->dim_value == batch)
            found = true;
        else if (!other)
            other = &list[i];
    }
    if (found)
        return;
    if (other)
        diag_error(im->r.diag,
                   "--batch=%" PRId64 ": dimension 0 of input '%s' is fixed to %" PRId64, batch,
                   text(other->p->name), other->shape->dim[0]->dim_value);
    else
        diag_error(im->r.diag, "--batch=%" PRId64 ": no input has a dimension 0", batch);
    diag_hint(im->r.diag, "export the model with an open dimension 0, or with that batch");
}

static int64_t open_dimension(struct import *im, const struct input *in, int axis)
{
    const char *input = text(in->p->name), *name = dim_name(in->shape->dim[axis]);
    const int64_t *bound = map_get(&im->dims, name);
    const struct dim_define *def = find_define(im, in, axis, NULL);
    const char *key = *name ? name : arena_printf(im->r.arena, "%s:%d", input, axis);
    const char *shown = *name ? arena_printf(im->r.arena, " (\"%s\")", name) : "";

    if (bound)
        return *bound;
    if (def)
        return def->size;
    if (axis == 0 && im->opt->batch)
        return im->opt->batch;
    if (axis == 0) {
        diag_note(im->r.diag, "input '%s': open batch dimension 0%s taken as 1; -D %s=4 makes it 4",
                  input, shown, key);
        bind(im, name, 1, "default");
        return 1;
    }
    diag_error(im->r.diag, "input '%s': dimension %d%s is not fixed", input, axis, shown);
    diag_hint(im->r.diag, "give it with -D %s=...", key);
    return 1;
}

static bool shape_import(struct import *im, const struct input *in, struct shape *out)
{
    const char *name = text(in->p->name);
    char shown[SHAPE_TEXT_MAX];

    *out = in->data ? in->data->shape : (struct shape){ 0 };
    if (!in->shape && !in->data) {
        diag_error(im->r.diag, "input '%s' has no shape, not even a rank", name);
        diag_hint(im->r.diag, "export the model with the shapes of its inputs");
        return false;
    }
    if (in->shape && in->shape->n_dim > MAX_RANK) {
        diag_error(im->r.diag, "input '%s' has %zu dimensions: at most %d are supported", name,
                   in->shape->n_dim, MAX_RANK);
        return false;
    }
    for (int i = 0; !in->data && i < (int)in->shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *dim = in->shape->dim[i];

        out->dim[out->rank++] = is_fixed(dim) ? dim->dim_value : open_dimension(im, in, i);
        if (out->dim[i] < 0) {
            diag_error(im->r.diag, "input '%s': dimension %d is negative: %" PRId64, name, i,
                       out->dim[i]);
            return false;
        }
    }
    if (shape_len_checked(out) >= 0)
        return true;
    diag_error(im->r.diag, "input '%s' has too many elements: %s, at most %" PRId64
               " are supported", name, shape_text(out, shown), SHAPE_LEN_MAX);
    return false;
}

static void input_import(struct import *im, const struct input *in)
{
    const char *name = text(in->p->name);
    struct shape s;

    if (!shape_import(im, in, &s)) {
        map_put(&im->refused, name, (void *)"");
        return;
    }
    struct value *v = graph_add_input(im->g, name, in->type, s);

    if (in->data && im->opt->offer_data && in->data->type == in->type)
        v->offer = in->data->data;
    map_put(&im->values, name, v);
}

/* The inputs that are no constants, of types that can be inputs. */
static int list_inputs(struct import *im, const struct map *initialised, struct input *list)
{
    struct map seen = map_new(im->r.arena);
    int n = 0, at = 0;

    for (size_t i = 0; i < im->proto->n_input; i++) {
        struct input in = { .p = im->proto->input[i] };
        const char *name = text(in.p->name);

        if (!*name)
            diag_error(im->r.diag, "input %zu has no name", i);
        else if (map_put(&seen, name, &seen))
            diag_error(im->r.diag, "value '%s' is defined twice", name);
        else if (!map_get(initialised, name)) {
            in.data = at < im->opt->n_data ? &im->opt->data[at] : NULL;
            at++;
            if (type_import(im, &in))
                list[n++] = in;
            else
                map_put(&im->refused, name, (void *)"");
        }
    }
    if (at < im->opt->n_data)
        diag_error(im->r.diag, "data is given for %d inputs, the model has %d", im->opt->n_data,
                   at);
    return n;
}

void inputs_import(struct import *im, const struct map *initialised)
{
    struct input *list = arena_new_n(im->r.arena, struct input, im->proto->n_input);
    bool *used = arena_new_n(im->r.arena, bool, im->opt->n_dims);
    const int n = list_inputs(im, initialised, list);

    for (int i = 0; i < n; i++)
        if (list[i].data)
            check_data(im, &list[i]);
    for (int i = 0; i < n; i++)
        apply_defines(im, &list[i], used);
    for (int i = 0; i < im->opt->n_dims; i++)
        if (!used[i])
            diag_error(im->r.diag, "-D %s=%" PRId64 ": no input has such a dimension",
                       im->opt->dims[i].name, im->opt->dims[i].size);
    apply_batch(im, list, n);
    for (int i = 0; i < n; i++)
        input_import(im, &list[i]);
}
