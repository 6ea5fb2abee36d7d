#include "filter/descent.h"

#include <math.h>

/* A bucket: its weight times u, and u squared: all that a step reads or writes, in one cache line. */
struct cell {
	float e, uu;
};

struct live {
	size_t row;
	double alpha, q; /* the dual variable; |x|^2 + 1 / 2C */
};

static size_t gather(const struct descent_job *j, const struct cell *w, struct live *v)
{
	const struct rows *r = j->rows;
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (!j->y[i] || j->cost[i] <= 0)
			continue;
		double x2 = 0;
		for (size_t k = r->at[i]; k < r->at[i + 1]; k++) {
			float h = rows_halves(r->cell[k]);
			x2 += (double)(h * h * w[rows_bucket(r->cell[k])].uu);
		}
		v[n++] = (struct live){.row = i, .q = 1 + x2 * (double)(r->scale[i] * r->scale[i]) + 0.5 / (double)j->cost[i]};
	}
	return n;
}

/* One step on one row; returns the size of its projected gradient. */
static double step(const struct descent_job *j, struct cell *w, double *b, struct live *l)
{
	const struct rows *r = j->rows;
	size_t i = l->row, from = r->at[i], to = r->at[i + 1];
	float f = 0;
	for (size_t k = from; k < to; k++)
		f += w[rows_bucket(r->cell[k])].e * rows_halves(r->cell[k]);
	double y = j->y[i], g = y * (*b + (double)(f * r->scale[i])) - 1 + l->alpha * 0.5 / (double)j->cost[i];
	if (l->alpha <= 0 && g > 0)
		return 0;
	if (fabs(g) < 1e-9)
		return 0;
	double was = l->alpha;
	l->alpha = fmax(0, was - g / l->q);
	double d = (l->alpha - was) * y;
	float s = (float)d * r->scale[i];
	*b += d;
	for (size_t k = from; k < to; k++) {
		struct cell *c = &w[rows_bucket(r->cell[k])];
		c->e += s * rows_halves(r->cell[k]) * c->uu;
	}
	return fabs(g);
}

unsigned descent_run(const struct descent_job *j, float *weights, double *bias)
{
	struct live *v = own_alloc((j->rows->n + 1) * sizeof(*v));
	struct cell *w = own_alloc(j->buckets * sizeof(*w));
	uint64_t rng = j->seed;
	double b = 0;
	unsigned pass = 0;
	for (size_t f = 0; f < j->buckets; f++)
		w[f] = (struct cell){0, j->u ? j->u[f] * j->u[f] : 1};
	size_t n = gather(j, w, v);
	for (double most = INFINITY; pass < j->passes && most > j->tolerance; pass++) {
		most = 0;
		for (size_t i = n; i > 1; i--) {
			rng ^= rng << 13, rng ^= rng >> 7, rng ^= rng << 17;
			size_t k = (size_t)((rng >> 33) % i);
			struct live t = v[k];
			v[k] = v[i - 1];
			v[i - 1] = t;
		}
		for (size_t i = 0; i < n; i++)
			most = fmax(most, step(j, w, &b, &v[i]));
	}
	for (size_t f = 0; f < j->buckets; f++)
		weights[f] = w[f].e;
	*bias = b;
	free(v);
	free(w);
	return pass;
}
