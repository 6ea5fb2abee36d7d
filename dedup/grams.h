/* grams: the set of a text's word n-grams, in about two bytes each, and the Jaccard similarity of two such sets.
 *
 * A set of N hashes of 32 bits is kept as its GRAMS_KEEP least ones (all of them for most texts: the similarity is then the
 * true one; above, the bottom-k estimate with standard error sqrt(J(1-J)/k) < 1.2 % (Bar-Yossef et al. 2002)). Of each the
 * top log2(N) + 14 bits are kept, so that a stranger passes for a member once in 16,000, as Rice-coded differences
 * (Golomb 1966, Rice 1979): u32 check of what follows, N in LEB128, then bits from the lowest up. */
#pragma once
#include "core/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { GRAMS_KEEP = 2048, GRAMS_BYTES = 32 + GRAMS_KEEP * 4 };

/* Sort x[0..n) and drop repetitions; returns how many are left. scratch: room for n. */
size_t grams_sort(uint32_t *x, size_t n, uint32_t *scratch);
/* The coded set of n sorted, distinct hashes into out (GRAMS_BYTES of room); returns its length. */
size_t grams_code(const uint32_t *x, size_t n, unsigned char *out);

struct grams {
	uint32_t total, n;   /* members of the set; of those, in v */
	unsigned bits;       /* of each member */
	uint32_t v[GRAMS_KEEP];
};
/* false: damaged. Never reads past p + n. */
bool grams_decode(const unsigned char *p, size_t n, struct grams *out);
/* Jaccard similarity; 0 when either set is empty. */
double grams_jaccard(const struct grams *a, const struct grams *b);
