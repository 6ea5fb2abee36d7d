/* datatrove: texts, shingles and permutations exactly as datatrove's MinHash (0.4 to 0.10, 64-bit xxhash, seed 1) has them.
 *
 * Text: lower case; \p{Nd}+([.,...]\p{Nd}+)? becomes 0; its list of punctuation becomes spaces; white space collapses; NFD without
 * Mn. Words: what spaces separate (spaCy's blank model splits a few tokens more). Shingle: xxh64 of n words joined by spaces; texts of
 * fewer words have none. Permutation: (x * a + b) mod 2^64, mod 2^61 - 1; a and b from NumPy's RandomState(1).randint.
 * Differences that remain: a capital sigma at the end of a word. */
#pragma once
#include "core/buf.h"

#include <stddef.h>

struct datatrove;
struct datatrove *datatrove_new(unsigned permutations);
struct datatrove *datatrove_free(struct datatrove *d);
/* The simplified text of datatrove's simplify_text; valid until the next call. */
struct str datatrove_simplify(struct datatrove *d, struct str text);
/* The hashes of the shingles of n words of a simplified text; valid until the next call. *words: how many it has. */
const uint64_t *datatrove_shingles(struct datatrove *d, struct str simple, unsigned n, size_t *shingles, size_t *words);
/* out[k] = the least image under permutation k. */
void datatrove_least(const struct datatrove *d, const uint64_t *x, size_t n, uint64_t *out);
