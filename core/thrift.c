#include "core/thrift.h"

#include <assert.h>

/* ---- writing ---- */

static void put_varint(struct buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_byte(b, (char)(v | 0x80));
	buf_byte(b, (char)v);
}

static uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

/* Short form: the distance to the last field's number beside the type. */
static void put_head(struct thrift_out *t, int field, enum thrift_type type)
{
	int step = field - t->last[t->depth];
	assert(step > 0 && step <= 15);
	buf_byte(t->out, (char)(step << 4 | (int)type));
	t->last[t->depth] = field;
}

static void open_struct(struct thrift_out *t)
{
	assert(t->depth + 1 < THRIFT_DEPTH_MAX);
	t->last[++t->depth] = 0;
}

void thrift_begin(struct thrift_out *t, struct buf *out)
{
	*t = (struct thrift_out){.out = out};
}

void thrift_put_i32(struct thrift_out *t, int field, int32_t v)
{
	put_head(t, field, THRIFT_I32);
	put_varint(t->out, zigzag(v));
}

void thrift_put_i64(struct thrift_out *t, int field, int64_t v)
{
	put_head(t, field, THRIFT_I64);
	put_varint(t->out, zigzag(v));
}

void thrift_put_bool(struct thrift_out *t, int field, bool v)
{
	put_head(t, field, v ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_put_bytes(struct thrift_out *t, int field, const void *p, size_t n)
{
	put_head(t, field, THRIFT_BINARY);
	thrift_item_bytes(t, p, n);
}

void thrift_put_struct(struct thrift_out *t, int field)
{
	put_head(t, field, THRIFT_STRUCT);
	open_struct(t);
}

void thrift_put_list(struct thrift_out *t, int field, enum thrift_type type, size_t n)
{
	put_head(t, field, THRIFT_LIST);
	buf_byte(t->out, (char)((n < 15 ? (int)n : 15) << 4 | (int)type));
	if (n >= 15)
		put_varint(t->out, n);
}

void thrift_item_i32(struct thrift_out *t, int32_t v)
{
	put_varint(t->out, zigzag(v));
}

void thrift_item_bytes(struct thrift_out *t, const void *p, size_t n)
{
	put_varint(t->out, n);
	buf_add(t->out, p, n);
}

void thrift_item_struct(struct thrift_out *t)
{
	open_struct(t);
}

void thrift_end(struct thrift_out *t)
{
	buf_byte(t->out, THRIFT_STOP);
	t->depth--;
}

/* ---- reading ---- */

struct thrift_in thrift_of(struct str s)
{
	return (struct thrift_in){.at = s.p, .end = s.p + s.n, .depth = -1};
}

static uint64_t fail(struct thrift_in *t)
{
	t->bad = true;
	t->at = t->end;
	return 0;
}

static uint64_t get_byte(struct thrift_in *t)
{
	return t->at < t->end ? (unsigned char)*t->at++ : fail(t);
}

static uint64_t get_varint(struct thrift_in *t)
{
	uint64_t v = 0;
	for (int shift = 0; shift < 64; shift += 7) {
		uint64_t b = get_byte(t);
		v |= (b & 0x7F) << shift;
		if (!(b & 0x80))
			return t->bad ? 0 : v;
	}
	return fail(t);
}

static int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

bool thrift_struct(struct thrift_in *t)
{
	if (t->bad || t->depth + 1 >= THRIFT_DEPTH_MAX) {
		fail(t);
		return false;
	}
	t->last[++t->depth] = 0;
	return true;
}

bool thrift_field(struct thrift_in *t)
{
	uint64_t head = get_byte(t);
	if (t->bad)
		return false;
	t->type = (enum thrift_type)(head & 15);
	if (t->type == THRIFT_STOP) {
		t->depth--;
		return false;
	}
	int64_t field = head >> 4 ? t->last[t->depth] + (int64_t)(head >> 4) : unzigzag(get_varint(t));
	if (field < 0 || field > INT16_MAX || t->type > THRIFT_UUID)
		fail(t);
	t->field = t->last[t->depth] = (int)(field & INT16_MAX);
	return !t->bad;
}

int64_t thrift_int_item(struct thrift_in *t)
{
	return unzigzag(get_varint(t));
}

int64_t thrift_int(struct thrift_in *t)
{
	return t->type == THRIFT_I16 || t->type == THRIFT_I32 || t->type == THRIFT_I64 ? thrift_int_item(t) : (int64_t)fail(t);
}

bool thrift_bool(struct thrift_in *t)
{
	return t->type == THRIFT_TRUE || (t->type != THRIFT_FALSE && fail(t));
}

struct str thrift_bytes_item(struct thrift_in *t)
{
	uint64_t n = get_varint(t);
	if (n > (uint64_t)(t->end - t->at))
		fail(t);
	if (t->bad)
		return (struct str){0};
	t->at += n;
	return (struct str){t->at - n, n};
}

struct str thrift_bytes(struct thrift_in *t)
{
	if (t->type != THRIFT_BINARY)
		fail(t);
	return thrift_bytes_item(t);
}

static size_t list_head(struct thrift_in *t, enum thrift_type *type)
{
	uint64_t head = get_byte(t), n = head >> 4;
	if (n == 15)
		n = get_varint(t);
	*type = (enum thrift_type)(head & 15);
	if (n > (uint64_t)(t->end - t->at))
		return fail(t);
	return t->bad ? 0 : n;
}

size_t thrift_list(struct thrift_in *t, enum thrift_type *type)
{
	if (t->type != THRIFT_LIST && t->type != THRIFT_SET)
		fail(t);
	return list_head(t, type);
}

static void skip_bytes(struct thrift_in *t, size_t n)
{
	if (n > (size_t)(t->end - t->at))
		fail(t);
	else
		t->at += n;
}

static void skip_value(struct thrift_in *t, enum thrift_type type, int depth);

/* In lists and maps a bool is a byte of its own. */
static void skip_item(struct thrift_in *t, enum thrift_type type, int depth)
{
	if (type == THRIFT_TRUE || type == THRIFT_FALSE)
		skip_bytes(t, 1);
	else
		skip_value(t, type, depth + 1);
}

static void skip_list(struct thrift_in *t, int depth)
{
	enum thrift_type type;
	for (size_t n = list_head(t, &type); n && !t->bad; n--)
		skip_item(t, type, depth);
}

static void skip_map(struct thrift_in *t, int depth)
{
	uint64_t n = get_varint(t), types = n ? get_byte(t) : 0;
	for (; n && !t->bad; n--) {
		skip_item(t, (enum thrift_type)(types >> 4), depth);
		skip_item(t, (enum thrift_type)(types & 15), depth);
	}
}

static void skip_struct(struct thrift_in *t, int depth)
{
	if (thrift_struct(t))
		while (thrift_field(t))
			skip_value(t, t->type, depth + 1);
}

static void skip_value(struct thrift_in *t, enum thrift_type type, int depth)
{
	if (depth > THRIFT_DEPTH_MAX) {
		fail(t);
		return;
	}
	switch (type) {
	case THRIFT_TRUE:
	case THRIFT_FALSE:
		return;
	case THRIFT_I8:
		skip_bytes(t, 1);
		return;
	case THRIFT_I16:
	case THRIFT_I32:
	case THRIFT_I64:
		get_varint(t);
		return;
	case THRIFT_DOUBLE:
		skip_bytes(t, 8);
		return;
	case THRIFT_UUID:
		skip_bytes(t, 16);
		return;
	case THRIFT_BINARY:
		thrift_bytes_item(t);
		return;
	case THRIFT_LIST:
	case THRIFT_SET:
		skip_list(t, depth);
		return;
	case THRIFT_MAP:
		skip_map(t, depth);
		return;
	case THRIFT_STRUCT:
		skip_struct(t, depth);
		return;
	default:
		fail(t);
	}
}

void thrift_skip(struct thrift_in *t)
{
	skip_value(t, t->type, 0);
}
