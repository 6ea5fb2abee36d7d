/* pair: representatives that may be near copies of each other.
 *
 * Every band of every signature is a record {key, rank, shingles}; sorted, documents with a common key lie side by side. In a run of equal
 * keys each document is paired with the PAIR_FIRST earliest ranks before it that its size allows (the likely ones to stay) and with the PAIR_BEFORE
 * nearest before it: a run of n gives at most n * (PAIR_FIRST + PAIR_BEFORE) pairs, not n^2 / 2. J <= smaller size / larger size, so a pair
 * whose sizes lie further apart than the threshold needs no comparison. */
#pragma once
#include "dedup/solve.h"

enum { PAIR_FIRST = 8, PAIR_BEFORE = 8, PAIR_SEEN = 64 };

/* Fills s->pairs from s->reps and the files (and the index). */
int pair_documents(struct solve *s, struct err *e);
