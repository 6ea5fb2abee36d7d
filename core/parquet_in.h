/* parquet_in: read a Parquet file a column chunk at a time: only the columns that are asked for are touched.
 *
 * Reads what parquet_out writes, and flat files of other writers: version 1 and 2 pages, plain or zstd, plain or dictionary
 * encoding. A chunk that was dictionary-encoded is given as codes, so that counting touches no strings. Nothing in the
 * file is believed: sizes are checked against the file and the ceilings below. Not thread-safe. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/parquet.h"

enum {
	PARQUET_IN_FOOTER_MAX = 256 << 20,
	PARQUET_IN_CHUNK_MAX = 512 << 20, /* bytes, unpacked */
};

struct parquet_in;

int parquet_in_open(struct parquet_in **out, const char *path, struct err *e);
struct parquet_in *parquet_in_free(struct parquet_in *r);
OWN_FREEP(struct parquet_in, parquet_in)

unsigned parquet_in_columns(const struct parquet_in *r);
const struct parquet_column *parquet_in_column(const struct parquet_in *r, unsigned c);
int parquet_in_find(const struct parquet_in *r, struct str name); /* -1: no such column */
uint64_t parquet_in_rows(const struct parquet_in *r);
unsigned parquet_in_groups(const struct parquet_in *r);
uint32_t parquet_in_group_rows(const struct parquet_in *r, unsigned group);
const char *parquet_in_name(const struct parquet_in *r);

/* What the footer says of a chunk without reading it. Bounds: of the column's kind; of strings possibly shortened ones. */
struct parquet_range {
	bool known;
	int64_t min_int, max_int;
	float min_real, max_real;
	struct str min_str, max_str;
	bool all_null;
};
struct parquet_range parquet_in_range(const struct parquet_in *r, unsigned group, unsigned column);

/* May a string be in a chunk? Asked of its Bloom filter; true where it has none, or where that cannot be read. */
bool parquet_in_may(const struct parquet_in *r, unsigned group, unsigned column, struct str value);

/* A column chunk, decoded. One slot a row: codes[row] is the place in the values when `dict`, n_dict for null; otherwise the
 * values are one a row, and null is nulls[row] != 0 (nulls is NULL when there is none), NAN, or a string with p NULL. */
struct parquet_chunk {
	enum parquet_kind kind;
	uint32_t rows, n_dict;
	bool dict;
	uint32_t *codes;
	int64_t *ints; /* BOOL I32 I64 TIME */
	float *reals;
	struct str *strs;
	unsigned char *nulls;
	struct arena *mem; /* all of the above; reused by the next parquet_in_chunk */
};
/* k: zeroed, or of an earlier call. 0, ERR_DATA, ERR_LIMIT, ERR_IO. */
int parquet_in_chunk(struct parquet_in *r, unsigned group, unsigned column, struct parquet_chunk *k, struct err *e);
void parquet_in_release(struct parquet_chunk *k);

static inline bool parquet_in_null(const struct parquet_chunk *k, uint32_t row)
{
	if (k->dict)
		return k->codes[row] == k->n_dict;
	return k->strs ? !k->strs[row].p : k->reals ? k->reals[row] != k->reals[row] : k->nulls && k->nulls[row];
}

/* Place in ints, reals or strs of a row that is not null. */
static inline uint32_t parquet_in_at(const struct parquet_chunk *k, uint32_t row)
{
	return k->dict ? k->codes[row] : row;
}
