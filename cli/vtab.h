/* vtab: a corpus as a table of SQLite: read-only, column by column.
 *
 * Only columns that a query touches are read, and only of row groups that can hold what its WHERE asks for: comparisons of a column with
 * a constant (= <> < <= > >= IN, IS NULL, IS NOT NULL) are handed down, tested against the bounds in the footer and the Bloom filters of id and url, then once a
 * dictionary entry. SQLite tests what passes once more, so handing down never changes an answer. */
#pragma once
#include "cli/corpus.h"

struct sqlite3;

/* The module "corpus": CREATE VIRTUAL TABLE captures USING corpus. c must outlive db. false: SQLite refused. */
bool vtab_register(struct sqlite3 *db, struct corpus *c);
