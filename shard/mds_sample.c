#include "shard/mds_sample.h"

#include "core/own.h"
#include "core/zin.h"
#include "shard/flat.h"
#include "shard/frames.h"
#include "shard/mds.h"

#include <stdio.h>

static uint32_t get_u32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* The tokens of a sample: their place in it and their number; false when it is not one of ours. */
static bool tokens_of(struct str sample, const struct mds_kind *k, size_t *at, uint32_t *n)
{
	size_t columns = k->packed ? 3 : 2;
	if (sample.n < 4 * columns)
		return false;
	uint32_t last = get_u32(sample.p + 4 * (columns - 1));
	if (last < 5 || last > sample.n - 4 * columns)
		return false;
	*at = sample.n - last + 5;
	*n = get_u32(sample.p + sample.n - last + 1);
	return *n * (uint64_t)(k->wide ? 4 : 2) + 5 == last;
}

static int not_ours(const char *folder, unsigned shard, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){folder, WHERE_NONE}, "shard %u is not as this program writes it", shard);
}

static int read_raw(const char *folder, unsigned shard, char **raw, size_t *n, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", folder, shard);
	return zin_slurp(path, (size_t)MDS_SHARD_LIMIT + MDS_SHARD_BYTES, raw, n, e);
}

/* ---- one sample ---- */

struct looking {
	uint64_t number;
	struct mds_listed found;
	bool any;
};

static int find_shard(void *self, const struct mds_listed *s, struct err *e)
{
	struct looking *l = self;
	(void)e;
	if (l->number < s->first || l->number - s->first >= s->samples)
		return 0;
	l->found = *s;
	l->any = true;
	return 1;
}

/* Bytes at..at + n of the raw shard, whether it has a table of frames or is one. */
static int read_bytes(const char *folder, unsigned shard, uint64_t at, size_t n, struct buf *out, struct err *e)
{
	char path[4096], *raw = NULL;
	size_t raw_n = 0;
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", folder, shard);
	buf_clear(out);
	int rc = frames_read(path, at, n, out, e);
	if (rc <= 0)
		return rc;
	buf_clear(out);
	rc = read_raw(folder, shard, &raw, &raw_n, e);
	if (!rc && (at > raw_n || n > raw_n - at))
		rc = not_ours(folder, shard, e);
	if (!rc)
		buf_add(out, raw + at, n);
	free(raw);
	return rc;
}

static void give_tokens(struct mds_sample *s, const char *p, uint32_t n, bool wide)
{
	s->tokens = own_alloc((n + 1) * sizeof(*s->tokens));
	s->n = n;
	for (uint32_t i = 0; i < n; i++)
		s->tokens[i] = wide ? get_u32(p + 4 * (size_t)i) : (uint32_t)(unsigned char)p[2 * (size_t)i] | (uint32_t)(unsigned char)p[2 * (size_t)i + 1] << 8;
}

int mds_sample_read(const char *folder, uint64_t number, struct buf *bytes, struct mds_sample *out, struct err *e)
{
	struct looking l = {.number = number};
	const struct mds_listed *s = &l.found;
	int rc = mds_index_each(folder, find_shard, &l, e);
	if (rc < 0 || !l.any)
		return rc < 0 ? rc : 1;
	uint64_t nth = number - s->first;
	rc = read_bytes(folder, s->number, 4 + 4 * nth, 8, bytes, e);
	if (rc)
		return rc;
	uint32_t from = get_u32(bytes->p), to = get_u32(bytes->p + 4), n, id;
	size_t at;
	if (to < from || to - from > MDS_SHARD_LIMIT)
		return not_ours(folder, s->number, e);
	rc = read_bytes(folder, s->number, from, to - from, bytes, e);
	if (rc)
		return rc;
	struct str whole = buf_view(bytes);
	if (!tokens_of(whole, &s->kind, &at, &n) || (id = get_u32(whole.p)) > at)
		return not_ours(folder, s->number, e);
	*out = (struct mds_sample){.shard = s->number, .nth = nth, .packed = s->kind.packed, .id = {whole.p + (s->kind.packed ? 12 : 8), id}};
	give_tokens(out, whole.p + at, n, s->kind.wide);
	return 0;
}

/* ---- taking documents out ---- */

struct blanking {
	const char *folder;
	const struct mds_range *ranges;
	size_t n;
	uint32_t filler;
	uint64_t length; /* of a sequence; 0 = not known yet */
	struct buf list; /* of the new index */
};

static void fill(const struct mds_kind *k, char *at, uint64_t n, uint32_t filler)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	flat_bytes(&b, k->wide, &filler, 1);
	for (uint64_t i = 0; i < n; i++)
		memcpy(at + i * b.n, b.p, b.n);
	buf_free(&b);
}

/* Sample i of a raw shard. */
static bool sample_of(struct str raw, uint64_t i, struct str *out)
{
	if (raw.n < 8 + 4 * (i + 1))
		return false;
	uint32_t from = get_u32(raw.p + 4 + 4 * i), to = get_u32(raw.p + 8 + 4 * i);
	*out = str_range(raw.p + from, raw.p + to);
	return from <= to && to <= raw.n;
}

/* Blank what of the ranges lies in the shard in hand. */
static bool blank_raw(const struct blanking *b, const struct mds_listed *s, char *raw, size_t raw_n)
{
	const struct mds_kind *k = &s->kind;
	struct str one;
	size_t at;
	uint32_t tokens;
	for (size_t i = 0; i < b->n; i++) {
		const struct mds_range *r = &b->ranges[i];
		/* A document may go on in the next sequence. */
		for (uint64_t p = r->position, end = p + r->tokens; p < end || !k->packed;) {
			uint64_t sample = k->packed ? p / b->length : r->document, from = k->packed ? p % b->length : 0;
			uint64_t n = k->packed ? (b->length - from < end - p ? b->length - from : end - p) : r->tokens;
			if (sample >= s->first && sample < s->first + s->samples) {
				if (!sample_of((struct str){raw, raw_n}, sample - s->first, &one) || !tokens_of(one, k, &at, &tokens) || from + n > tokens)
					return false;
				fill(k, raw + (one.p - raw) + at + from * (k->wide ? 4 : 2), n, b->filler);
			}
			if (!k->packed)
				break;
			p += n;
		}
	}
	return true;
}

static bool touches(const struct blanking *b, const struct mds_listed *s)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct mds_range *r = &b->ranges[i];
		uint64_t low = s->kind.packed ? r->position / b->length : r->document, high = s->kind.packed && r->tokens ? (r->position + r->tokens - 1) / b->length : low;
		if (low < s->first + s->samples && high >= s->first)
			return true;
	}
	return false;
}

/* Sequences have one length, which the first one tells. */
static int set_length(struct blanking *b, struct err *e)
{
	struct mds_sample first = {0};
	struct buf bytes;
	buf_init(&bytes, MDS_SHARD_LIMIT);
	int rc = mds_sample_read(b->folder, 0, &bytes, &first, e);
	if (!rc && !first.n)
		rc = not_ours(b->folder, 0, e);
	b->length = first.n;
	free(first.tokens);
	buf_free(&bytes);
	return rc;
}

/* Does the file end in a table of frames? Then it is written with one again. */
static size_t frame_of(const char *folder, unsigned shard)
{
	char path[4096];
	struct buf b;
	buf_init(&b, 64);
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", folder, shard);
	int rc = frames_read(path, 0, 4, &b, NULL);
	buf_free(&b);
	return rc ? 0 : MDS_FRAME_BYTES;
}

static int blank_shard(void *self, const struct mds_listed *s, struct err *e)
{
	struct blanking *b = self;
	struct mds_conf conf = {.kind = s->kind};
	char *raw = NULL;
	size_t n = 0;
	int rc = s->kind.packed && !b->length ? set_length(b, e) : 0;
	if (rc)
		return rc;
	if (!touches(b, s)) {
		buf_z(&b->list, s->number ? ", " : "");
		buf_str(&b->list, s->whole);
		return 0;
	}
	conf.frame = frame_of(b->folder, s->number);
	rc = read_raw(b->folder, s->number, &raw, &n, e);
	if (!rc && !blank_raw(b, s, raw, n))
		rc = not_ours(b->folder, s->number, e);
	if (!rc)
		rc = mds_shard(b->folder, s->number, (struct str){raw, n}, &conf, &b->list, e);
	free(raw);
	return rc;
}

int mds_sample_blank(const char *folder, const struct mds_range *ranges, size_t n, uint32_t filler, struct err *e)
{
	struct blanking b = {folder, ranges, n, filler, 0, {0}};
	buf_init(&b.list, BUF_NO_MAX);
	int rc = mds_index_each(folder, blank_shard, &b, e);
	if (!rc)
		rc = mds_index_write(folder, buf_view(&b.list), e);
	buf_free(&b.list);
	return rc;
}
