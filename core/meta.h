/* meta: one row per captured page, kept or not, without its text, in a Parquet file: what `stats`, `query` and `report` read,
 * and DuckDB, pandas, Polars and Spark as well.
 *
 * Columns: every stored field of doc_fields[] but text, signals and drop, under its own name; `host` (of the URL, lower case)
 * and `year` (of the capture); `kept`, and for what was left out `stage` and `reason` ("filter", "filter.language");
 * `characters` and `words` of the text, where there is one; then one column a signal, signals_NAME. What is not known is null.
 * id and url have Bloom filters, so that looking one up reads the row groups that have it, and hardly another.
 * Numbers are 64 bits, year is 32, scores and signals are 32-bit reals, date is a timestamp in UTC. */
#pragma once
#include "core/doc.h"

struct meta;

/* signals: names, ended by NULL: one column each (a repeated one counts once), in this order. They must outlive the writer. A signal of a document that is
 * not among them is left out. */
int meta_open(struct meta **out, const char *path, const char *const *signals, struct err *e);
/* One row. Nothing of d is kept. */
int meta_put(struct meta *m, const struct doc *d, struct err *e);
/* Write what is left and make the file final; frees m in any case. */
int meta_commit(struct meta *m, struct err *e);
/* Give up: no file. Takes NULL, returns NULL. */
struct meta *meta_free(struct meta *m);

/* The host of a URL, without user and port; `room` (256 bytes) is for the lower case of it. Empty when there is none. */
struct str meta_host(struct str url, char *room);
/* White-space separated words of valid UTF-8 text (ASCII white space). */
uint64_t meta_words(struct str text);
