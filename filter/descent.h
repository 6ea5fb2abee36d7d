/* descent: L2-regularised L2-loss support vector machine by dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1). One thread and a
 * fixed order for a seed, so the same rows give the same weights. */
#pragma once
#include "filter/rows.h"

struct descent_job {
	const struct rows *rows;
	const signed char *y; /* +1, -1; 0: not used */
	const float *cost;    /* of an error on the row */
	const float *u;	      /* value of a bucket, multiplied to every cell; NULL: 1 */
	size_t buckets;
	double tolerance; /* stop when no gradient in a pass is larger */
	unsigned passes;  /* at most */
	uint64_t seed;
};

/* Fills weights[buckets], u included, and the bias. Returns the passes that it took. */
unsigned descent_run(const struct descent_job *j, float *weights, double *bias);
