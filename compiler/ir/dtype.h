// SPDX-License-Identifier: Apache-2.0
/* dtype.h - element types.  Generated code may hold six of them; the others are
 * for constants, which Cast converts at compile time. */
#ifndef RESC_IR_DTYPE_H
#define RESC_IR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

/*    symbol  ONNX TensorProto.DataType, name in messages, bytes, C type in generated code,
 *    whether generated code may hold it */
#define DTYPES(X) \
    X(F32, 1, "f32", 4, "float", true) \
    X(U8, 2, "u8", 1, "uint8_t", true) \
    X(I8, 3, "i8", 1, "int8_t", true) \
    X(U16, 4, "u16", 2, "uint16_t", false) \
    X(I16, 5, "i16", 2, "int16_t", false) \
    X(I32, 6, "i32", 4, "int32_t", true) \
    X(I64, 7, "i64", 8, "int64_t", true) \
    X(BOOL, 9, "bool", 1, "uint8_t", true) \
    X(F16, 10, "f16", 2, "uint16_t", false) \
    X(F64, 11, "f64", 8, "double", false) \
    X(U32, 12, "u32", 4, "uint32_t", false) \
    X(U64, 13, "u64", 8, "uint64_t", false) \
    X(BF16, 16, "bf16", 2, "uint16_t", false)

enum dtype {
    DT_NONE,
#define DTYPE(sym, onnx, name, size, c, runs) DT_##sym,
    DTYPES(DTYPE)
#undef DTYPE
    N_DTYPES
};

const char *dtype_name(enum dtype t);   /* "f32"; "?" for DT_NONE */
const char *dtype_c_name(enum dtype t); /* "float" */
size_t dtype_size(enum dtype t);        /* bytes an element; 0 for DT_NONE */
bool dtype_runs(enum dtype t);          /* generated code may hold it */
enum dtype dtype_from_onnx(int data_type); /* DT_NONE: a type resc does not know */
int dtype_to_onnx(enum dtype t);        /* 0 for DT_NONE */

#endif
