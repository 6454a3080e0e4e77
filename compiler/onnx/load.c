// SPDX-License-Identifier: Apache-2.0
#include "onnx/load.h"

#include "base/file.h"
#include "base/out_set.h"
#include "onnx/import.h"
#include "ops/op.h"

#include <ctype.h>
#include <inttypes.h>
#include <sha256.h>
#include <stdio.h>
#include <string.h>

enum { IR_MIN = 3, IR_MAX = ONNX__VERSION__IR_VERSION };

static bool starts_with(const char *bytes, size_t size, const char *magic)
{
    return size >= strlen(magic) && memcmp(bytes, magic, strlen(magic)) == 0;
}

static bool is_text(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && i < 512; i++)
        if (!isprint((unsigned char)bytes[i]) && !isspace((unsigned char)bytes[i]))
            return false;
    return true;
}

/* What people give a compiler by mistake. */
static bool recognise(const char *bytes, size_t size, struct diag *d)
{
    if (size == 0) {
        diag_error(d, "the file is empty");
    } else if (starts_with(bytes, size, "version https://git-lfs")) {
        diag_error(d, "this is a git-LFS pointer, not the model it stands for");
        diag_hint(d, "fetch the model with 'git lfs pull'");
    } else if (starts_with(bytes, size, "PK\003\004")) {
        diag_error(d, "this is a zip archive (a PyTorch checkpoint?), not an ONNX model");
        diag_hint(d, "export the model with torch.onnx.export()");
    } else if (starts_with(bytes, size, "\x1f\x8b")) {
        diag_error(d, "this is a gzip archive, not an ONNX model");
        diag_hint(d, "unpack it with gunzip");
    } else if (is_text(bytes, size)) {
        diag_error(d, "this is a text file, not an ONNX model");
    } else {
        return true;
    }
    return false;
}

static bool check_ir_version(const Onnx__ModelProto *m, struct diag *d)
{
    if (!m->has_ir_version || m->ir_version == 0) {
        diag_error(d, "not an ONNX model: it has no IR version");
        return false;
    }
    if (m->ir_version >= IR_MIN && m->ir_version <= IR_MAX)
        return true;
    diag_error(d, "IR version %" PRId64 " is not supported: this resc reads %d to %d",
               m->ir_version, IR_MIN, IR_MAX);
    return false;
}

/* The version of the standard operators, or 0 after a diagnostic. */
static int find_opset(const Onnx__ModelProto *m, struct diag *d)
{
    const Onnx__OperatorSetIdProto *found = NULL;

    for (size_t i = 0; i < m->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *o = m->opset_import[i];

        if (*text(o->domain) && strcmp(o->domain, "ai.onnx") != 0)
            continue;
        if (found && found->version != o->version) {
            diag_error(d, "the model asks for opset %" PRId64 " and for opset %" PRId64,
                       found->version, o->version);
            return 0;
        }
        found = o;
    }
    if (!found) {
        diag_error(d, "the model does not say which opset of the standard operators it uses");
        return 0;
    }
    if (found->version >= OPSET_MIN && found->version <= OPSET_MAX)
        return (int)found->version;
    diag_error(d, "opset %" PRId64 " is not supported: this resc reads %d to %d", found->version,
               OPSET_MIN, OPSET_MAX);
    diag_hint(d, "export with opset %d, or convert with onnx.version_converter",
              found->version < OPSET_MIN ? 13 : OPSET_MAX);
    return 0;
}

static const char *producer_text(struct arena *a, const Onnx__ModelProto *m)
{
    const char *name = text(m->producer_name), *version = text(m->producer_version);

    return arena_printf(a, "%s%s%s", name, *name && *version ? " " : "", version);
}

/* What changes while reading; a const struct reader points into it. */
struct reading {
    struct map missing;
    struct limits limits;
    uint64_t input_size;
};

static struct reader reader_new(struct arena *a, const char *path, const struct load_options *opt,
                                struct diag *d)
{
    struct reading *state = arena_new_n(a, struct reading, 1);

    state->missing = map_new(a);
    state->limits = opt && opt->limits ? *opt->limits : limits_default();
    return (struct reader){
        .arena = a, .diag = d, .path = path, .external_root = opt ? opt->external_root : NULL,
        .missing = &state->missing, .limits = &state->limits, .input_size = &state->input_size,
    };
}

bool input_take(const struct reader *r, uint64_t size, const char *what)
{
    const uint64_t max = (uint64_t)r->limits->max[LIMIT_INPUT];

    if (size > max || *r->input_size > max - size) {
        limit_error(r->diag, r->limits, LIMIT_INPUT,
                    "%s of %" PRIu64 " bytes is too large, after %" PRIu64 " bytes of other input",
                    what, size, *r->input_size);
        return false;
    }
    *r->input_size += size;
    arena_allow(r->arena, 16 * (size_t)size);
    return true;
}

/* The bytes as a message that does not point into them. */
static Onnx__ModelProto *model_read(const struct reader *r, const char *bytes, size_t size,
                                    struct model_info *info)
{
    ProtobufCMessage *m = NULL;

    if (recognise(bytes, size, r->diag))
        m = message_read(r, &onnx__model_proto__descriptor, bytes, size);
    if (m) {
        info->file_size = size;
        SHA256Data((const uint8_t *)bytes, size, info->sha256);
    }
    return (Onnx__ModelProto *)m;
}

/* `about`: what is known already; *info, if any, gets it and the rest. */
static struct graph *model_import(const struct reader *r, const Onnx__ModelProto *m,
                                  const struct load_options *opt, struct model_info about,
                                  struct model_info *info)
{
    static const struct load_options none = { 0 };
    struct diag *d = r->diag;

    if (!m || !check_ir_version(m, d))
        return NULL;

    struct import im = {
        .r = *r, .model = m, .proto = m->graph, .opt = opt ? opt : &none, .opset = find_opset(m, d),
    };

    if (!im.opset)
        return NULL;
    if (!m->graph) {
        diag_error(d, "the model has no graph");
        return NULL;
    }
    if (m->graph->n_node > (size_t)r->limits->max[LIMIT_NODES]) {
        limit_error(d, r->limits, LIMIT_NODES, "the graph has %zu nodes", m->graph->n_node);
        return NULL;
    }
    survey_operators(&im);

    const bool ok = graph_import(&im);

    im.g->fold = fold_budget(r->limits, *r->input_size);
    about.producer = producer_text(r->arena, m);
    about.ir_version = m->ir_version;
    about.opset = im.opset;
    about.n_parameters = im.n_parameters;
    about.ops = im.ops;
    about.n_ops = im.n_ops;
    if (info)
        *info = about;
    return ok ? im.g : NULL;
}

struct graph *onnx_load_bytes(struct arena *a, const char *path, const char *bytes, size_t size,
                              const struct load_options *opt, struct model_info *info,
                              struct diag *d)
{
    const struct reader r = reader_new(a, path, opt, d);
    struct model_info about = { .producer = "" };
    const Onnx__ModelProto *m =
        input_take(&r, size, "the file") ? model_read(&r, bytes, size, &about) : NULL;

    return model_import(&r, m, opt, about, info);
}

struct graph *onnx_load(struct arena *a, const char *path, const struct load_options *opt,
                        struct model_info *info, struct diag *d)
{
    const struct reader r = reader_new(a, path, opt, d);
    struct model_info about = { .producer = "" };
    size_t size;

    if (file_size(path, &size) && !input_take(&r, size, "the file"))
        return NULL;
    char *bytes = file_read(path, &size, d);

    if (!bytes)
        return NULL;

    const Onnx__ModelProto *m = model_read(&r, bytes, size, &about);

    file_release(bytes); /* before the graph needs its own memory */
    return model_import(&r, m, opt, about, info);
}

bool onnx_parse_tensor(struct arena *a, const char *path, const char *bytes, size_t size,
                       struct tensor *out, struct diag *d)
{
    const struct reader r = reader_new(a, path, NULL, d);
    const ProtobufCMessage *m = message_read(&r, &onnx__tensor_proto__descriptor, bytes, size);
    const Onnx__TensorProto *p = (const Onnx__TensorProto *)m;
    const char *what = arena_printf(a, "the tensor in '%s'", path);

    if (!p || !tensor_import(&r, p, what, out))
        return false;
    if (out->type == DT_NONE)
        diag_error(d, "%s has elements of type %s: not supported", what,
                   element_type_name(p->data_type));
    return out->type != DT_NONE;
}

bool onnx_read_tensor(struct arena *a, const char *path, struct tensor *out, struct diag *d)
{
    size_t size;
    char *bytes = file_read(path, &size, d);
    const bool ok = bytes && onnx_parse_tensor(a, path, bytes, size, out, d);

    file_release(bytes);
    return ok;
}

bool onnx_write_tensor(struct out_set *set, const char *path, const struct tensor *t)
{
    Onnx__TensorProto p = ONNX__TENSOR_PROTO__INIT;
    struct arena *a = set->arena;
    FILE *out = out_open(set, path);
    struct shape s = t->shape;

    if (!out)
        return false;
    p.n_dims = (size_t)s.rank;
    p.dims = s.dim;
    p.has_data_type = true;
    p.data_type = dtype_to_onnx(t->type);
    p.name = arena_strdup(a, t->name ? t->name : "");
    p.has_raw_data = true;
    p.raw_data.len = (size_t)shape_len(&s) * dtype_size(t->type);
    p.raw_data.data = arena_alloc(a, p.raw_data.len + 1);
    memcpy(p.raw_data.data, t->data, p.raw_data.len);

    uint8_t *bytes = arena_alloc(a, onnx__tensor_proto__get_packed_size(&p));
    const size_t size = onnx__tensor_proto__pack(&p, bytes);

    fwrite(bytes, 1, size, out);
    return true;
}
