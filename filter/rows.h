/* rows: texts as rows of hashed features, for training. The features are those that judge.c sums. */
#pragma once
#include "filter/lessons.h"

enum { ROWS_BITS_MAX = 24 };

/* Row i is cell[at[i]] .. cell[at[i + 1] - 1], each a bucket in the low 24 bits and its value in halves in the high 8; a row's values are
 * multiplied by scale[i] = 1 / sqrt(1 + n), n its words (variety) or distinct words (language), kept in the text. */
struct rows {
	uint32_t *cell;
	float *scale;
	size_t *at, n, n_cells, cap;
};

/* Of all texts; features of fewer than `least` rows are left out. */
void rows_make(struct rows *r, struct lessons *c, bool language, uint32_t bits, unsigned least);
void rows_free(struct rows *r);
double rows_score(const struct rows *r, size_t i, const float *weights, double bias);

static inline uint32_t rows_bucket(uint32_t cell)
{
	return cell & 0xFFFFFF;
}

static inline float rows_halves(uint32_t cell)
{
	return (float)(cell >> 24) * 0.5f;
}
