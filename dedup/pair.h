/* pair: representatives that may be near copies of each other.
 *
 * Every band of every signature is a record {key, rank, shingles}; sorted, documents with a common key lie side by side. In a run of equal
 * keys each document is paired with the PAIR_FIRST earliest ranks before it that its size allows (the likely ones to stay) and with the PAIR_BEFORE
 * nearest before it: a run of n gives at most n * (PAIR_FIRST + PAIR_BEFORE) pairs, not n^2 / 2. J <= smaller size / larger size, so a pair
 * whose sizes lie further apart than the threshold needs no comparison.
 *
 * Keys are evenly spread over 64 bits, so the work is cut by ranges of keys into parts of one size, as many as there are threads or tasks. Each part
 * is a file: a sorted run (sorter.h) of {later rank, earlier rank}; together they are the same pairs for any number of parts. A part that is a task of
 * its own compares its pairs at once and leaves those that are similar enough: a pair that shares keys of several parts is then compared in each of
 * them, but by many tasks, and nothing is left to be read at random by the one that settles. */
#pragma once
#include "dedup/solve.h"

enum { PAIR_FIRST = 8, PAIR_BEFORE = 8, PAIR_SEEN = 64, PAIR_PART_LEAST = 4 << 20 };

/* One part: the keys of the k-th of n equal ranges. */
struct pair_part {
	uint64_t k, n;
	size_t memory;
	const char *reps;        /* run of {document, rank} of the representatives with shingles, by document */
	const char *out;
	int lasting;             /* see sealed_create */
	struct place *places;    /* to compare with; NULL: all pairs are left */
	uint64_t keys, pairs, scratch; /* for the report: records sorted, pairs found (one may be found in several bands), bytes of runs */
};

/* Needs the conf, paths, first and old of s, which is not changed: parts can be made at the same time. */
int pair_part(const struct solve *s, struct pair_part *p, struct err *e);
/* All parts, in threads: fills s->pairs from s->reps and the files (and the index). */
int pair_documents(struct solve *s, struct err *e);
