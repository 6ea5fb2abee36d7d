#include "filter/curve.h"

#include <math.h>

double curve_length(double words)
{
	return fmin(log(fmax(words, 3) / 50), 3);
}

double curve_at(const struct curve *k, double score, double words)
{
	double l = curve_length(words);
	return 1 / (1 + exp(-exp(k->slope + k->by_length * l) * (score + k->shift)));
}

static double loss(const struct curve *k, const struct lessons *c, const float *score, const float *weight)
{
	double sum = 0;
	for (size_t i = 0; i < c->n; i++)
		if (weight[i] > 0) {
			double p = curve_at(k, (double)score[i], c->v[i].words);
			sum -= (double)weight[i] * log(fmax(c->v[i].label > 0 ? p : 1 - p, 1e-9));
		}
	return sum;
}

/* Every domain that holds both labels weighs the same, and in it both labels. */
static float *weights(const struct lessons *c, const bool *held)
{
	double *n = own_zalloc(2 * LESSONS_NAMES * sizeof(*n));
	float *weight = own_zalloc((c->n + 1) * sizeof(*weight));
	for (size_t i = 0; i < c->n; i++)
		n[2 * c->v[i].domain + (c->v[i].label > 0)] += held[i] && c->v[i].words >= CURVE_WORDS_MIN;
	for (size_t i = 0; i < c->n; i++) {
		const double *both = &n[2 * c->v[i].domain];
		weight[i] = held[i] && c->v[i].words >= CURVE_WORDS_MIN && both[0] > 0 && both[1] > 0 ? (float)(1 / both[c->v[i].label > 0]) : 0;
	}
	free(n);
	return weight;
}

/* Coordinate search with shrinking steps: three numbers need no more. */
struct curve curve_fit(const struct lessons *c, const float *score, const bool *held)
{
	float *weight = weights(c, held);
	struct curve k = {0.4, 0.2, 0};
	double best = loss(&k, c, score, weight);
	for (double step = 0.4; step > 0.004;) {
		bool better = false;
		for (int i = 0; i < 6; i++) {
			struct curve tried = k;
			double d = i & 1 ? -step : step;
			*(i < 2 ? &tried.slope : i < 4 ? &tried.by_length : &tried.shift) += d;
			double l = loss(&tried, c, score, weight);
			if (l < best) {
				best = l;
				k = tried;
				better = true;
			}
		}
		if (!better)
			step /= 2;
	}
	free(weight);
	return k;
}
