/* table: rows for people (aligned), for spreadsheets (CSV, RFC 4180) and for programs (JSON, one object a row).
 *
 * Cells are added row by row, as many as there are columns. Numbers are right-aligned. Control characters never reach a terminal. */
#pragma once
#include "core/buf.h"

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON };

struct table;

struct table *table_new(const char *const *names, unsigned n);
struct table *table_free(struct table *t);
void table_str(struct table *t, struct str s);
void table_int(struct table *t, int64_t v);
void table_key(struct table *t, int64_t v); /* a number that names something, such as a year: never grouped */
void table_real(struct table *t, double v); /* NAN: null */
void table_share(struct table *t, double part, double whole); /* text: "12.3 %"; else a number from 0 to 1 */
void table_null(struct table *t);
/* Text: digits in groups of three ("1 234 567"). */
void table_grouped(struct table *t, bool yes);
size_t table_rows(const struct table *t);
void table_print(const struct table *t, enum table_format format, struct buf *out);
/* The rows alone as JSON: [{...},...]. */
void table_json(const struct table *t, struct buf *out);
