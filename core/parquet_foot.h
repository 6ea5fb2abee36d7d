/* parquet_foot: the footer of a Parquet file: its columns, and where the chunks of each row group lie.
 *
 * Everything comes from the file and is believed only as far as it was checked: types, number of chunks a group, number of rows. Offsets
 * and sizes of chunks are checked where they are used. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/parquet.h"

enum { PARQUET_FOOT_ROWS_MAX = 4 << 20 }; /* of a row group */

struct parquet_foot_chunk {
	int type, codec;
	int64_t values, packed, unpacked, data_at, dict_at, nulls, bloom_at;
	struct str min, max; /* as PLAIN encoding has them, strings without their length */
	bool ranged;
};

struct parquet_foot_group {
	int64_t rows;
	struct parquet_foot_chunk *chunks; /* one a column */
};

struct parquet_foot {
	int64_t rows;
	unsigned n, n_groups;
	struct parquet_column *columns;
	int *types; /* PARQUET_T_*, one a column */
	struct parquet_foot_group *groups;
};

/* bytes must live as long as *out, whose arrays are in a. 0; ERR_DATA, said to be at `at`, where the footer begins. */
int parquet_foot_read(struct parquet_foot *out, struct str bytes, struct arena *a, struct where at, struct err *e);
