#include "filter/worth.h"

#include "core/zin.h"

#include <math.h>

enum { MODEL_MAX = 64 << 20 };

struct worth {
	struct linear model;
	char *bytes;
	float slope;
};

/* Not as before, where it is new. */
static uint32_t keep(struct repeat *seen, uint64_t key, uint32_t *id, uint32_t n)
{
	uint32_t fresh = seen->n_keys;
	id[n] = (uint32_t)(key * 0x9E3779B97F4A7C15u >> 32);
	return n + (repeat_find(seen, key) == fresh);
}

uint32_t worth_features(const struct words *w, struct repeat *seen, uint32_t *id)
{
	uint32_t n = 0, words = w->n < WORTH_MOST ? w->n : WORTH_MOST;
	repeat_forget(seen, 2 * words);
	for (uint32_t i = 0; i < words; i++) {
		uint64_t hash = w->v[i].hash;
		n = keep(seen, hash, id, n);
		if (i)
			n = keep(seen, (w->v[i - 1].hash ^ w->v[i - 1].hash >> 29) * 3 + hash, id, n);
	}
	return n;
}

int worth_open(struct worth **out, const char *path, struct err *e)
{
	struct worth *m = own_zalloc(sizeof(*m));
	size_t n;
	int rc = zin_slurp(path, MODEL_MAX, &m->bytes, &n, e);
	if (!rc)
		rc = linear_load(&m->model, (struct str){m->bytes, n}, path, e);
	if (!rc && m->model.classes != 1)
		rc = err_at(e, ERR_DATA, (struct where){path, 0}, "a quality model has one class, not %u", m->model.classes);
	m->slope = rc ? 0 : (float)linear_note(&m->model, "quality_slope", 0);
	if (!rc && !(m->slope > 0))
		rc = err_at(e, ERR_DATA, (struct where){path, 0}, "not a model that train --quality made");
	if (rc)
		worth_free(m);
	else
		*out = m;
	return rc;
}

struct worth *worth_free(struct worth *m)
{
	if (!m)
		return NULL;
	free(m->bytes);
	free(m);
	return NULL;
}

float worth_of(const struct worth *m, const struct words *w, struct repeat *seen, uint32_t *id)
{
	uint32_t n = worth_features(w, seen, id);
	int64_t sum = 0;
	if (!n)
		return NAN;
	for (uint32_t i = 0; i < n; i++)
		sum += linear_square(*linear_row(&m->model, id[i]));
	float x = m->model.bias[0] + (float)sum * m->model.peak[0] / sqrtf(1 + (float)n);
	return 1 / (1 + expf(-m->slope * x));
}
