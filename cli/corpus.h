/* corpus: what `stats`, `query`, `report`, `show` and `diff` look at: every captured page of one or more corpora, column by column.
 *
 * Opened from folders that `peneira run` made (their meta/ *.parquet), Parquet files, and files of JSON lines (turned into a temporary
 * Parquet file first). The columns are those of all files together; where a file lacks one, it is null. Rows lie in groups, in
 * the order of the files. */
#pragma once
#include "core/parquet_in.h"

struct corpus;

int corpus_open(struct corpus **out, const char *const *paths, size_t n, struct err *e);
struct corpus *corpus_free(struct corpus *c);
OWN_FREEP(struct corpus, corpus)

uint64_t corpus_rows(const struct corpus *c);
unsigned corpus_files(const struct corpus *c);
/* The first path that is a folder; NULL when there is none. */
const char *corpus_folder(const struct corpus *c);
/* The i-th path that is a file of JSON lines; NULL behind the last. */
const char *corpus_lines(const struct corpus *c, unsigned i);
unsigned corpus_columns(const struct corpus *c);
const struct parquet_column *corpus_column(const struct corpus *c, unsigned i);
/* By name, or by a name that people use: tokens, collection, status, file, cluster, signals.NAME. -1: none. */
int corpus_find(const struct corpus *c, struct str name);
/* The same; an error that names the columns that there are. */
int corpus_want(const struct corpus *c, struct str name, unsigned *out, struct err *e);

unsigned corpus_groups(const struct corpus *c);
/* The Parquet file that a group lies in. */
const char *corpus_group_file(const struct corpus *c, unsigned group);
uint32_t corpus_group_rows(const struct corpus *c, unsigned group);
struct parquet_range corpus_range(const struct corpus *c, unsigned group, unsigned column);
/* May a string be in this column of a group? Told by Bloom filters where there are some. */
bool corpus_may(const struct corpus *c, unsigned group, unsigned column, struct str value);
int corpus_chunk(struct corpus *c, unsigned group, unsigned column, struct parquet_chunk *k, struct err *e);

/* A 32-bit real as people wrote it: 0.9, not 0.899999976, where that is what its 32 bits say. */
double corpus_real(float v);
