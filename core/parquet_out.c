/* A column of the row group at hand is kept as codes into a dictionary until that stops to pay (too many entries, or too few
 * values a entry); then the codes are written out as plain values, and the rest of the column follows them plain. */
#include "core/parquet_out.h"

#include "core/bloom.h"
#include "core/buf.h"
#include "core/hybrid.h"
#include "core/thrift.h"
#include "core/utf8.h"
#include "core/zout.h"

#include <assert.h>
#include <math.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

enum {
	LEVEL = 1, /* of zstd */
	DICT_TRIAL = 2048, /* values after which a dictionary must have shown that it pays */
	DICT_BYTES = 1 << 20,
	STAT_STR = 64,     /* a string column with a longer minimum or maximum gets no statistics */
};

struct column {
	struct parquet_column def;
	struct buf plain;  /* values, plain: all of them, or the entries of the dictionary */
	bool dict, set;    /* codes are kept; the current row has a value */
	uint32_t *codes, *at, *slots; /* code of each value; place of each entry in plain; entry + 1 by hash */
	uint32_t n_codes, n_dict, cap_codes;
	uint64_t *present; /* bit a row: has a value */
	uint32_t n_values; /* not null */
	bool ranged;       /* min and max say something */
	int64_t min_int, max_int;
	float min_real, max_real;
	struct buf min_str, max_str;
	uint64_t *hashes;  /* of the values, for the Bloom filter; NULL = none is wanted */
};

enum { SLOTS = 2 * PARQUET_DICT_MAX };

struct parquet_out {
	struct zout *z;
	char *path;
	uint64_t offset, rows;
	uint32_t n, group_rows;
	size_t group_bytes;
	struct column *columns;
	uint32_t groups;
	struct buf footer_groups; /* the row groups' part of the footer, as written so far */
	struct buf page, packed, head, repaired;
	ZSTD_CCtx *zstd;
};

/* ---- values into columns ---- */

static void column_clear(struct column *c)
{
	buf_clear(&c->plain);
	if (c->dict)
		memset(c->slots, 0, SLOTS * sizeof(*c->slots));
	c->n_codes = c->n_dict = c->n_values = 0;
	c->dict = c->def.kind != PARQUET_BOOL;
	c->ranged = false;
	c->set = false;
}

static size_t entry_size(const struct column *c, uint32_t code)
{
	uint32_t next = code + 1 < c->n_dict ? c->at[code + 1] : (uint32_t)c->plain.n;
	return next - c->at[code];
}

/* From codes to plain values. */
static void give_up_dict(struct column *c)
{
	struct buf all;
	buf_init(&all, BUF_NO_MAX);
	for (uint32_t i = 0; i < c->n_codes; i++)
		buf_add(&all, c->plain.p + c->at[c->codes[i]], entry_size(c, c->codes[i]));
	buf_free(&c->plain);
	c->plain = all;
	c->dict = false;
	memset(c->slots, 0, SLOTS * sizeof(*c->slots));
}

/* A code takes a byte or two, so numbers must repeat more often than strings to be worth an entry. */
static bool dict_pays(const struct column *c)
{
	if (c->n_dict == PARQUET_DICT_MAX || c->plain.n > DICT_BYTES)
		return false;
	return c->n_codes < DICT_TRIAL || c->n_dict < c->n_codes / (c->def.kind == PARQUET_STR ? 2 : 8);
}

/* bytes: the value as PLAIN encoding has it. */
static void add_value(struct column *c, const void *bytes, size_t n, uint64_t hash)
{
	c->n_values++;
	if (!c->dict) {
		buf_add(&c->plain, bytes, n);
		return;
	}
	uint32_t slot = (uint32_t)(hash ^ hash >> 32) % SLOTS, code;
	for (; c->slots[slot]; slot = (slot + 1) % SLOTS) {
		code = c->slots[slot] - 1;
		if (entry_size(c, code) == n && memcmp(c->plain.p + c->at[code], bytes, n) == 0) {
			c->codes[c->n_codes++] = code;
			return;
		}
	}
	code = c->n_dict++;
	c->slots[slot] = code + 1;
	c->at[code] = (uint32_t)c->plain.n;
	buf_add(&c->plain, bytes, n);
	c->codes[c->n_codes++] = code;
	if (!dict_pays(c))
		give_up_dict(c);
}

static uint64_t mix(uint64_t v)
{
	v *= 0x9E3779B97F4A7C15;
	return v ^ v >> 29;
}

static void begin_value(struct parquet_out *w, struct column *c)
{
	assert(!c->set);
	c->set = true;
	c->present[w->group_rows / 64] |= 1ull << w->group_rows % 64;
}

/* Booleans are a bit each. */
static void add_bool(struct column *c, bool v)
{
	if (c->n_values % 8 == 0)
		buf_byte(&c->plain, 0);
	if (v)
		c->plain.p[c->plain.n - 1] = (char)(c->plain.p[c->plain.n - 1] | 1 << c->n_values % 8);
	c->n_values++;
}

void parquet_out_int(struct parquet_out *w, unsigned i, int64_t v)
{
	struct column *c = &w->columns[i];
	begin_value(w, c);
	if (!c->ranged || v < c->min_int)
		c->min_int = v;
	if (!c->ranged || v > c->max_int)
		c->max_int = v;
	c->ranged = true;
	if (c->def.kind == PARQUET_BOOL)
		add_bool(c, v != 0);
	else if (c->def.kind == PARQUET_I32)
		add_value(c, &(int32_t){(int32_t)v}, 4, mix((uint64_t)v));
	else
		add_value(c, &v, 8, mix((uint64_t)v));
}

void parquet_out_real(struct parquet_out *w, unsigned i, float v)
{
	struct column *c = &w->columns[i];
	if (isnan(v))
		return;
	begin_value(w, c);
	if (!c->ranged || v < c->min_real)
		c->min_real = v;
	if (!c->ranged || v > c->max_real)
		c->max_real = v;
	c->ranged = true;
	uint32_t bits;
	memcpy(&bits, &v, 4);
	add_value(c, &v, 4, mix(bits));
}

/* At most `max` bytes of valid UTF-8: readers refuse the whole file for less. */
static struct str repair(struct parquet_out *w, struct str s, size_t max)
{
	if (s.n > max)
		s.n = max;
	size_t good = utf8_valid(s);
	if (good == s.n)
		return s;
	const char *at = s.p + good, *end = s.p + s.n;
	buf_clear(&w->repaired);
	buf_add(&w->repaired, s.p, good);
	while (at < end)
		utf8_add(&w->repaired, utf8_next(&at, end));
	return buf_view(&w->repaired);
}

static void keep_bound(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_str(b, s);
}

static void put_string(struct parquet_out *w, struct column *c, struct str v)
{
	uint32_t n = (uint32_t)v.n;
	buf_clear(&w->head);
	buf_add(&w->head, &n, 4);
	buf_str(&w->head, v);
	add_value(c, w->head.p, w->head.n, c->dict ? XXH3_64bits(v.p, v.n) : 0);
	w->group_bytes += c->dict ? 4 : v.n + 4;
}

void parquet_out_str(struct parquet_out *w, unsigned i, struct str v)
{
	struct column *c = &w->columns[i];
	v = repair(w, v, PARQUET_STR_MAX);
	begin_value(w, c);
	if (!c->ranged || str_cmp(v, buf_view(&c->min_str)) < 0)
		keep_bound(&c->min_str, v);
	if (!c->ranged || str_cmp(v, buf_view(&c->max_str)) > 0)
		keep_bound(&c->max_str, v);
	c->ranged = true;
	if (c->hashes)
		c->hashes[c->n_values] = bloom_hash(v);
	put_string(w, c, v);
}

void parquet_out_text(struct parquet_out *w, unsigned i, struct str v)
{
	struct column *c = &w->columns[i];
	v = repair(w, v, PARQUET_TEXT_MAX);
	begin_value(w, c);
	put_string(w, c, v);
}

/* ---- pages ---- */

/* Definition levels of an optional column: 1 = there is a value. Their length stands before them. */
static void put_levels(struct parquet_out *w, const struct column *c)
{
	uint32_t n = w->group_rows, *levels = own_alloc(n * sizeof(*levels));
	for (uint32_t i = 0; i < n; i++)
		levels[i] = c->present[i / 64] >> i % 64 & 1;
	size_t at = w->page.n;
	buf_add(&w->page, "\0\0\0\0", 4);
	hybrid_put(&w->page, levels, n, 1);
	uint32_t len = (uint32_t)(w->page.n - at - 4);
	memcpy(w->page.p + at, &len, 4);
	free(levels);
}

struct chunk {
	uint64_t dict_at, data_at, packed, unpacked, bloom_at, bloom_n;
};

/* Compress body and put the page with its header into the file. */
static int put_page(struct parquet_out *w, int type, uint32_t values, int encoding, struct str body, struct chunk *k, struct err *e)
{
	struct thrift_out t;
	buf_clear(&w->packed);
	buf_clear(&w->head);
	buf_reserve(&w->packed, ZSTD_compressBound(body.n));
	w->packed.n = ZSTD_compressCCtx(w->zstd, w->packed.p, w->packed.cap, body.p, body.n, LEVEL);
	thrift_begin(&t, &w->head);
	thrift_put_i32(&t, 1, type);
	thrift_put_i32(&t, 2, (int32_t)body.n);
	thrift_put_i32(&t, 3, (int32_t)w->packed.n);
	thrift_put_i32(&t, 4, (int32_t)crc32(0, (const Bytef *)w->packed.p, (uInt)w->packed.n));
	thrift_put_struct(&t, type == PARQUET_P_DICT ? 7 : 5);
	thrift_put_i32(&t, 1, (int32_t)values);
	thrift_put_i32(&t, 2, encoding);
	if (type == PARQUET_P_DATA) {
		thrift_put_i32(&t, 3, PARQUET_E_RLE);
		thrift_put_i32(&t, 4, PARQUET_E_RLE);
	}
	thrift_end(&t);
	thrift_end(&t);
	int rc = zout_write(w->z, w->head.p, w->head.n, e);
	if (!rc)
		rc = zout_write(w->z, w->packed.p, w->packed.n, e);
	w->offset += w->head.n + w->packed.n;
	k->packed += w->head.n + w->packed.n;
	k->unpacked += w->head.n + body.n;
	return rc;
}

static int put_chunk(struct parquet_out *w, struct column *c, struct chunk *k, struct err *e)
{
	*k = (struct chunk){.dict_at = w->offset};
	c->dict = c->dict && c->n_dict;
	int rc = c->dict ? put_page(w, PARQUET_P_DICT, c->n_dict, PARQUET_E_PLAIN, buf_view(&c->plain), k, e) : 0;
	k->data_at = w->offset;
	buf_clear(&w->page);
	if (c->def.optional)
		put_levels(w, c);
	if (c->dict) {
		int width = hybrid_width(c->n_dict ? c->n_dict - 1 : 0);
		buf_byte(&w->page, (char)width);
		hybrid_put(&w->page, c->codes, c->n_codes, width);
	} else {
		buf_str(&w->page, buf_view(&c->plain));
	}
	return rc ? rc : put_page(w, PARQUET_P_DATA, w->group_rows, c->dict ? PARQUET_E_RLE_DICT : PARQUET_E_PLAIN, buf_view(&w->page), k, e);
}

/* Behind the chunks of its row group. */
static int put_bloom(struct parquet_out *w, const struct column *c, struct chunk *k, struct err *e)
{
	if (!c->hashes || !c->n_values)
		return 0;
	buf_clear(&w->page);
	bloom_print(&w->page, c->hashes, c->n_values);
	k->bloom_at = w->offset;
	k->bloom_n = w->page.n;
	w->offset += k->bloom_n;
	return zout_write(w->z, w->page.p, w->page.n, e);
}

/* ---- the footer ---- */

static int physical(enum parquet_kind k)
{
	static const int type[] = {[PARQUET_BOOL] = PARQUET_T_BOOLEAN, [PARQUET_I32] = PARQUET_T_INT32, [PARQUET_I64] = PARQUET_T_INT64,
				   [PARQUET_F32] = PARQUET_T_FLOAT,    [PARQUET_STR] = PARQUET_T_BYTES, [PARQUET_TIME] = PARQUET_T_INT64};
	return type[k];
}

/* A bound as PLAIN encoding has it, without the length of strings. Zero is both zeros to readers that compare reals. */
static void put_bound(struct thrift_out *t, int field, const struct column *c, bool max)
{
	int64_t v = max ? c->max_int : c->min_int;
	float r = max ? c->max_real : c->min_real;
	const struct buf *s = max ? &c->max_str : &c->min_str;
	if (r == 0)
		r = max ? 0.0f : -0.0f;
	if (c->def.kind == PARQUET_STR)
		thrift_put_bytes(t, field, s->p, s->n);
	else if (c->def.kind == PARQUET_F32)
		thrift_put_bytes(t, field, &r, 4);
	else
		thrift_put_bytes(t, field, &v, c->def.kind == PARQUET_BOOL ? 1 : c->def.kind == PARQUET_I32 ? 4 : 8);
}

static void put_statistics(struct thrift_out *t, const struct parquet_out *w, const struct column *c)
{
	bool bounds = c->ranged && (c->def.kind != PARQUET_STR || (c->min_str.n <= STAT_STR && c->max_str.n <= STAT_STR));
	thrift_put_struct(t, 12);
	thrift_put_i64(t, 3, w->group_rows - c->n_values);
	if (bounds) {
		put_bound(t, 5, c, true);
		put_bound(t, 6, c, false);
		thrift_put_bool(t, 7, true);
		thrift_put_bool(t, 8, true);
	}
	thrift_end(t);
}

static void describe_chunk(struct thrift_out *t, const struct parquet_out *w, const struct column *c, const struct chunk *k)
{
	size_t n = strlen(c->def.name);
	thrift_item_struct(t);
	thrift_put_i64(t, 2, 0); /* where a copy of the metadata would be: there is none */
	thrift_put_struct(t, 3);
	thrift_put_i32(t, 1, physical(c->def.kind));
	thrift_put_list(t, 2, THRIFT_I32, c->dict ? 3 : 2);
	thrift_item_i32(t, PARQUET_E_PLAIN);
	thrift_item_i32(t, PARQUET_E_RLE);
	if (c->dict)
		thrift_item_i32(t, PARQUET_E_RLE_DICT);
	thrift_put_list(t, 3, THRIFT_BINARY, 1);
	thrift_item_bytes(t, c->def.name, n);
	thrift_put_i32(t, 4, PARQUET_C_ZSTD);
	thrift_put_i64(t, 5, w->group_rows);
	thrift_put_i64(t, 6, (int64_t)k->unpacked);
	thrift_put_i64(t, 7, (int64_t)k->packed);
	thrift_put_i64(t, 9, (int64_t)k->data_at);
	if (c->dict)
		thrift_put_i64(t, 11, (int64_t)k->dict_at);
	put_statistics(t, w, c);
	if (k->bloom_n) {
		thrift_put_i64(t, 14, (int64_t)k->bloom_at);
		thrift_put_i32(t, 15, (int32_t)k->bloom_n);
	}
	thrift_end(t);
	thrift_end(t);
}

/* The row group at hand, into the file; what the footer will say of it is kept. */
static int put_group(struct parquet_out *w, struct err *e)
{
	struct thrift_out t;
	uint64_t began = w->offset, packed = 0, unpacked = 0;
	int rc = 0;
	if (!w->group_rows)
		return 0;
	struct chunk *k = own_zalloc(w->n * sizeof(*k));
	for (uint32_t i = 0; !rc && i < w->n; i++)
		rc = put_chunk(w, &w->columns[i], &k[i], e);
	for (uint32_t i = 0; !rc && i < w->n; i++)
		rc = put_bloom(w, &w->columns[i], &k[i], e);
	thrift_begin(&t, &w->footer_groups);
	thrift_put_list(&t, 1, THRIFT_STRUCT, w->n);
	for (uint32_t i = 0; i < w->n; i++) {
		describe_chunk(&t, w, &w->columns[i], &k[i]);
		packed += k[i].packed;
		unpacked += k[i].unpacked;
	}
	free(k);
	thrift_put_i64(&t, 2, (int64_t)unpacked);
	thrift_put_i64(&t, 3, w->group_rows);
	thrift_put_i64(&t, 5, (int64_t)began);
	thrift_put_i64(&t, 6, (int64_t)packed);
	thrift_end(&t);
	for (uint32_t i = 0; i < w->n; i++) {
		column_clear(&w->columns[i]);
		memset(w->columns[i].present, 0, PARQUET_GROUP_ROWS / 8);
	}
	w->rows += w->group_rows;
	w->group_rows = 0;
	w->group_bytes = 0;
	w->groups++;
	return rc;
}

static void describe_column(struct thrift_out *t, const struct parquet_column *c)
{
	thrift_item_struct(t);
	thrift_put_i32(t, 1, physical(c->kind));
	thrift_put_i32(t, 3, c->optional);
	thrift_put_bytes(t, 4, c->name, strlen(c->name));
	if (c->kind == PARQUET_STR) {
		thrift_put_i32(t, 6, 0); /* ConvertedType UTF8 */
		thrift_put_struct(t, 10);
		thrift_put_struct(t, 1); /* LogicalType STRING */
		thrift_end(t);
		thrift_end(t);
	} else if (c->kind == PARQUET_TIME) {
		thrift_put_i32(t, 6, 9); /* TIMESTAMP_MILLIS */
		thrift_put_struct(t, 10);
		thrift_put_struct(t, 8); /* TIMESTAMP(UTC, milliseconds) */
		thrift_put_bool(t, 1, true);
		thrift_put_struct(t, 2);
		thrift_put_struct(t, 1);
		thrift_end(t);
		thrift_end(t);
		thrift_end(t);
		thrift_end(t);
	}
	thrift_end(t);
}

static int put_footer(struct parquet_out *w, struct err *e)
{
	struct thrift_out t;
	struct buf b;
	static const char by[] = "peneira version " PENEIRA_VERSION;
	buf_init(&b, BUF_NO_MAX);
	thrift_begin(&t, &b);
	thrift_put_i32(&t, 1, 2);
	thrift_put_list(&t, 2, THRIFT_STRUCT, w->n + 1);
	thrift_item_struct(&t);
	thrift_put_bytes(&t, 4, "row", 3);
	thrift_put_i32(&t, 5, (int32_t)w->n);
	thrift_end(&t);
	for (uint32_t i = 0; i < w->n; i++)
		describe_column(&t, &w->columns[i].def);
	thrift_put_i64(&t, 3, (int64_t)w->rows);
	thrift_put_list(&t, 4, THRIFT_STRUCT, w->groups);
	buf_str(&b, buf_view(&w->footer_groups));
	thrift_put_bytes(&t, 6, by, sizeof(by) - 1);
	thrift_put_list(&t, 7, THRIFT_STRUCT, w->n);
	for (uint32_t i = 0; i < w->n; i++) {
		thrift_item_struct(&t);
		thrift_put_struct(&t, 1); /* bounds are in the order of the type */
		thrift_end(&t);
		thrift_end(&t);
	}
	thrift_end(&t);
	uint32_t n = (uint32_t)b.n;
	buf_add(&b, &n, 4);
	buf_add(&b, "PAR1", 4);
	int rc = zout_write(w->z, b.p, b.n, e);
	buf_free(&b);
	return rc;
}

/* ---- life ---- */

static void column_open(struct column *c, const struct parquet_column *def)
{
	c->def = *def;
	struct buf *all[] = {&c->plain, &c->min_str, &c->max_str};
	for (int i = 0; i < 3; i++)
		buf_init(all[i], BUF_NO_MAX);
	c->slots = own_zalloc(SLOTS * sizeof(*c->slots));
	c->at = own_alloc(PARQUET_DICT_MAX * sizeof(*c->at));
	c->codes = own_alloc(PARQUET_GROUP_ROWS * sizeof(*c->codes));
	c->present = own_zalloc(PARQUET_GROUP_ROWS / 8);
	if (def->bloom)
		c->hashes = own_alloc(PARQUET_GROUP_ROWS * sizeof(*c->hashes));
	column_clear(c);
}

int parquet_out_open(struct parquet_out **out, const char *path, const struct parquet_column *columns, unsigned n, struct err *e)
{
	struct parquet_out *w = own_zalloc(sizeof(*w));
	struct buf *all[] = {&w->footer_groups, &w->page, &w->packed, &w->head, &w->repaired};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		buf_init(all[i], BUF_NO_MAX);
	w->path = own_strdup(path);
	w->n = n;
	w->columns = own_zalloc(n * sizeof(*w->columns));
	for (unsigned i = 0; i < n; i++)
		column_open(&w->columns[i], &columns[i]);
	w->zstd = ZSTD_createCCtx();
	int rc = n > PARQUET_COLUMNS_MAX ? err_at(e, ERR_LIMIT, (struct where){path, WHERE_NONE}, "%u columns; at most %d", n, PARQUET_COLUMNS_MAX)
					 : zout_open(&w->z, path, 0, e);
	if (!rc)
		rc = zout_write(w->z, "PAR1", 4, e);
	w->offset = 4;
	if (rc)
		parquet_out_free(w);
	else
		*out = w;
	return rc;
}

/* A column that must have a value gets the empty one. */
static void fill(struct parquet_out *w, unsigned i)
{
	enum parquet_kind k = w->columns[i].def.kind;
	if (k == PARQUET_STR)
		parquet_out_str(w, i, STR(""));
	else if (k == PARQUET_F32)
		parquet_out_real(w, i, 0);
	else
		parquet_out_int(w, i, 0);
}

int parquet_out_row(struct parquet_out *w, struct err *e)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (!w->columns[i].set && !w->columns[i].def.optional)
			fill(w, i);
		w->columns[i].set = false;
	}
	w->group_rows++;
	return w->group_rows == PARQUET_GROUP_ROWS || w->group_bytes >= PARQUET_GROUP_BYTES ? put_group(w, e) : 0;
}

int parquet_out_commit(struct parquet_out *w, struct err *e)
{
	int rc = put_group(w, e);
	if (!rc)
		rc = put_footer(w, e);
	if (!rc) {
		rc = zout_commit(w->z, e);
		w->z = NULL;
	}
	parquet_out_free(w);
	return rc;
}

struct parquet_out *parquet_out_free(struct parquet_out *w)
{
	if (!w)
		return NULL;
	zout_free(w->z);
	for (uint32_t i = 0; i < w->n; i++) {
		struct column *c = &w->columns[i];
		buf_free(&c->plain);
		buf_free(&c->min_str);
		buf_free(&c->max_str);
		free(c->slots);
		free(c->at);
		free(c->codes);
		free(c->present);
		free(c->hashes);
	}
	free(w->columns);
	struct buf *all[] = {&w->footer_groups, &w->page, &w->packed, &w->head, &w->repaired};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		buf_free(all[i]);
	ZSTD_freeCCtx(w->zstd);
	free(w->path);
	free(w);
	return NULL;
}
