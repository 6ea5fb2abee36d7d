/* solve: which documents are copies of each other, and which one stays.
 *
 *     rank    every document gets a rank: its place in the order in which documents may stay (a total order; see below);
 *             of equal texts the first is their representative                                              (rank.c)
 *     pair    representatives that share a band key, and whose sizes allow the similarity, are pairs          (pair.c)
 *     group   in the order of ranks: a document that is similar to one that stays is left out, any other stays (group.c)
 *     settle  groups are counted and every document of every file gets its verdict                          (solve.c)
 *
 * So a document is left out only for one that stays and is as similar as `threshold` asks, and of two that are so similar only one
 * stays: chains of small differences do not pull unlike texts together. Without verification groups are what pairs connect, as
 * MinHash deduplication elsewhere has it.
 *
 * Everything is done by sorting fixed-size records (sorter.h): memory is bounded whatever the input, but for one bit a document (four
 * bytes without verification, in a mapped file when that is too much), and the answer depends on the set of documents alone. */
#pragma once
#include "dedup/place.h"
#include "dedup/sign.h"
#include "dedup/sorter.h"

enum solve_keep { SOLVE_LONGEST, SOLVE_OLDEST, SOLVE_NEWEST, SOLVE_BEST };
enum solve_url { SOLVE_URL_ALL, SOLVE_URL_NEWEST, SOLVE_URL_OLDEST, SOLVE_URL_LONGEST, SOLVE_URL_COUNT };

struct solve_conf {
	struct sign_conf sign;
	double threshold;     /* least Jaccard similarity; 0 = do not verify */
	unsigned keep;        /* enum solve_keep: who stays; then the longest, the oldest, the least id */
	unsigned url;         /* enum solve_url */
	size_t memory;        /* for records */
	unsigned threads;     /* 0 = 1 */
	const char *folder;   /* for scratch files: exists, and is ours alone */
	struct index *index;  /* documents that stay already; NULL = none */
};

struct solve_report {
	uint64_t documents, representatives, keys, pairs, compared, alike, scratch;
};

/* Verdicts on the documents of these signature files, in order, into verdicts (verdict.h). lasting: see sealed_create. */
int solve_files(const char *const *paths, size_t n, const struct solve_conf *c, const char *verdicts, int lasting, struct solve_report *report, struct err *e);

/* The files that sets lie in: those of the documents, then those of the index. malloc'ed, the names borrowed. */
const char **solve_sets(const char *const *paths, size_t n, const struct index *index, size_t *all);
/* The last step: s needs members and leaders, both sorted. Frees nothing. */
struct solve;
int solve_settle(struct solve *s, const char *verdicts, int lasting, struct err *e);

/* ---- the state that the parts share ---- */

struct solve {
	const struct solve_conf *conf;
	const char *const *paths;
	size_t n_paths;
	uint64_t *first;          /* number of the first document of each file; of all at [n_paths]   */
	uint64_t old, ranks;      /* documents of the index have ranks [0, old), others [old, ranks)   */
	struct place *places;     /* rank -> set                                                       */
	struct sorter *urls;      /* {document, kind << 24 | captures}: left out or counted by URL     */
	struct sorter *reps;      /* {document, rank} of representatives with shingles                 */
	struct sorter *members;   /* {rank of the representative, kind << 56 | document, id}           */
	struct sorter *pairs;     /* {later rank, earlier rank}                                        */
	bool compared;            /* only pairs that are similar enough are in `pairs`                 */
	struct sorter *leaders;   /* {rank of who is left out, rank of who stays}                      */
	struct solve_report *report;
};

enum { SOLVE_RANK_BITS = 40, SOLVE_SHINGLE_BITS = 24 };
#define SOLVE_LOW(bits) (((uint64_t)1 << (bits)) - 1)
#define SOLVE_NO_DOCUMENT SOLVE_LOW(SOLVE_RANK_BITS) /* a member that belongs to the index */
