/* ratio: how far each feature is to be trusted, before training.
 *
 * u_j = idf_j (0.1 + |r_j|), r_j the log-count ratio (Wang & Manning, ACL 2012) averaged over groups of texts by its precision: what one group
 * alone has, or where groups disagree, shrinks towards nothing. Needs nothing at run time: u goes into the weights. */
#pragma once
#include "filter/rows.h"

/* Fill u[buckets] from the rows with y != 0. signs (may be NULL) gets r_j itself. */
void ratio_weigh(const struct rows *r, const struct lessons *c, const signed char *y, unsigned groups, size_t buckets, float *u, float *signs);
