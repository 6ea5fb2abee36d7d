#include "shard/mds.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/flat.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

struct mds {
	char *folder;
	bool wide, packed;
	int level;
	unsigned shards;
	struct buf samples, index;
	uint32_t *ends; /* of each sample in samples */
	uint32_t n, cap;
};

int mds_open(struct mds **out, const char *folder, bool wide, bool packed, int level, struct err *e)
{
	struct mds *m = own_zalloc(sizeof(*m));
	char path[4096];
	(void)e;
	m->folder = own_strdup(folder);
	m->wide = wide;
	m->packed = packed;
	m->level = level ? level : 3;
	buf_init(&m->samples, MDS_SHARD_LIMIT);
	buf_init(&m->index, BUF_NO_MAX);
	/* An index of an earlier call must not describe shards that are being replaced. */
	snprintf(path, sizeof(path), "%s/index.json", folder);
	unlink(path);
	*out = m;
	return 0;
}

struct mds *mds_free(struct mds *m)
{
	if (!m)
		return NULL;
	free(m->folder);
	free(m->ends);
	buf_free(&m->samples);
	buf_free(&m->index);
	free(m);
	return NULL;
}

static void put_u32(struct buf *b, uint32_t v)
{
	unsigned char le[4] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16), (unsigned char)(v >> 24)};
	buf_add(b, le, 4);
}

/* Keys in order, as json.dumps(..., sort_keys=True) writes them. */
static void put_config(const struct mds *m, struct buf *b)
{
	const char *width = m->wide ? "uint32" : "uint16";
	buf_printf(b, "\"column_encodings\": [\"str\", %s\"ndarray:%s\"], \"column_names\": [\"id\", %s\"tokens\"], \"column_sizes\": [null, %snull], ", m->packed ? "\"ndarray:uint32\", " : "", width,
		   m->packed ? "\"starts\", " : "", m->packed ? "null, " : "");
	buf_printf(b, "\"compression\": \"zstd:%d\", \"format\": \"mds\", \"hashes\": [\"xxh3_64\"]", m->level);
}

static int write_file(const char *path, const void *p, size_t n, struct err *e)
{
	struct zout *z;
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, p, n, e);
	if (rc) {
		zout_free(z);
		return rc;
	}
	return zout_commit(z, e);
}

static void add_to_index(struct mds *m, struct str raw, const void *zip, size_t zip_n)
{
	struct buf *b = &m->index;
	buf_printf(b, "%s{", m->shards ? ", " : "");
	put_config(m, b);
	buf_printf(b, ", \"raw_data\": {\"basename\": \"shard.%05u.mds\", \"bytes\": %zu, \"hashes\": {\"xxh3_64\": \"%016" PRIx64 "\"}}", m->shards, raw.n,
		   (uint64_t)XXH3_64bits(raw.p, raw.n));
	buf_printf(b, ", \"samples\": %" PRIu32 ", \"size_limit\": %d, \"version\": 2", m->n, MDS_SHARD_BYTES);
	buf_printf(b, ", \"zip_data\": {\"basename\": \"shard.%05u.mds.zstd\", \"bytes\": %zu, \"hashes\": {\"xxh3_64\": \"%016" PRIx64 "\"}}}", m->shards, zip_n,
		   (uint64_t)XXH3_64bits(zip, zip_n));
}

/* Compress a shard, write it, add it to the index. */
static int write_raw(struct mds *m, struct str raw, struct err *e)
{
	char path[4096];
	size_t bound = ZSTD_compressBound(raw.n);
	char *zip = own_alloc(bound);
	ZSTD_CCtx *z = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, m->level);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	size_t n = ZSTD_compress2(z, zip, bound, raw.p, raw.n);
	ZSTD_freeCCtx(z);
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", m->folder, m->shards);
	int rc = ZSTD_isError(n) ? err_at(e, ERR_IO, (struct where){path, 0}, "%s", ZSTD_getErrorName(n)) : write_file(path, zip, n, e);
	if (!rc)
		add_to_index(m, raw, zip, n);
	free(zip);
	return rc;
}

static int write_shard(struct mds *m, struct err *e)
{
	struct buf raw, config;
	buf_init(&raw, BUF_NO_MAX);
	buf_init(&config, BUF_NO_MAX);
	buf_byte(&config, '{');
	put_config(m, &config);
	buf_printf(&config, ", \"size_limit\": %d, \"version\": 2}", MDS_SHARD_BYTES);
	uint32_t head = 4 + 4 * (m->n + 1) + (uint32_t)config.n;
	put_u32(&raw, m->n);
	put_u32(&raw, head);
	for (uint32_t i = 0; i < m->n; i++)
		put_u32(&raw, head + m->ends[i]);
	buf_str(&raw, buf_view(&config));
	buf_str(&raw, buf_view(&m->samples));
	int rc = write_raw(m, buf_view(&raw), e);
	buf_free(&raw);
	buf_free(&config);
	buf_clear(&m->samples);
	m->n = 0;
	m->shards++;
	return rc;
}

/* One dimension, its length in 32 bits. */
static void put_array(struct buf *b, bool wide, const uint32_t *v, size_t n)
{
	buf_byte(b, 1 << 2 | 2);
	put_u32(b, (uint32_t)n);
	flat_bytes(b, wide, v, n);
}

int mds_put(struct mds *m, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e)
{
	size_t array = 5 + n * (m->wide ? 4 : 2), more = m->packed ? 9 + 4 * n_starts : 0, size = 8 + id.n + array + more;
	if (n > UINT32_MAX / 8 || size > MDS_SHARD_LIMIT - 65536)
		return err_at(e, ERR_LIMIT, (struct where){m->folder, WHERE_NONE}, "a document of %zu tokens is larger than a shard can be", n);
	if (m->n && m->samples.n + size > MDS_SHARD_BYTES) {
		int rc = write_shard(m, e);
		if (rc)
			return rc;
	}
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 4096;
		m->ends = own_grow(m->ends, m->cap * sizeof(*m->ends));
	}
	struct buf *b = &m->samples;
	put_u32(b, (uint32_t)id.n);
	if (m->packed)
		put_u32(b, (uint32_t)more - 4);
	put_u32(b, (uint32_t)array);
	buf_str(b, id);
	if (m->packed)
		put_array(b, true, starts, n_starts);
	put_array(b, m->wide, tokens, n);
	m->ends[m->n++] = (uint32_t)b->n;
	return 0;
}

static int write_index(struct mds *m, struct err *e)
{
	char path[4096];
	struct buf all;
	buf_init(&all, BUF_NO_MAX);
	buf_z(&all, "{\"shards\": [");
	buf_str(&all, buf_view(&m->index));
	buf_z(&all, "], \"version\": 2}\n");
	snprintf(path, sizeof(path), "%s/index.json", m->folder);
	int rc = write_file(path, all.p, all.n, e);
	buf_free(&all);
	return rc;
}

int mds_commit(struct mds *m, struct err *e)
{
	int rc = m->n ? write_shard(m, e) : 0;
	if (!rc)
		rc = write_index(m, e);
	mds_free(m);
	return rc;
}

/* ---- taking documents out ---- */

static uint32_t get_u32(const char *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

/* The tokens of sample i of a raw shard: their place and number; false when the shard is not one of ours. */
static bool find_tokens(const struct mds *m, struct str raw, uint32_t i, size_t *at, uint32_t *n)
{
	size_t columns = m->packed ? 3 : 2, width = m->wide ? 4 : 2;
	if (raw.n < 8 + 4 * ((size_t)i + 1) + 4)
		return false;
	size_t from = get_u32(raw.p + 4 + 4 * (size_t)i), to = get_u32(raw.p + 8 + 4 * (size_t)i);
	if (from + 4 * columns > to || to > raw.n)
		return false;
	uint32_t last = get_u32(raw.p + from + 4 * (columns - 1));
	if (last < 5 || last > to - from)
		return false;
	*n = get_u32(raw.p + to - last + 1);
	*at = to - last + 5;
	return *n * (uint64_t)width + 5 == last;
}

/* One shard of the index: what is needed of it. */
struct listed {
	struct str whole, encodings, names, compression;
	uint64_t samples;
};

static bool read_listed(struct json *j, struct arena *a, struct listed *s)
{
	struct str key;
	*s = (struct listed){0};
	json_skip(j, &s->whole);
	struct json one = json_of(s->whole);
	json_object(&one);
	while (json_key(&one, a, &key)) {
		if (str_eq(key, STR("samples")))
			json_u64(&one, &s->samples);
		else if (str_eq(key, STR("compression")))
			json_string(&one, a, &s->compression);
		else
			json_skip(&one, str_eq(key, STR("column_encodings")) ? &s->encodings : str_eq(key, STR("column_names")) ? &s->names : NULL);
	}
	return !j->bad && json_done(&one) && s->samples && s->samples < UINT32_MAX && s->encodings.n;
}

static int read_raw(const struct mds *m, char **raw, size_t *n, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", m->folder, m->shards);
	return zin_slurp(path, (size_t)MDS_SHARD_LIMIT + MDS_SHARD_BYTES, raw, n, e);
}

static void fill(const struct mds *m, char *at, uint64_t n, uint32_t filler)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	flat_bytes(&b, m->wide, &filler, 1);
	for (uint64_t i = 0; i < n; i++)
		memcpy(at + i * b.n, b.p, b.n);
	buf_free(&b);
}

/* Blank what of the ranges lies in the shard in hand, whose first sample is number `first`. length: tokens of a packed sample. */
static bool blank_raw(const struct mds *m, struct str raw, uint64_t first, uint64_t length, const struct mds_range *r, size_t n, uint32_t filler)
{
	size_t at, width = m->wide ? 4 : 2;
	uint32_t tokens;
	for (size_t i = 0; i < n; i++) {
		/* A document may go on in the next sequence. */
		for (uint64_t p = r[i].position, end = p + r[i].tokens; p < end || !m->packed;) {
			uint64_t sample = m->packed ? p / length : r[i].document, from = m->packed ? p % length : 0;
			uint64_t k = m->packed ? (length - from < end - p ? length - from : end - p) : r[i].tokens;
			if (sample >= first && sample < first + m->n) {
				if (!find_tokens(m, raw, (uint32_t)(sample - first), &at, &tokens) || from + k > tokens)
					return false;
				fill(m, (char *)(uintptr_t)raw.p + at + from * width, k, filler);
			}
			if (!m->packed)
				break;
			p += k;
		}
	}
	return true;
}

static bool touches(const struct mds *m, uint64_t first, uint64_t length, const struct mds_range *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t low = m->packed ? r[i].position / length : r[i].document, high = m->packed && r[i].tokens ? (r[i].position + r[i].tokens - 1) / length : low;
		if (low < first + m->n && high >= first)
			return true;
	}
	return false;
}

static int blank_shard(struct mds *m, const struct listed *s, uint64_t first, uint64_t *length, const struct mds_range *r, size_t n, uint32_t filler, struct err *e)
{
	char *raw = NULL;
	size_t raw_n = 0, at;
	uint32_t tokens = 1;
	int rc = 0;
	/* Sequences have one length, which the first one tells. */
	if (m->packed && !*length) {
		rc = read_raw(m, &raw, &raw_n, e);
		if (!rc && (!find_tokens(m, (struct str){raw, raw_n}, 0, &at, &tokens) || !tokens))
			rc = err_at(e, ERR_DATA, (struct where){m->folder, WHERE_NONE}, "shard %u is not as this program writes it", m->shards);
		*length = tokens;
	}
	if (!rc && !touches(m, first, *length, r, n)) {
		buf_printf(&m->index, "%s", m->shards ? ", " : "");
		buf_str(&m->index, s->whole);
	} else if (!rc) {
		rc = raw ? 0 : read_raw(m, &raw, &raw_n, e);
		if (!rc && !blank_raw(m, (struct str){raw, raw_n}, first, *length, r, n, filler))
			rc = err_at(e, ERR_DATA, (struct where){m->folder, WHERE_NONE}, "shard %u is not as this program writes it", m->shards);
		if (!rc)
			rc = write_raw(m, (struct str){raw, raw_n}, e);
	}
	free(raw);
	return rc;
}

int mds_blank(const char *folder, const struct mds_range *ranges, size_t n, uint32_t filler, struct err *e)
{
	struct mds m = {.folder = own_strdup(folder)};
	struct arena *a = arena_new(0);
	struct str key;
	struct listed s;
	char path[4096], *text = NULL;
	size_t text_n = 0;
	uint64_t first = 0, length = 0;
	buf_init(&m.index, BUF_NO_MAX);
	snprintf(path, sizeof(path), "%s/index.json", folder);
	int rc = zin_slurp(path, (size_t)1 << 30, &text, &text_n, e);
	struct json j = json_of((struct str){text, text_n});
	if (!rc)
		json_object(&j);
	while (!rc && json_key(&j, a, &key)) {
		if (!str_eq(key, STR("shards"))) {
			json_skip(&j, NULL);
			continue;
		}
		json_array(&j);
		while (!rc && json_element(&j)) {
			if (!read_listed(&j, a, &s))
				break;
			struct str level = str_from(s.compression, str_chr(s.compression, ':') + 1);
			m.wide = str_find(s.encodings, STR("\"ndarray:uint16\"")) == s.encodings.n;
			m.packed = str_find(s.names, STR("\"starts\"")) < s.names.n;
			m.level = level.n ? level.p[0] - '0' : 3;
			if (level.n == 2)
				m.level = m.level * 10 + level.p[1] - '0';
			m.n = (uint32_t)s.samples;
			rc = blank_shard(&m, &s, first, &length, ranges, n, filler, e);
			first += s.samples;
			m.shards++;
		}
	}
	if (!rc && !json_done(&j))
		rc = err_at(e, ERR_DATA, (struct where){path, (uint64_t)(j.at - text)}, "not an index of MDS shards");
	if (!rc)
		rc = write_index(&m, e);
	buf_free(&m.index);
	free(m.folder);
	free(text);
	arena_free(a);
	return rc;
}
