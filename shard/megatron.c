#include "shard/megatron.h"

#include "core/buf.h"
#include "core/zout.h"
#include "shard/flat.h"

#include <stdio.h>

struct megatron {
	char *prefix;
	bool wide;
	struct zout *bin;
	struct buf chunk;
	int32_t *lengths;
	uint64_t n, cap;
};

int megatron_open(struct megatron **out, const char *prefix, bool wide, struct err *e)
{
	struct megatron *m = own_zalloc(sizeof(*m));
	char path[4096];
	m->prefix = own_strdup(prefix);
	m->wide = wide;
	buf_init(&m->chunk, BUF_NO_MAX);
	snprintf(path, sizeof(path), "%s.bin", prefix);
	int rc = zout_open(&m->bin, path, 0, e);
	if (rc) {
		megatron_free(m);
		return rc;
	}
	*out = m;
	return 0;
}

struct megatron *megatron_free(struct megatron *m)
{
	if (!m)
		return NULL;
	zout_free(m->bin);
	buf_free(&m->chunk);
	free(m->lengths);
	free(m->prefix);
	free(m);
	return NULL;
}

static void le(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_byte(b, (char)(v >> 8 * i));
}

int megatron_put(struct megatron *m, const uint32_t *tokens, size_t n, struct err *e)
{
	if (n > INT32_MAX)
		return err_at(e, ERR_LIMIT, (struct where){m->prefix, WHERE_NONE}, "a document of %zu tokens does not fit a sequence", n);
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 4096;
		m->lengths = own_grow(m->lengths, m->cap * sizeof(*m->lengths));
	}
	m->lengths[m->n++] = (int32_t)n;
	buf_clear(&m->chunk);
	flat_bytes(&m->chunk, m->wide, tokens, n);
	return zout_write(m->bin, m->chunk.p, m->chunk.n, e);
}

static int write_index(struct megatron *m, struct err *e)
{
	char path[4096];
	struct buf b;
	uint64_t at = 0;
	buf_init(&b, BUF_NO_MAX);
	buf_add(&b, "MMIDIDX\0\0", 9);
	le(&b, 1, 8);
	le(&b, m->wide ? 4 : 8, 1);
	le(&b, m->n, 8);
	le(&b, m->n + 1, 8);
	for (uint64_t i = 0; i < m->n; i++)
		le(&b, (uint32_t)m->lengths[i], 4);
	for (uint64_t i = 0; i < m->n; i++) {
		le(&b, at, 8);
		at += (uint64_t)m->lengths[i] * (m->wide ? 4 : 2);
	}
	for (uint64_t i = 0; i <= m->n; i++)
		le(&b, i, 8);
	snprintf(path, sizeof(path), "%s.idx", m->prefix);
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

int megatron_commit(struct megatron *m, struct err *e)
{
	int rc = zout_commit(m->bin, e);
	m->bin = NULL;
	if (!rc)
		rc = write_index(m, e);
	megatron_free(m);
	return rc;
}
