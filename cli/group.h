/* group: how many captures, documents and sums for each combination of values of some columns: what `stats --by` and the report count.
 *
 * One pass over the columns that are named, group of rows by group of rows. Strings are looked at once a dictionary entry, not once a
 * row. Captures are all rows; documents, and the sums, are of the rows that were kept. */
#pragma once
#include "cli/corpus.h"

enum { GROUP_BY_MAX = 4, GROUP_SUMS_MAX = 4, GROUP_MAX = 16 << 20 /* combinations */ };

struct group_ask {
	unsigned by[GROUP_BY_MAX], n_by;     /* columns; none = one group of all */
	unsigned sums[GROUP_SUMS_MAX], n_sums; /* columns of whole numbers */
	const uint64_t *only;                /* a bit a row: those that count; NULL = all */
	double step;                         /* real columns are counted by this step; 0 = 0.1 */
};

struct group_key {
	bool null;
	bool number;
	double value; /* numbers, and the order of keys */
	struct str text;
};

struct group_row {
	struct group_key key[GROUP_BY_MAX];
	uint64_t captures, documents;
	int64_t sums[GROUP_SUMS_MAX];
};

struct group_result {
	struct group_row *rows;
	size_t n;
	struct arena *a;
};

int group_count(struct corpus *c, const struct group_ask *ask, struct group_result *out, struct err *e);
void group_free(struct group_result *r);
/* By count of captures, most first (ties: by key); or by the keys, numbers by value, null last. */
void group_sort(struct group_result *r, unsigned n_by, bool by_key);
