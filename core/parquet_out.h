/* parquet_out: write a Parquet file, row by row, in bounded memory.
 *
 * For each row: put what is known, column by column, in any order; columns that were not put are null (or zero, "" where the
 * column is not optional); then parquet_out_row. A column is dictionary-encoded for as long as that pays, else plain. What is
 * written depends on the rows alone. The file appears under its name only when it is committed. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/parquet.h"
#include "core/str.h"

struct parquet_out;

/* columns and their names must outlive the writer. */
int parquet_out_open(struct parquet_out **out, const char *path, const struct parquet_column *columns, unsigned n, struct err *e);
/* Of the current row; c is the place in `columns`, whose kind must be the right one (BOOL I32 I64 TIME: int; F32: real; STR: str). */
void parquet_out_int(struct parquet_out *w, unsigned c, int64_t v);
void parquet_out_real(struct parquet_out *w, unsigned c, float v); /* NAN is null */
void parquet_out_str(struct parquet_out *w, unsigned c, struct str v); /* invalid UTF-8 becomes U+FFFD; cut at PARQUET_STR_MAX */
/* A long text: cut at PARQUET_TEXT_MAX, and without bounds in the statistics, which would repeat it. A column takes one or the other. */
void parquet_out_text(struct parquet_out *w, unsigned c, struct str v);
/* The row is whole. */
int parquet_out_row(struct parquet_out *w, struct err *e);
/* Write what is left and the footer, make the file final; frees w in any case. */
int parquet_out_commit(struct parquet_out *w, struct err *e);
struct parquet_out *parquet_out_free(struct parquet_out *w);
OWN_FREEP(struct parquet_out, parquet_out)
