#include "filter/linear.h"

#include "core/json.h"
#include "core/zout.h"

#include <math.h>

static const char magic[8] = "PNLIN002";
enum { HEAD = 24 };

int linear_load(struct linear *m, struct str s, const char *name, struct err *e)
{
	uint32_t head[4];
	struct where at = {name, 0};
	if (s.n < HEAD || memcmp(s.p, magic, 8) != 0)
		return err_at(e, ERR_DATA, at, "not a model of this program");
	memcpy(head, s.p + 8, sizeof(head));
	uint64_t cells = (uint64_t)head[0] << (head[1] & 63), need = HEAD + 8ull * head[0] + cells + head[2];
	if (head[0] < 1 || head[0] > LINEAR_CLASSES_MAX || head[1] < 1 || head[1] > LINEAR_BITS_MAX || need != s.n || ((uintptr_t)s.p & 3))
		return err_at(e, ERR_DATA, at, "a model of %u classes and 2^%u buckets is not %zu bytes long", head[0], head[1], s.n);
	m->classes = head[0];
	m->bits = head[1];
	m->bias = (const float *)(const void *)(s.p + HEAD);
	m->peak = m->bias + m->classes;
	m->weights = (const int8_t *)(m->peak + m->classes);
	m->notes = (struct str){(const char *)m->weights + cells, head[2]};
	return 0;
}

int linear_annotate(const struct linear *m, const char *path, struct str notes, struct err *e)
{
	struct zout *z;
	uint32_t head[4] = {m->classes, m->bits, (uint32_t)notes.n, 0};
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, magic, 8, e);
	rc = rc ? rc : zout_write(z, head, sizeof(head), e);
	rc = rc ? rc : zout_write(z, m->bias, m->classes * sizeof(float), e);
	rc = rc ? rc : zout_write(z, m->peak, m->classes * sizeof(float), e);
	rc = rc ? rc : zout_write(z, m->weights, (size_t)m->classes << m->bits, e);
	rc = rc ? rc : zout_write(z, notes.p, notes.n, e);
	if (!rc)
		return zout_commit(z, e);
	zout_free(z);
	return rc;
}

int linear_save(const char *path, uint32_t classes, uint32_t bits, const float *bias, const float *w, struct str notes, struct err *e)
{
	size_t cells = (size_t)classes << bits;
	float peak[LINEAR_CLASSES_MAX] = {0};
	int8_t *q = own_alloc(cells);
	for (size_t i = 0; i < cells; i++)
		peak[i % classes] = fmaxf(peak[i % classes], fabsf(w[i]));
	for (size_t i = 0; i < cells; i++) {
		float top = peak[i % classes] > 0 ? peak[i % classes] : 1;
		q[i] = (int8_t)copysignf(roundf(127 * sqrtf(fabsf(w[i]) / top)), w[i]);
	}
	for (uint32_t c = 0; c < classes; c++)
		peak[c] /= 127.0f * 127.0f;
	struct linear m = {.classes = classes, .bits = bits, .bias = bias, .peak = peak, .weights = q};
	int rc = linear_annotate(&m, path, notes, e);
	free(q);
	return rc;
}

double linear_note(const struct linear *m, const char *name, double none)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(1024);
	struct json j = json_of(m->notes);
	struct str key;
	double v = none;
	if (!json_object(&j))
		return none;
	while (json_key(&j, a, &key))
		if (str_eq(key, str_of(name)))
			json_number(&j, &v);
		else
			json_skip(&j, NULL);
	return v;
}
