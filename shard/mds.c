#include "shard/mds.h"

#include "core/buf.h"
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

static int write_shard(struct mds *m, struct err *e)
{
	struct buf raw, config;
	char path[4096];
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
		add_to_index(m, buf_view(&raw), zip, n);
	free(zip);
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

int mds_commit(struct mds *m, struct err *e)
{
	char path[4096];
	struct buf all;
	int rc = m->n ? write_shard(m, e) : 0;
	buf_init(&all, BUF_NO_MAX);
	buf_z(&all, "{\"shards\": [");
	buf_str(&all, buf_view(&m->index));
	buf_z(&all, "], \"version\": 2}\n");
	snprintf(path, sizeof(path), "%s/index.json", m->folder);
	if (!rc)
		rc = write_file(path, all.p, all.n, e);
	buf_free(&all);
	mds_free(m);
	return rc;
}
