/* ask: a corpus as an SQL database in memory, read-only:
 *
 *     captures     one row per captured page, kept or not           documents   those that were kept
 *     stages       in, kept, dropped of each stage                   reasons     captures per reason, with its meaning
 *     hosts        captures, documents, tokens per host              inputs      archive files: captures, documents, damaged
 *
 * captures is the table of vtab.h, hosts that of hosts.h; the others are views. */
#pragma once
#include "cli/corpus.h"
#include "cli/table.h"

struct sqlite3;
struct sqlite3_stmt;

/* c must outlive the database. */
int ask_open(struct sqlite3 **out, struct corpus *c, struct err *e);
void ask_close(struct sqlite3 *db);
/* From now on only reading is allowed: what users write comes after this. */
void ask_guard(struct sqlite3 *db);
/* The first statement of sql; *rest is what follows it. *out NULL: nothing but blanks. */
int ask_prepare(struct sqlite3 *db, const char *sql, struct sqlite3_stmt **out, const char **rest, struct err *e);
/* Run it to its end, its rows into a new table. ERR_LIMIT beyond `max` rows (0 = no limit). */
int ask_rows(struct sqlite3 *db, struct sqlite3_stmt *s, size_t max, struct table **out, struct err *e);
/* Is there a column `name` in captures? Views and questions leave out what a corpus does not have. */
bool ask_has(const struct corpus *c, const char *name);
/* signals.NAME, as docs have it, to the column signals_NAME. malloc'ed. */
char *ask_signals(const char *sql);
/* Which rows of captures a condition is true for: a bit a row. malloc'ed. */
int ask_where(struct corpus *c, const char *condition, uint64_t **bits, struct err *e);
