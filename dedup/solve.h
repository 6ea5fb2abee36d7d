/* solve: which documents are copies of each other, and which one stays.
 *
 * Signatures that agree in all rows of a band are candidates; candidates whose signatures agree in at least `threshold` of all places are
 * joined; groups are what is joined, directly or not. The answer depends on the set of documents alone, not on their order: everything is
 * done in the order of their ids. The one that stays is the longest, then the oldest capture, then the least id. */
#pragma once
#include "dedup/sign.h"

struct solve_conf {
	unsigned bands, rows; /* bands * rows <= SIGN_HASHES */
	float threshold;      /* 0 = do not verify */
};

enum solve_drop { SOLVE_KEEP, SOLVE_EXACT, SOLVE_NEAR };

struct solve_verdict {
	uint64_t cluster; /* below 2^53, from the id of the one that stays */
	uint32_t size;
	uint8_t drop; /* enum solve_drop */
};

/* v[i] is judged in out[i]. Memory: 16 bytes a document beside the signatures. */
void solve(const struct sign *v, size_t n, const struct solve_conf *c, struct solve_verdict *out);
