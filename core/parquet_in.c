#include "core/parquet_in.h"

#include "core/bloom.h"
#include "core/hybrid.h"
#include "core/parquet_foot.h"
#include "core/thrift.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { BLOOM_HEAD_MAX = 40, BLOOM_FOREIGN_MAX = 128 << 20 };

struct parquet_in {
	int fd;
	char *path;
	uint64_t size;
	struct parquet_foot foot;
	struct arena *a; /* the footer and what was read from it */
	struct buf packed;
	ZSTD_DCtx *zstd;
};

static int damaged(const struct parquet_in *r, uint64_t at, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){r->path, at}, "not a readable Parquet file: %s", what);
}

static int read_at(const struct parquet_in *r, void *p, size_t n, uint64_t at, struct err *e)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = pread(r->fd, (char *)p + done, n - done, (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, r->path, "cannot read");
		if (got == 0)
			return damaged(r, at + done, "the file ends too early", e);
		done += (size_t)got;
	}
	return 0;
}

static int open_footer(struct parquet_in *r, struct err *e)
{
	struct stat st;
	unsigned char tail[8];
	if (fstat(r->fd, &st))
		return err_sys(e, r->path, "cannot stat");
	r->size = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode) || r->size < 12)
		return damaged(r, 0, "too short", e);
	int rc = read_at(r, tail, 8, r->size - 8, e);
	if (rc)
		return rc;
	uint32_t n;
	memcpy(&n, tail, 4);
	if (memcmp(tail + 4, "PAR1", 4) != 0)
		return damaged(r, r->size - 4, "it does not end in PAR1", e);
	if (n > r->size - 12 || n > PARQUET_IN_FOOTER_MAX)
		return damaged(r, r->size - 8, "the footer is longer than the file", e);
	char *p = arena_alloc(r->a, n);
	rc = read_at(r, p, n, r->size - 8 - n, e);
	return rc ? rc : parquet_foot_read(&r->foot, (struct str){p, n}, r->a, (struct where){r->path, r->size - 8 - n}, e);
}

int parquet_in_open(struct parquet_in **out, const char *path, struct err *e)
{
	struct parquet_in *r = own_zalloc(sizeof(*r));
	r->path = own_strdup(path);
	r->a = arena_new(64 << 10);
	buf_init(&r->packed, PARQUET_IN_CHUNK_MAX);
	r->zstd = ZSTD_createDCtx();
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = r->fd < 0 ? err_sys(e, path, "cannot open") : open_footer(r, e);
	if (rc)
		parquet_in_free(r);
	else
		*out = r;
	return rc;
}

struct parquet_in *parquet_in_free(struct parquet_in *r)
{
	if (!r)
		return NULL;
	if (r->fd >= 0)
		close(r->fd);
	ZSTD_freeDCtx(r->zstd);
	buf_free(&r->packed);
	arena_free(r->a);
	free(r->path);
	free(r);
	return NULL;
}

unsigned parquet_in_columns(const struct parquet_in *r)
{
	return r->foot.n;
}

const struct parquet_column *parquet_in_column(const struct parquet_in *r, unsigned c)
{
	return &r->foot.columns[c];
}

int parquet_in_find(const struct parquet_in *r, struct str name)
{
	for (unsigned i = 0; i < r->foot.n; i++)
		if (str_eq(str_of(r->foot.columns[i].name), name))
			return (int)i;
	return -1;
}

uint64_t parquet_in_rows(const struct parquet_in *r)
{
	return (uint64_t)r->foot.rows;
}

unsigned parquet_in_groups(const struct parquet_in *r)
{
	return r->foot.n_groups;
}

uint32_t parquet_in_group_rows(const struct parquet_in *r, unsigned group)
{
	return (uint32_t)r->foot.groups[group].rows;
}

const char *parquet_in_name(const struct parquet_in *r)
{
	return r->path;
}

static int64_t bound_int(struct str s)
{
	int32_t i = 0;
	int64_t v = 0;
	if (s.n == 8)
		memcpy(&v, s.p, 8);
	else if (s.n == 4) {
		memcpy(&i, s.p, 4);
		v = i;
	} else if (s.n == 1)
		v = s.p[0] != 0;
	return v;
}

struct parquet_range parquet_in_range(const struct parquet_in *r, unsigned group, unsigned column)
{
	const struct parquet_foot_chunk *k = &r->foot.groups[group].chunks[column];
	struct parquet_range x = {.known = k->ranged, .min_str = k->min, .max_str = k->max, .all_null = k->nulls == r->foot.groups[group].rows};
	static const size_t size[] = {[PARQUET_BOOL] = 1, [PARQUET_I32] = 4, [PARQUET_I64] = 8, [PARQUET_F32] = 4, [PARQUET_TIME] = 8, [PARQUET_STR] = 0};
	enum parquet_kind kind = r->foot.columns[column].kind;
	if (kind == PARQUET_STR)
		return x;
	x.known = x.known && k->min.n == size[kind] && k->max.n == size[kind];
	if (x.known && kind == PARQUET_F32) {
		memcpy(&x.min_real, k->min.p, 4);
		memcpy(&x.max_real, k->max.p, 4);
	} else if (x.known) {
		x.min_int = bound_int(k->min);
		x.max_int = bound_int(k->max);
	}
	return x;
}

bool parquet_in_may(const struct parquet_in *r, unsigned group, unsigned column, struct str value)
{
	const struct parquet_foot_chunk *k = &r->foot.groups[group].chunks[column];
	char head[BLOOM_HEAD_MAX];
	unsigned char block[BLOOM_BLOCK];
	uint64_t hash = bloom_hash(value), at = (uint64_t)k->bloom_at;
	if (k->bloom_at <= 0 || r->foot.columns[column].kind != PARQUET_STR || at > r->size || r->size - at < sizeof(head) || read_at(r, head, sizeof(head), at, NULL))
		return true;
	struct thrift_in t = thrift_of((struct str){head, sizeof(head)});
	int64_t size = 0;
	thrift_struct(&t);
	while (thrift_field(&t))
		if (t.field == 1)
			size = thrift_int(&t);
		else
			thrift_skip(&t); /* there is one algorithm, one hash and one compression: none */
	if (t.bad || size < BLOOM_BLOCK || size > BLOOM_FOREIGN_MAX || size % BLOOM_BLOCK)
		return true;
	at += (uint64_t)(t.at - head) + bloom_block(hash, (uint32_t)size);
	return read_at(r, block, sizeof(block), at, NULL) || bloom_may(block, hash);
}

/* ---- pages ---- */

struct page {
	int type, encoding;
	int64_t packed, unpacked, values, levels; /* levels: bytes of definition levels (version 2) */
	bool checked, plain; /* there is a checksum; version 2: values are not compressed */
	uint32_t crc;
	uint64_t at; /* in the file */
};

static void read_data_head(struct thrift_in *t, struct page *p)
{
	bool second = p->type == PARQUET_P_DATA2;
	if (t->type != THRIFT_STRUCT || !thrift_struct(t))
		return;
	while (thrift_field(t))
		if (t->field == 1)
			p->values = thrift_int(t);
		else if (t->field == (second ? 4 : 2))
			p->encoding = (int)thrift_int(t);
		else if (second && t->field == 5)
			p->levels = thrift_int(t);
		else if (second && t->field == 7)
			p->plain = !thrift_bool(t);
		else
			thrift_skip(t);
}

static bool read_page_head(struct thrift_in *t, struct page *p)
{
	*p = (struct page){.type = -1, .values = -1};
	if (!thrift_struct(t))
		return false;
	while (thrift_field(t))
		switch (t->field) {
		case 1:
			p->type = (int)thrift_int(t);
			break;
		case 2:
			p->unpacked = thrift_int(t);
			break;
		case 3:
			p->packed = thrift_int(t);
			break;
		case 4:
			p->crc = (uint32_t)thrift_int(t);
			p->checked = true;
			break;
		case 5:
		case 7:
		case 8:
			read_data_head(t, p);
			break;
		default:
			thrift_skip(t);
		}
	return !t->bad && p->packed >= 0 && p->packed <= t->end - t->at && p->unpacked >= 0 && p->unpacked <= PARQUET_IN_CHUNK_MAX && p->levels >= 0 &&
	       p->levels <= p->packed && p->levels <= p->unpacked;
}

/* What a chunk being read has so far. */
struct reading {
	struct parquet_in *r;
	const struct parquet_foot_chunk *info;
	const struct parquet_column *def;
	struct parquet_chunk *k;
	uint32_t done;      /* rows */
	uint32_t *levels;   /* scratch: one a row of a page */
	uint32_t *codes;    /* scratch */
	bool plain;         /* values are one a row */
	int64_t *dict_ints; /* the dictionary */
	float *dict_reals;
	struct str *dict_strs;
	int64_t budget;     /* bytes that may still be unpacked */
};

static int unpack(struct reading *x, const struct page *p, struct str packed, struct str *body, struct err *e)
{
	struct parquet_in *r = x->r;
	if (p->checked && (uint32_t)crc32(0, (const Bytef *)packed.p, (uInt)packed.n) != p->crc)
		return damaged(r, p->at, "a page differs from its checksum", e);
	if ((x->budget -= p->unpacked) < 0)
		return err_at(e, ERR_LIMIT, (struct where){r->path, p->at}, "a column chunk of more than 512 MiB");
	if (x->info->codec == PARQUET_C_PLAIN || p->plain) {
		*body = x->info->codec == PARQUET_C_PLAIN ? packed : arena_str(x->k->mem, packed);
		return p->packed == p->unpacked ? 0 : damaged(r, p->at, "a page is not as long as it says", e);
	}
	if (x->info->codec != PARQUET_C_ZSTD)
		return damaged(r, p->at, "its compression is not zstd", e);
	/* Levels of version 2 stand before the rest, as they are. */
	size_t head = (size_t)p->levels, n = (size_t)p->unpacked;
	char *out = arena_alloc(x->k->mem, n + 1);
	memcpy(out, packed.p, head);
	size_t got = packed.n > head ? ZSTD_decompressDCtx(r->zstd, out + head, n - head, packed.p + head, packed.n - head) : 0;
	if (ZSTD_isError(got) || got != n - head)
		return damaged(r, p->at, "a page does not decompress", e);
	*body = (struct str){out, n};
	return 0;
}

/* n values, plain, into the arrays from `at` on. */
static bool plain_strs(struct str s, struct str *out, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t len;
		if (s.n < 4)
			return false;
		memcpy(&len, s.p, 4);
		if (len > s.n - 4)
			return false;
		out[i] = (struct str){s.p + 4, len};
		s = str_from(s, 4 + (size_t)len);
	}
	return true;
}

static bool plain_values(int type, struct str s, int64_t *ints, float *reals, struct str *strs, uint32_t n)
{
	int32_t v;
	if (type == PARQUET_T_BYTES)
		return plain_strs(s, strs, n);
	size_t size = type == PARQUET_T_INT64 ? 8 : 4;
	if (type == PARQUET_T_BOOLEAN ? (size_t)(n + 7) / 8 > s.n : n > s.n / size)
		return false;
	switch (type) {
	case PARQUET_T_BOOLEAN:
		for (uint32_t i = 0; i < n; i++)
			ints[i] = s.p[i / 8] >> i % 8 & 1;
		return true;
	case PARQUET_T_INT32:
		for (uint32_t i = 0; i < n; i++) {
			memcpy(&v, s.p + 4 * (size_t)i, 4);
			ints[i] = v;
		}
		return true;
	case PARQUET_T_INT64:
		if (n)
			memcpy(ints, s.p, 8 * (size_t)n);
		return true;
	default:
		if (n)
			memcpy(reals, s.p, 4 * (size_t)n);
		return true;
	}
}

static int read_dict(struct reading *x, const struct page *p, struct str body, struct err *e)
{
	struct arena *a = x->k->mem;
	/* An entry takes a byte at least (a boolean a bit, but those have none). */
	if (x->k->dict || x->done || p->values < 0 || (uint64_t)p->values > body.n || (p->encoding != PARQUET_E_PLAIN && p->encoding != PARQUET_E_PLAIN_DICT))
		return damaged(x->r, p->at, "a dictionary that is none", e);
	uint32_t n = (uint32_t)p->values;
	x->dict_ints = x->def->kind != PARQUET_F32 && x->def->kind != PARQUET_STR ? arena_alloc(a, (n + 1) * sizeof(int64_t)) : NULL;
	x->dict_reals = x->def->kind == PARQUET_F32 ? arena_alloc(a, (n + 1) * sizeof(float)) : NULL;
	x->dict_strs = x->def->kind == PARQUET_STR ? arena_alloc(a, (n + 1) * sizeof(struct str)) : NULL;
	if (!plain_values(x->info->type, body, x->dict_ints, x->dict_reals, x->dict_strs, n))
		return damaged(x->r, p->at, "a dictionary shorter than it says", e);
	x->k->dict = true;
	x->k->n_dict = n;
	return 0;
}

static void plain_arrays(struct reading *x)
{
	struct parquet_chunk *k = x->k;
	x->plain = true;
	if (x->def->kind == PARQUET_STR)
		k->strs = arena_alloc(k->mem, (k->rows + 1) * sizeof(*k->strs));
	else if (x->def->kind == PARQUET_F32)
		k->reals = arena_alloc(k->mem, (k->rows + 1) * sizeof(*k->reals));
	else
		k->ints = arena_alloc(k->mem, (k->rows + 1) * sizeof(*k->ints));
	if (x->def->optional && k->ints)
		k->nulls = arena_zalloc(k->mem, k->rows + 1);
}

static void set_null(struct parquet_chunk *k, uint32_t row)
{
	if (k->strs)
		k->strs[row] = (struct str){0};
	else if (k->reals)
		k->reals[row] = __builtin_nanf("");
	else
		k->ints[row] = 0;
	if (k->nulls)
		k->nulls[row] = 1;
}

/* The dictionary did not last for the whole chunk: rows before `done` from codes to values. */
static void expand(struct reading *x, uint32_t from, uint32_t to)
{
	struct parquet_chunk *k = x->k;
	for (uint32_t i = from; i < to; i++)
		if (k->codes[i] == k->n_dict)
			set_null(k, i);
		else if (k->strs)
			k->strs[i] = x->dict_strs[k->codes[i]];
		else if (k->reals)
			k->reals[i] = x->dict_reals[k->codes[i]];
		else
			k->ints[i] = x->dict_ints[k->codes[i]];
}

/* Values stand close together, rows with null have none: from the back to their rows. */
static void spread(struct reading *x, uint32_t rows, uint32_t values)
{
	struct parquet_chunk *k = x->k;
	uint32_t base = x->done;
	if (values == rows)
		return;
	for (uint32_t i = rows; i-- > 0;) {
		if (!x->levels[i]) {
			set_null(k, base + i);
			continue;
		}
		uint32_t from = base + --values, to = base + i;
		if (k->strs)
			k->strs[to] = k->strs[from];
		else if (k->reals)
			k->reals[to] = k->reals[from];
		else
			k->ints[to] = k->ints[from];
	}
}

static bool read_codes(struct reading *x, struct str s, uint32_t rows, uint32_t values)
{
	struct parquet_chunk *k = x->k;
	uint32_t *out = k->codes + x->done, bad = 0;
	if (!s.n && values)
		return false;
	int width = s.n ? (unsigned char)s.p[0] : 0;
	if (width > 32 || !hybrid_get(str_from(s, 1), values == rows ? out : x->codes, values, width))
		return false;
	const uint32_t *in = values == rows ? out : x->codes;
	for (uint32_t i = 0; i < values; i++)
		bad |= in[i] >= k->n_dict;
	if (bad)
		return false;
	uint32_t v = 0;
	for (uint32_t i = 0; values != rows && i < rows; i++)
		out[i] = x->levels[i] && v < values ? x->codes[v++] : k->n_dict;
	return values == rows || v == values;
}

static bool read_levels(struct reading *x, const struct page *p, struct str *body, uint32_t rows, uint32_t *values)
{
	uint32_t n = (uint32_t)p->levels, sum = 0;
	*values = rows;
	if (!x->def->optional)
		return true;
	if (p->type == PARQUET_P_DATA) {
		if (body->n < 4)
			return false;
		memcpy(&n, body->p, 4);
		*body = str_from(*body, 4);
	}
	if (n > body->n || !hybrid_get(str_head(*body, n), x->levels, rows, 1))
		return false;
	*body = str_from(*body, n);
	for (uint32_t i = 0; i < rows; i++)
		sum += x->levels[i] & 1;
	*values = sum;
	return true;
}

/* Booleans of version 2 pages: runs behind their length. */
static bool bool_runs(struct reading *x, struct str s, uint32_t values)
{
	if (s.n < 4 || !hybrid_get(str_from(s, 4), x->codes, values, 1))
		return false;
	for (uint32_t i = 0; i < values; i++)
		x->k->ints[x->done + i] = x->codes[i] & 1;
	return true;
}

static int read_data(struct reading *x, const struct page *p, struct str body, struct err *e)
{
	struct parquet_chunk *k = x->k;
	uint32_t values;
	if (p->values < 0 || p->values > k->rows - x->done)
		return damaged(x->r, p->at, "more values than rows", e);
	uint32_t rows = (uint32_t)p->values;
	bool coded = p->encoding == PARQUET_E_RLE_DICT || p->encoding == PARQUET_E_PLAIN_DICT;
	if (!read_levels(x, p, &body, rows, &values))
		return damaged(x->r, p->at, "levels that are none", e);
	bool runs = p->encoding == PARQUET_E_RLE && x->def->kind == PARQUET_BOOL;
	if (coded ? !k->dict : p->encoding != PARQUET_E_PLAIN && !runs)
		return damaged(x->r, p->at, "an encoding that is not read here", e);
	if (coded) {
		if (!read_codes(x, body, rows, values))
			return damaged(x->r, p->at, "codes that are not in the dictionary", e);
		if (x->plain)
			expand(x, x->done, x->done + rows);
	} else {
		if (!x->plain) {
			plain_arrays(x);
			expand(x, 0, x->done);
		}
		size_t at = x->done;
		if (runs ? !bool_runs(x, body, values) : !plain_values(x->info->type, body, k->ints ? k->ints + at : NULL, k->reals ? k->reals + at : NULL, k->strs ? k->strs + at : NULL, values))
			return damaged(x->r, p->at, "a page shorter than it says", e);
		spread(x, rows, values);
	}
	x->done += rows;
	return 0;
}

static int read_pages(struct reading *x, struct str s, uint64_t began, struct err *e)
{
	const char *first = s.p;
	while (s.n && x->done < x->k->rows) {
		struct thrift_in t = thrift_of(s);
		struct page p;
		struct str body;
		uint64_t at = began + (uint64_t)(s.p - first);
		if (!read_page_head(&t, &p))
			return damaged(x->r, at, "a page's header is broken", e);
		p.at = at;
		struct str packed = {t.at, (size_t)p.packed};
		s = str_range(t.at + p.packed, s.p + s.n);
		if (p.type != PARQUET_P_DATA && p.type != PARQUET_P_DATA2 && p.type != PARQUET_P_DICT)
			continue;
		int rc = unpack(x, &p, packed, &body, e);
		if (!rc)
			rc = p.type == PARQUET_P_DICT ? read_dict(x, &p, body, e) : read_data(x, &p, body, e);
		if (rc)
			return rc;
	}
	return x->done == x->k->rows ? 0 : damaged(x->r, began, "a column chunk has too few rows", e);
}

int parquet_in_chunk(struct parquet_in *r, unsigned group, unsigned column, struct parquet_chunk *k, struct err *e)
{
	const struct parquet_foot_chunk *info = &r->foot.groups[group].chunks[column];
	struct reading x = {.r = r, .info = info, .def = &r->foot.columns[column], .k = k, .budget = PARQUET_IN_CHUNK_MAX};
	struct arena *mem = k->mem ? k->mem : arena_new(256 << 10);
	arena_reset(mem, 16 << 20);
	*k = (struct parquet_chunk){.kind = x.def->kind, .rows = (uint32_t)r->foot.groups[group].rows, .mem = mem};
	int64_t at = info->dict_at > 0 && info->dict_at < info->data_at ? info->dict_at : info->data_at;
	if (info->type != r->foot.types[column] || at < 4 || info->packed < 0 || (uint64_t)at > r->size || (uint64_t)info->packed > r->size - (uint64_t)at ||
	    info->packed > PARQUET_IN_CHUNK_MAX)
		return damaged(r, WHERE_NONE, "a column chunk lies outside of the file", e);
	buf_clear(&r->packed);
	buf_reserve(&r->packed, (size_t)info->packed + 1);
	int rc = read_at(r, r->packed.p, (size_t)info->packed, (uint64_t)at, e);
	if (rc)
		return rc;
	/* Uncompressed pages are pointed into: they must live as long as the chunk. */
	struct str s = {r->packed.p, (size_t)info->packed};
	if (info->codec == PARQUET_C_PLAIN)
		s = arena_str(mem, s);
	x.levels = arena_alloc(mem, (k->rows + 1) * sizeof(*x.levels));
	x.codes = arena_alloc(mem, (k->rows + 1) * sizeof(*x.codes));
	k->codes = arena_alloc(mem, (k->rows + 1) * sizeof(*k->codes));
	rc = read_pages(&x, s, (uint64_t)at, e);
	if (!rc && !x.plain && !k->dict)
		plain_arrays(&x); /* no rows at all */
	if (x.plain) {
		k->dict = false;
	} else if (!rc) {
		k->ints = x.dict_ints;
		k->reals = x.dict_reals;
		k->strs = x.dict_strs;
	}
	return rc;
}

void parquet_in_release(struct parquet_chunk *k)
{
	k->mem = arena_free(k->mem);
}
