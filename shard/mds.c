#include "shard/mds.h"

#include "core/zout.h"
#include "shard/flat.h"
#include "shard/frames.h"

#include <stdio.h>
#include <unistd.h>

struct mds {
	char *folder;
	struct mds_conf conf;
	unsigned shards;
	struct buf samples, index;
	uint32_t *ends; /* of each sample in samples */
	uint32_t n, cap;
};

int mds_open(struct mds **out, const char *folder, const struct mds_conf *c, struct err *e)
{
	struct mds *m = own_zalloc(sizeof(*m));
	char path[4096];
	(void)e;
	m->folder = own_strdup(folder);
	m->conf = *c;
	if (!m->conf.kind.level)
		m->conf.kind.level = 3;
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

static uint32_t get_u32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* ---- shards ---- */

/* Where frames end: behind what stands before the samples, then behind the sample with which one is full. Their number; 0: not the bytes of a shard. */
static size_t cut(struct str raw, size_t frame, uint32_t **ends)
{
	uint32_t n = raw.n < 12 ? 0 : get_u32(raw.p);
	if (!n || raw.n < 8 + 4 * (uint64_t)n)
		return 0;
	uint32_t from = get_u32(raw.p + 4), *to = own_alloc(((size_t)n + 2) * sizeof(*to));
	size_t k = 0;
	if (frame)
		to[k++] = from;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t end = get_u32(raw.p + 8 + 4 * (size_t)i);
		if (end < from || end > raw.n)
			break;
		if (i + 1 < n && (!frame || end - from < frame))
			continue;
		to[k++] = from = end;
	}
	*ends = to;
	if (k && to[k - 1] == raw.n)
		return k;
	free(to);
	return 0;
}

int mds_shard(const char *folder, unsigned number, struct str raw, const struct mds_conf *c, struct buf *list, struct err *e)
{
	char path[4096];
	struct buf zip;
	uint32_t *ends = NULL;
	size_t n = cut(raw, c->frame, &ends);
	snprintf(path, sizeof(path), "%s/shard.%05u.mds.zstd", folder, number);
	if (!n)
		return err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "not the bytes of an MDS shard");
	buf_init(&zip, BUF_NO_MAX);
	int rc = frames_pack(&zip, raw, ends, n, c->kind.level, c->threads, e);
	if (!rc)
		rc = zout_file(path, buf_view(&zip), e);
	if (!rc)
		mds_index_add(list, &c->kind, number, get_u32(raw.p), raw, buf_view(&zip));
	buf_free(&zip);
	free(ends);
	return rc;
}

static int write_shard(struct mds *m, struct err *e)
{
	struct buf raw, config;
	buf_init(&raw, BUF_NO_MAX);
	buf_init(&config, BUF_NO_MAX);
	buf_byte(&config, '{');
	mds_index_kind(&config, &m->conf.kind);
	buf_printf(&config, ", \"size_limit\": %d, \"version\": 2}", MDS_SHARD_BYTES);
	uint32_t head = 4 + 4 * (m->n + 1) + (uint32_t)config.n;
	put_u32(&raw, m->n);
	put_u32(&raw, head);
	for (uint32_t i = 0; i < m->n; i++)
		put_u32(&raw, head + m->ends[i]);
	buf_str(&raw, buf_view(&config));
	buf_str(&raw, buf_view(&m->samples));
	int rc = mds_shard(m->folder, m->shards, buf_view(&raw), &m->conf, &m->index, e);
	buf_free(&raw);
	buf_free(&config);
	buf_clear(&m->samples);
	m->n = 0;
	m->shards++;
	return rc;
}

/* ---- samples ---- */

/* One dimension, its length in 32 bits. */
static void put_array(struct buf *b, bool wide, const uint32_t *v, size_t n)
{
	buf_byte(b, 1 << 2 | 2);
	put_u32(b, (uint32_t)n);
	flat_bytes(b, wide, v, n);
}

int mds_put(struct mds *m, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e)
{
	size_t array = 5 + n * (m->conf.kind.wide ? 4 : 2), more = m->conf.kind.packed ? 9 + 4 * n_starts : 0, size = 8 + id.n + array + more;
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
	if (m->conf.kind.packed)
		put_u32(b, (uint32_t)more - 4);
	put_u32(b, (uint32_t)array);
	buf_str(b, id);
	if (m->conf.kind.packed)
		put_array(b, true, starts, n_starts);
	put_array(b, m->conf.kind.wide, tokens, n);
	m->ends[m->n++] = (uint32_t)b->n;
	return 0;
}

int mds_commit(struct mds *m, struct err *e)
{
	int rc = m->n ? write_shard(m, e) : 0;
	if (!rc)
		rc = mds_index_write(m->folder, buf_view(&m->index), e);
	mds_free(m);
	return rc;
}
