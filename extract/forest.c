#include "extract/forest.h"

#include <assert.h>

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef int16_t shorts __attribute__((vector_size(16)));

/* Sixteen rows, turned: lane k of column[j] is feature j of row k. Rows past the end repeat the last. */
static void turn(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, bytes *column)
{
	for (unsigned j = 0; j < f->n_features; j++) {
		const uint8_t *at = rows + f->features[j];
		for (unsigned k = 0; k < FOREST_LANES; k++)
			column[j][k] = at[stride * (k < n ? k : n - 1)];
	}
}

static void add_tree(const struct forest_tree *t, const bytes *column, shorts *low, shorts *high)
{
	bytes left = ~(bytes){0};
	for (unsigned i = 0; i < FOREST_LEAVES - 1; i++) {
		bytes holds = (bytes)(column[t->feature[i]] > (uint8_t)t->above[i]);
		left &= ~holds | t->left[i];
	}
	left &= -left;
	for (unsigned i = 0; i < FOREST_LEAVES; i++) {
		bytes here = (bytes)(left == (uint8_t)(1u << i));
		/* A byte of ones becomes a short of ones. */
		shorts a = (shorts)__builtin_shuffle(here, (bytes){0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7});
		shorts b = (shorts)__builtin_shuffle(here, (bytes){8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15});
		*low += a & t->value[i];
		*high += b & t->value[i];
	}
}

void forest_score(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores)
{
	bytes column[256];
	assert(f->n_features <= 256);
	for (size_t at = 0; at < n; at += FOREST_LANES) {
		size_t left = n - at;
		shorts low = (shorts){0} + f->start, high = low;
		turn(f, rows + at * stride, stride, left, column);
		for (unsigned i = 0; i < f->n_trees; i++)
			add_tree(&f->trees[i], column, &low, &high);
		for (unsigned k = 0; k < FOREST_LANES && k < left; k++)
			scores[at + k] = k < 8 ? low[k] : high[k - 8];
	}
}

/* The logistic function at the middle of each of 128 steps of 1/8 from -8 to 8. */
uint8_t forest_likelihood(int16_t score)
{
	static const uint8_t table[128] = {
#include "extract/tables/logistic.inc"
	};
	int at = (score + 8 * FOREST_ONE) / (FOREST_ONE / 8);
	return table[at < 0 ? 0 : at > 127 ? 127 : at];
}
