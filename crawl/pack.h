/* pack: captured pages as WARC 1.1 records (ISO 28500:2017), each in a gzip member or zstd frame of its own.
 *
 * The last link of `peneira crawl`. Blocks are written as they were captured; what is known of their origin goes into the fields
 * Peneira-Source-File and Peneira-Source-Offset, which the archive source reads back. The first record is a warcinfo. The same input gives
 * the same bytes: nothing in the file depends on the clock, on threads or on how the command was written. */
#pragma once
#include "core/stage.h"

extern const struct stage pack_stage;

struct pack_conf {
	const char *path;    /* compressed as its name says: .gz, .zst, anything else (also "-") not at all */
	int level;           /* of the compression; 0 = default */
};
