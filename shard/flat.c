#include "shard/flat.h"

#include "core/buf.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>

struct flat {
	char *prefix, *tokenizer;
	bool wide;
	struct zout *ds, *index;
	struct buf chunk;
	uint64_t tokens;
};

static int open_part(struct zout **out, const char *prefix, const char *ending, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s%s", prefix, ending);
	return zout_open(out, path, 0, e);
}

int flat_open(struct flat **out, const char *prefix, bool wide, const char *tokenizer, struct err *e)
{
	struct flat *f = own_zalloc(sizeof(*f));
	f->prefix = own_strdup(prefix);
	f->tokenizer = own_strdup(tokenizer);
	f->wide = wide;
	buf_init(&f->chunk, BUF_NO_MAX);
	int rc = open_part(&f->ds, prefix, ".ds", e);
	if (!rc)
		rc = open_part(&f->index, prefix, ".ds.index", e);
	if (rc) {
		flat_free(f);
		return rc;
	}
	*out = f;
	return 0;
}

struct flat *flat_free(struct flat *f)
{
	if (!f)
		return NULL;
	zout_free(f->ds);
	zout_free(f->index);
	buf_free(&f->chunk);
	free(f->prefix);
	free(f->tokenizer);
	free(f);
	return NULL;
}

void flat_bytes(struct buf *out, bool wide, const uint32_t *tokens, size_t n)
{
	buf_reserve(out, n * 4);
	for (size_t i = 0; i < n; i++) {
		out->p[out->n++] = (char)tokens[i];
		out->p[out->n++] = (char)(tokens[i] >> 8);
		if (wide) {
			out->p[out->n++] = (char)(tokens[i] >> 16);
			out->p[out->n++] = (char)(tokens[i] >> 24);
		}
	}
}

int flat_put(struct flat *f, const uint32_t *tokens, size_t n, struct err *e)
{
	char end[8];
	buf_clear(&f->chunk);
	flat_bytes(&f->chunk, f->wide, tokens, n);
	f->tokens += n;
	for (int i = 0; i < 8; i++)
		end[i] = (char)(f->tokens >> 8 * i);
	int rc = zout_write(f->ds, f->chunk.p, f->chunk.n, e);
	return rc ? rc : zout_write(f->index, end, 8, e);
}

int flat_commit(struct flat *f, struct err *e)
{
	struct zout *z;
	char text[4096];
	int rc = zout_commit(f->ds, e);
	f->ds = NULL;
	if (!rc) {
		rc = zout_commit(f->index, e);
		f->index = NULL;
	}
	if (!rc)
		rc = open_part(&z, f->prefix, ".ds.metadata", e);
	if (!rc) {
		int n = snprintf(text, sizeof(text), "%s|%d\n%" PRIu64 "\n%.1fM", f->tokenizer, f->wide ? 4 : 2, f->tokens, (double)f->tokens / 1e6);
		rc = zout_write(z, text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1, e);
		if (rc)
			zout_free(z);
		else
			rc = zout_commit(z, e);
	}
	flat_free(f);
	return rc;
}
