#include "core/seal.h"

#include "core/json.h"
#include "core/raw.h"
#include "core/zin.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

static void put32(struct buf *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(out, (char)(v >> 8 * i));
}

static void frame(struct buf *out, struct str json)
{
	put32(out, SEAL_MAGIC);
	put32(out, (uint32_t)json.n);
	buf_str(out, json);
}

void seal_frame(struct buf *table, size_t stored, uint64_t documents)
{
	put32(table, (uint32_t)stored);
	put32(table, (uint32_t)documents);
}

void seal_index(struct buf *out, struct str table)
{
	if (table.n / 8 > SEAL_FRAMES_MAX)
		return;
	put32(out, SEAL_INDEX);
	put32(out, (uint32_t)table.n + 8);
	buf_str(out, table);
	put32(out, (uint32_t)(table.n / 8));
	put32(out, SEAL_INDEX_END);
}

void seal_history(struct buf *out, struct str json)
{
	frame(out, json);
}

void seal_end(struct buf *out, const struct seal *s)
{
	char json[160];
	int n = snprintf(json, sizeof(json), "{\"documents\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64 "\"}", s->documents,
			 s->bytes, s->digest);
	frame(out, (struct str){json, (size_t)n});
}

static uint32_t le32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static bool hex64(struct str s, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (d < 0)
			return false;
		*out = *out << 4 | (uint64_t)d;
	}
	return s.n == 16;
}

/* The JSON of an end mark; false when it is not one. */
static bool read_end(struct str text, struct seal *s)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(1024);
	struct json j = json_of(text);
	struct str key, hex;
	int seen = 0;
	if (!json_object(&j))
		return false;
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("documents")))
			seen |= json_u64(&j, &s->documents) ? 1 : 0;
		else if (str_eq(key, STR("bytes")))
			seen |= json_u64(&j, &s->bytes) ? 2 : 0;
		else if (str_eq(key, STR("xxh3")))
			seen |= json_string(&j, a, &hex) && hex64(hex, &s->digest) ? 4 : 0;
		else
			json_skip(&j, NULL);
	}
	return json_done(&j) && seen == 7;
}

/* The end mark and its offset, searched for in the last bytes; 1: there is none. */
static int find_end(struct raw *r, uint64_t *at, struct seal *out, struct err *e)
{
	uint64_t size = raw_size(r), tail = size > 256 ? size - 256 : 0;
	struct str s;
	if (!size)
		return 1;
	int rc = raw_seek(r, tail, e);
	if (!rc)
		rc = raw_ahead(r, 256, &s, e);
	for (size_t i = 0; !rc && i + 8 <= s.n; i++)
		if (le32(s.p + i) == SEAL_MAGIC && i + 8 + le32(s.p + i + 4) == s.n && read_end(str_from(s, i + 8), out)) {
			*at = tail + i;
			return 0;
		}
	return rc ? rc : 1;
}

/* The table of the index that ends before `end`, and the offset at which the index begins. */
static int find_index(struct raw *r, uint64_t end, struct str *table, uint64_t *at, struct err *e)
{
	struct str s;
	if (end < 16)
		return 1;
	int rc = raw_seek(r, end - 8, e);
	if (!rc)
		rc = raw_ahead(r, 8, &s, e);
	if (rc)
		return rc;
	uint64_t n = s.n >= 8 && le32(s.p + 4) == SEAL_INDEX_END ? le32(s.p) : UINT32_MAX;
	if (n > SEAL_FRAMES_MAX || 8 * n + 16 > end)
		return 1;
	*at = end - 8 * n - 16;
	rc = raw_seek(r, *at, e);
	if (!rc)
		rc = raw_ahead(r, 8 * n + 8, &s, e);
	if (rc)
		return rc;
	if (s.n < 8 * n + 8 || le32(s.p) != SEAL_INDEX || le32(s.p + 4) != 8 * n + 8)
		return 1;
	*table = (struct str){s.p + 8, 8 * n};
	return 0;
}

int seal_find(const char *path, uint64_t n, struct seal_place *out, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str table;
	struct seal end;
	uint64_t at, sum = 0;
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = find_end(r, &at, &end, e);
	if (!rc)
		rc = find_index(r, at, &table, &at, e);
	if (rc)
		return rc;
	for (size_t i = 0; i < table.n; i += 8)
		sum += le32(table.p + i);
	if (sum > at)
		return 1;
	/* What comes before the first frame is history. */
	uint64_t offset = at - sum;
	for (size_t i = 0; i < table.n; offset += le32(table.p + i), n -= le32(table.p + i + 4), i += 8)
		if (n < le32(table.p + i + 4)) {
			*out = (struct seal_place){offset, le32(table.p + i), n};
			return 0;
		}
	return 1;
}

/* Skippable frames at the start (history) and the end (end mark); the latter is found by searching the last bytes. */
static int find_marks(const char *path, struct seal_found *out, bool *marked, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str s;
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = raw_ahead(r, 8, &s, e);
	if (rc)
		return rc;
	if (s.n >= 8 && le32(s.p) == SEAL_MAGIC && le32(s.p + 4) <= SEAL_MAX) {
		uint32_t n = le32(s.p + 4);
		rc = raw_ahead(r, 8 + (size_t)n, &s, e);
		if (!rc && s.n >= 8 + (size_t)n && !read_end((struct str){s.p + 8, n}, &(struct seal){0})) {
			out->history = own_alloc(n + 1);
			memcpy(out->history, s.p + 8, n);
			out->history[n] = 0;
		}
	}
	uint64_t at;
	if (!rc)
		rc = find_end(r, &at, &out->want, e);
	*marked = !rc;
	return rc < 0 ? rc : 0;
}

int seal_check(const char *path, struct seal_found *out, struct err *e)
{
	*out = (struct seal_found){0};
	bool marked = false, lf = true;
	int rc = find_marks(path, out, &marked, e);
	if (rc)
		return rc;
	_cleanup_(zin_freep) struct zin *z = NULL;
	rc = zin_open(&z, path, e);
	XXH3_state_t *hash = XXH3_createState();
	XXH3_64bits_reset(hash);
	while (!rc) {
		struct str s;
		rc = zin_ahead(z, 1, &s, e);
		if (rc || !s.n)
			break;
		XXH3_64bits_update(hash, s.p, s.n);
		out->have.bytes += s.n;
		for (size_t i = 0; i < s.n; i++)
			out->have.documents += s.p[i] == '\n';
		lf = s.p[s.n - 1] == '\n';
		zin_skip(z, s.n);
	}
	out->have.documents += !lf;
	out->have.digest = XXH3_64bits_digest(hash);
	XXH3_freeState(hash);
	out->whole = !rc && marked && out->want.documents == out->have.documents && out->want.bytes == out->have.bytes &&
		     out->want.digest == out->have.digest;
	return rc;
}
