#include "filter/perplexity.h"

#include "core/own.h"
#include "core/zin.h"

#include <math.h>

enum { MODEL_MAX = 300 << 20 };
static const char magic[8] = "PNLPPL01";

int perplexity_load(struct perplexity *m, struct str s, const char *name, struct err *e)
{
	uint32_t head[4];
	struct where at = {name, 0};
	if (s.n < PERPLEXITY_HEAD || memcmp(s.p, magic, 8) != 0)
		return err_at(e, ERR_DATA, at, "not a model that train --perplexity made");
	memcpy(head, s.p + 8, sizeof(head));
	uint64_t need = PERPLEXITY_HEAD + (sizeof(struct perplexity_entry) * PERPLEXITY_WAYS << (head[0] & 63)) + head[1];
	if (head[0] < 1 || head[0] > PERPLEXITY_BITS_MAX || need != s.n || head[2] > 255 || ((uintptr_t)s.p & 3))
		return err_at(e, ERR_DATA, at, "a model of 2^%u buckets is not %zu bytes long", head[0], s.n);
	m->bits = head[0];
	m->unknown = head[2];
	m->entries = (const struct perplexity_entry *)(const void *)(s.p + PERPLEXITY_HEAD);
	m->notes = (struct str){s.p + s.n - head[1], head[1]};
	return 0;
}

int perplexity_open(struct perplexity **out, const char *path, struct err *e)
{
	struct perplexity *m = own_zalloc(sizeof(*m));
	char *bytes = NULL;
	size_t n;
	int rc = zin_slurp(path, MODEL_MAX, &bytes, &n, e);
	if (!rc)
		rc = perplexity_load(m, (struct str){bytes, n}, path, e);
	if (rc) {
		free(bytes);
		free(m);
	} else {
		*out = m;
	}
	return rc;
}

struct perplexity *perplexity_close(struct perplexity *m)
{
	if (!m)
		return NULL;
	free((char *)(uintptr_t)m->entries - PERPLEXITY_HEAD);
	free(m);
	return NULL;
}

double perplexity_bits(const struct perplexity *m, const struct words *w)
{
	uint64_t sum = 0, before = 0;
	uint32_t leave = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		uint64_t hash = w->v[i].hash;
		const struct perplexity_entry *word = perplexity_find(m->entries, m->bits, hash);
		const struct perplexity_entry *pair = word && before ? perplexity_find(m->entries, m->bits, perplexity_pair(before, hash)) : NULL;
		sum += pair ? pair->cost : leave + (word ? word->cost : m->unknown);
		before = word ? hash : 0;
		leave = word ? word->leave : 0;
	}
	return w->n ? (double)sum / PERPLEXITY_STEPS / w->n : NAN;
}

double perplexity_of(const struct perplexity *m, const struct words *w)
{
	return exp2(perplexity_bits(m, w));
}
