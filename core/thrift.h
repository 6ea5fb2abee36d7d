/* thrift: the compact protocol of Apache Thrift, as far as Parquet's headers and footers need it.
 *
 * Writing: thrift_begin, fields in rising order of their numbers, thrift_end; structs nest. Reading: thrift_field gives number
 * and type of the next field, the caller takes its value or calls thrift_skip. A failure sets `bad` and every later call fails:
 * check once at the end. Depth and lengths are bounded by the input itself. Source: thrift-compact-protocol.md. */
#pragma once
#include "core/buf.h"

enum { THRIFT_DEPTH_MAX = 32 };
enum thrift_type {
	THRIFT_STOP, THRIFT_TRUE, THRIFT_FALSE, THRIFT_I8, THRIFT_I16, THRIFT_I32, THRIFT_I64, THRIFT_DOUBLE, THRIFT_BINARY, THRIFT_LIST,
	THRIFT_SET, THRIFT_MAP, THRIFT_STRUCT, THRIFT_UUID
};

struct thrift_out {
	struct buf *out;
	int depth;
	int last[THRIFT_DEPTH_MAX]; /* number of the last field, per open struct */
};

/* The outermost struct: field 0 of nothing. */
void thrift_begin(struct thrift_out *t, struct buf *out);
void thrift_put_i32(struct thrift_out *t, int field, int32_t v);
void thrift_put_i64(struct thrift_out *t, int field, int64_t v);
void thrift_put_bool(struct thrift_out *t, int field, bool v);
void thrift_put_bytes(struct thrift_out *t, int field, const void *p, size_t n);
void thrift_put_struct(struct thrift_out *t, int field); /* closed by thrift_end */
void thrift_put_list(struct thrift_out *t, int field, enum thrift_type type, size_t n);
/* Elements of a list. */
void thrift_item_i32(struct thrift_out *t, int32_t v);
void thrift_item_bytes(struct thrift_out *t, const void *p, size_t n);
void thrift_item_struct(struct thrift_out *t); /* closed by thrift_end */
void thrift_end(struct thrift_out *t);

struct thrift_in {
	const char *at, *end;
	bool bad;
	int depth;
	int last[THRIFT_DEPTH_MAX];
	int field;             /* of the last thrift_field */
	enum thrift_type type;
};

struct thrift_in thrift_of(struct str s);
/* Step into a struct (the outermost one, the value of a field, or an element). */
bool thrift_struct(struct thrift_in *t);
/* The next field into t->field and t->type; false at the end of the struct, which is then left. */
bool thrift_field(struct thrift_in *t);
/* Values, of the field just told. Wrong types are a failure. */
int64_t thrift_int(struct thrift_in *t);
bool thrift_bool(struct thrift_in *t);
struct str thrift_bytes(struct thrift_in *t); /* a slice of the input */
/* Number of elements; their type in *type. Each element takes a byte at least: never above what is left of the input. */
size_t thrift_list(struct thrift_in *t, enum thrift_type *type);
/* Elements of a list of that type. */
int64_t thrift_int_item(struct thrift_in *t);
struct str thrift_bytes_item(struct thrift_in *t);
void thrift_skip(struct thrift_in *t);
