/* parquet: what our writer and our reader of Parquet files share: the kinds of columns and the numbers of the format.
 *
 * A file is "PAR1", row groups, footer, length of the footer, "PAR1". A row group holds one chunk a column; a chunk is an optional
 * dictionary page and data pages, each with its own header; the footer (Thrift, compact protocol) says where all of them are.
 * Of the format, the part is written that every reader knows: flat columns, version 1 data pages, dictionary or plain
 * encoding, zstd, statistics, page checksums; Bloom filters where a column asks for them. Source: apache/parquet-format 2.10,
 * parquet.thrift, Encodings.md and BloomFilter.md. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum parquet_kind {
	PARQUET_BOOL,
	PARQUET_I32,
	PARQUET_I64,
	PARQUET_F32,
	PARQUET_STR,  /* UTF-8 */
	PARQUET_TIME, /* milliseconds since 1970 UTC, as 64 bits */
};

struct parquet_column {
	const char *name;
	enum parquet_kind kind;
	bool optional; /* may be null */
	bool bloom;    /* STR: write a Bloom filter a row group, for look-ups of one value; not told when reading */
};

enum {
	PARQUET_COLUMNS_MAX = 1024,
	PARQUET_GROUP_ROWS = 64 << 10,  /* rows of a row group at most ...            */
	PARQUET_GROUP_BYTES = 32 << 20, /* ... or as soon as it holds this many bytes */
	PARQUET_STR_MAX = 64 << 10,     /* longer strings are cut by the writer       */
	PARQUET_TEXT_MAX = 256 << 20,   /* the same for long texts                    */
	PARQUET_DICT_MAX = 16 << 10,    /* entries of a dictionary                    */
};

/* parquet.thrift: enum Type, Encoding, CompressionCodec, PageType. */
enum { PARQUET_T_BOOLEAN = 0, PARQUET_T_INT32 = 1, PARQUET_T_INT64 = 2, PARQUET_T_FLOAT = 4, PARQUET_T_DOUBLE = 5, PARQUET_T_BYTES = 6 };
enum { PARQUET_E_PLAIN = 0, PARQUET_E_PLAIN_DICT = 2, PARQUET_E_RLE = 3, PARQUET_E_RLE_DICT = 8 };
enum { PARQUET_C_PLAIN = 0, PARQUET_C_GZIP = 2, PARQUET_C_ZSTD = 6 };
enum { PARQUET_P_DATA = 0, PARQUET_P_DICT = 2, PARQUET_P_DATA2 = 3 };
