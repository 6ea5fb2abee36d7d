/* regroup: rows of a corpus in the order of some columns, for GROUP BY and DISTINCT in SQL, which would else sort all rows.
 *
 * Rows are added row group by row group, in order; their keys are numbered (keyring), the keys are sorted, the rows counted into place. Columns are then brought into
 * the new order when they are first asked for: 4 bytes a row for strings, 8 for whole numbers, 4 for reals. */
#pragma once
#include "cli/keyring.h"

enum { REGROUP_ROWS_MAX = 32 << 20 }; /* of a corpus; larger ones are left to the sorter, which uses the disk */

struct regroup;

/* down: of each column, largest first. Null is below everything, text is ordered by bytes, as SQLite has it. */
struct regroup *regroup_new(struct corpus *c, const unsigned *columns, const bool *down, unsigned n);
struct regroup *regroup_free(struct regroup *g);
/* Rows of a row group that pass, in order. */
int regroup_add(struct regroup *g, unsigned group, const uint32_t *rows, uint32_t n, struct err *e);
/* No more rows: the order is made. */
void regroup_seal(struct regroup *g);
uint32_t regroup_count(const struct regroup *g);
/* Of the row at a place in the new order. */
int regroup_value(struct regroup *g, unsigned column, uint32_t at, struct keyring_value *out, struct err *e);
/* Its number among all rows of the corpus. */
uint64_t regroup_row(const struct regroup *g, uint32_t at);
