/* minhash: for each of many permutations of the 32-bit numbers, the least image of a set (Broder 1997).
 *
 * Two sets agree in a place with the probability of their Jaccard similarity. Permutation k is x -> (x ^ mask[k]) * odd[k]; the x must
 * be well mixed hashes. Two forms that agree: plain C, and AVX2 chosen when the processor has it. */
#pragma once
#include "core/own.h"

#include <stddef.h>
#include <stdint.h>

enum { MINHASH_MAX = 1024, MINHASH_TILE = 16 };

struct minhash {
	unsigned n; /* permutations, a multiple of MINHASH_TILE */
	uint32_t mask[MINHASH_MAX], odd[MINHASH_MAX];
	void (*kernel)(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out);
};

/* At least n permutations (n <= MINHASH_MAX), always the same ones. */
struct minhash *minhash_new(unsigned n);
struct minhash *minhash_free(struct minhash *m);
/* out[k] = the least image of x[0..n) under permutation k; UINT32_MAX when n is 0. out has room for m->n. */
void minhash_plain(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out);
void minhash_avx2(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out);
