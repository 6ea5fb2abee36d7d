/* spread: how the numbers of a column are spread: count, mean, bounds, percentiles, and counts in a histogram's bins.
 *
 * Percentiles come from two passes that count by the upper bits of the value, in 3 MiB whatever the number of rows, or, of 8,192 values at
 * most, from the same upper bits in order: exact for reals of 32 bits and whole numbers below two million, beyond to one part in a million. */
#pragma once
#include "cli/corpus.h"

enum { SPREAD_BINS = 20 };

struct spread {
	uint64_t n, nulls;
	double sum, min, max;
	double p[5]; /* 5 25 50 75 95 % */
	double low, high; /* of the histogram; outer bins take what lies outside */
	uint64_t bins[SPREAD_BINS];
};
extern const int spread_percent[5];

/* only: a bit a row, those that count; NULL = all. kept: 1 only documents, 0 only what was left out, -1 both.
 * low == high: bounds of the histogram are chosen from the values (0 to 1 when all are within). */
int spread_of(struct corpus *c, unsigned column, const uint64_t *only, int kept, double low, double high, struct spread *out, struct err *e);

/* Counts between edges (rising): bin i holds edges[i] <= value < edges[i + 1], the first also what is below, the last also what is
 * above; n edges make n - 1 bins. kept: rows that were kept; out: those that were not. Nulls are in neither. */
int spread_bins(struct corpus *c, unsigned column, const double *edges, unsigned n, double *kept, double *out, struct err *e);
