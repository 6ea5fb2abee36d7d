#include "filter/ratio.h"

#include <math.h>

/* Between-group variance of a log-count ratio; measured, as the rest of the recipe, on domains left out. */
static const double tau2 = 2;

struct tally {
	uint32_t *n; /* [2 * bucket + (y > 0)] of the group at hand */
	double *sum, *mass;
};

static void add_group(const struct tally *t, size_t buckets, const double total[2])
{
	for (size_t f = 0; f < buckets; f++) {
		double minus = t->n[2 * f], plus = t->n[2 * f + 1];
		if (minus + plus < 1)
			continue;
		double ratio = log((plus + .5) / (total[1] + 1)) - log((minus + .5) / (total[0] + 1));
		double a = 1 / (1 / (plus + .5) + 1 / (minus + .5) + tau2);
		t->sum[f] += a * ratio;
		t->mass[f] += a;
	}
}

void ratio_weigh(const struct rows *r, const struct lessons *c, const signed char *y, unsigned groups, size_t buckets, float *u, float *signs)
{
	struct tally t = {own_alloc(2 * buckets * sizeof(uint32_t)), own_zalloc(buckets * sizeof(double)), own_zalloc(buckets * sizeof(double))};
	uint32_t *df = own_zalloc(buckets * sizeof(*df));
	size_t rows = 0;
	for (unsigned g = 0; g < groups; g++) {
		double total[2] = {0};
		memset(t.n, 0, 2 * buckets * sizeof(*t.n));
		for (size_t i = 0; i < r->n; i++) {
			if (!y[i] || c->v[i].group != g)
				continue;
			total[y[i] > 0]++;
			rows++;
			for (size_t k = r->at[i]; k < r->at[i + 1]; k++) {
				t.n[2 * rows_bucket(r->cell[k]) + (y[i] > 0)]++;
				df[rows_bucket(r->cell[k])]++;
			}
		}
		if (total[0] >= 1 && total[1] >= 1)
			add_group(&t, buckets, total);
	}
	for (size_t f = 0; f < buckets; f++) {
		double ratio = t.sum[f] / (t.mass[f] + 1);
		u[f] = df[f] < 3 ? 0 : (float)(log((1 + (double)rows) / (1 + df[f])) * (0.1 + fabs(ratio)));
		if (signs)
			signs[f] = (float)ratio;
	}
	free(t.n);
	free(t.sum);
	free(t.mass);
	free(df);
}
