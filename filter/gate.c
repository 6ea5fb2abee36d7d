#include "filter/gate.h"

#include <math.h>
#include <stdio.h>

/* Length counts from WORDS_USUAL, and no further than the longest rows that were learned from. */
enum { WORDS_USUAL = 8, WORDS_MOST = 40, STEPS = 25 };

void gate_inputs(const float x[GATE_CLASSES], uint32_t words, const float of_names[GATE_CLASSES], uint32_t names, float in[GATE_INPUTS])
{
	float ahead = -INFINITY, length = logf(fminf(fmaxf((float)words, 1), WORDS_MOST) / WORDS_USUAL);
	for (unsigned c = 1; c < GATE_CLASSES; c++)
		ahead = fmaxf(ahead, x[c]);
	ahead = x[0] - ahead;
	memcpy(in, x, GATE_CLASSES * sizeof(*in));
	memcpy(in + GATE_CLASSES, of_names, GATE_CLASSES * sizeof(*in));
	in += 2 * GATE_CLASSES;
	in[0] = ahead;
	in[1] = length;
	in[2] = ahead * length;
	in[3] = logf(1 + fminf((float)names, WORDS_MOST));
	in[4] = 1;
}

float gate_portuguese(const struct gate *g, const float in[GATE_INPUTS])
{
	float sum = 0;
	for (unsigned i = 0; i < GATE_INPUTS; i++)
		sum += g->w[i] * in[i];
	return 1 / (1 + expf(-sum));
}

void gate_load(struct gate *g, const struct linear *m)
{
	char name[16];
	*g = (struct gate){.on = true};
	for (unsigned i = 0; i < GATE_INPUTS; i++) {
		snprintf(name, sizeof(name), "gate_%u", i);
		double v = linear_note(m, name, NAN);
		g->on &= !isnan(v);
		g->w[i] = (float)v;
	}
}

size_t gate_print(const struct gate *g, char *to, size_t room)
{
	size_t n = 0;
	for (unsigned i = 0; i < GATE_INPUTS; i++)
		n += (size_t)snprintf(to + n, room - n, ",\"gate_%u\":%.5f", i, (double)g->w[i]);
	return n;
}

/* Solve a x = b in place by elimination; a is positive definite. */
static void solve(double a[GATE_INPUTS][GATE_INPUTS], double b[GATE_INPUTS])
{
	enum { N = GATE_INPUTS };
	for (unsigned k = 0; k < N; k++)
		for (unsigned r = k + 1; r < N; r++) {
			double f = a[r][k] / a[k][k];
			for (unsigned c = k; c < N; c++)
				a[r][c] -= f * a[k][c];
			b[r] -= f * b[k];
		}
	for (unsigned k = N; k-- > 0;) {
		for (unsigned c = k + 1; c < N; c++)
			b[k] -= a[k][c] * b[c];
		b[k] /= a[k][k];
	}
}

/* Newton's steps, each weight held towards 0 by the variance of its input: as if all inputs were of one scale. */
void gate_fit(struct gate *g, float (*in)[GATE_INPUTS], const bool *ours, const float *cost, size_t n)
{
	enum { N = GATE_INPUTS };
	double w[N] = {0}, mean[N] = {0}, square[N] = {0};
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < N; k++) {
			mean[k] += (double)in[i][k] / (double)n;
			square[k] += (double)in[i][k] * (double)in[i][k] / (double)n;
		}
	for (unsigned step = 0; step < STEPS; step++) {
		double a[N][N] = {0}, b[N] = {0};
		for (unsigned k = 0; k < N; k++) {
			double hold = fmax(square[k] - mean[k] * mean[k], 1e-6);
			a[k][k] = hold;
			b[k] = -hold * w[k];
		}
		for (size_t i = 0; i < n; i++) {
			double sum = 0;
			for (unsigned k = 0; k < N; k++)
				sum += w[k] * (double)in[i][k];
			double p = 1 / (1 + exp(-sum)), wrong = (double)cost[i] * ((double)ours[i] - p), curve = (double)cost[i] * fmax(p * (1 - p), 1e-6);
			for (unsigned k = 0; k < N; k++) {
				double x = (double)in[i][k];
				b[k] += wrong * x;
				for (unsigned m = 0; m < N; m++)
					a[k][m] += curve * x * (double)in[i][m];
			}
		}
		solve(a, b);
		for (unsigned k = 0; k < N; k++)
			w[k] += b[k];
	}
	for (unsigned k = 0; k < N; k++)
		g->w[k] = (float)w[k];
	g->on = true;
}
