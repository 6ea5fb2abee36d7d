#include "shard/megatron.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>

struct megatron {
	char *prefix;
	bool wide;
	struct zout *bin, *documents;
	struct buf chunk, line;
	int32_t *lengths;
	uint64_t n, cap, position;
};

int megatron_open(struct megatron **out, const char *prefix, bool wide, struct err *e)
{
	struct megatron *m = own_zalloc(sizeof(*m));
	char path[4096];
	m->prefix = own_strdup(prefix);
	m->wide = wide;
	buf_init(&m->chunk, BUF_NO_MAX);
	buf_init(&m->line, BUF_NO_MAX);
	snprintf(path, sizeof(path), "%s.bin", prefix);
	int rc = zout_open(&m->bin, path, 0, e);
	snprintf(path, sizeof(path), "%s.documents.jsonl.zst", prefix);
	if (!rc)
		rc = zout_open(&m->documents, path, 0, e);
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
	zout_free(m->documents);
	buf_free(&m->chunk);
	buf_free(&m->line);
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

int megatron_put(struct megatron *m, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e)
{
	if (n > INT32_MAX)
		return err_at(e, ERR_LIMIT, (struct where){m->prefix, WHERE_NONE}, "a document of %zu tokens does not fit a sequence", n);
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 4096;
		m->lengths = own_grow(m->lengths, m->cap * sizeof(*m->lengths));
	}
	m->lengths[m->n] = (int32_t)n;
	buf_clear(&m->chunk);
	buf_reserve(&m->chunk, n * 4);
	for (size_t i = 0; i < n; i++)
		le(&m->chunk, tokens[i], m->wide ? 4 : 2);
	buf_clear(&m->line);
	buf_printf(&m->line, "{\"document\":%" PRIu64 ",\"position\":%" PRIu64 ",\"tokens\":%zu,\"id\":", m->n, m->position, n);
	json_put_string(&m->line, id);
	buf_z(&m->line, ",\"url\":");
	json_put_string(&m->line, url);
	buf_z(&m->line, "}\n");
	m->n++;
	m->position += n;
	int rc = zout_write(m->bin, m->chunk.p, m->chunk.n, e);
	return rc ? rc : zout_write(m->documents, m->line.p, m->line.n, e);
}

static int write_index(struct megatron *m, struct err *e)
{
	char path[4096];
	struct zout *z;
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
	int rc = zout_open(&z, path, 0, e);
	if (!rc) {
		rc = zout_write(z, b.p, b.n, e);
		if (rc)
			zout_free(z);
		else
			rc = zout_commit(z, e);
	}
	buf_free(&b);
	return rc;
}

int megatron_commit(struct megatron *m, struct err *e)
{
	int rc = zout_commit(m->bin, e);
	m->bin = NULL;
	if (!rc) {
		rc = zout_commit(m->documents, e);
		m->documents = NULL;
	}
	if (!rc)
		rc = write_index(m, e);
	megatron_free(m);
	return rc;
}
