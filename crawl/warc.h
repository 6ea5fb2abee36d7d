/* warc: captured pages as WARC 1.1 records (ISO 28500:2017), each in a gzip member or zstd frame of its own.
 *
 * The last link of `peneira crawl`. Blocks are written as they were captured; what is known of their origin goes into the fields
 * Peneira-Source-File and Peneira-Source-Offset, which the archive source reads back. The first record is a warcinfo. The same input gives
 * the same bytes: nothing in the file depends on the clock, on threads or on how the command was written. */
#pragma once
#include "core/buf.h"
#include "core/stage.h"

extern const struct stage warc_stage;

struct warc_conf {
	const char *path;    /* compressed as its name says: .gz, .zst, anything else (also "-") not at all */
	int level;           /* of the compression; 0 = default */
};

/* One record. Empty strings are left out. */
struct warc_item {
	struct str id, url, payload_digest, content_type, source_file, collection, block;
	uint64_t source_offset;
	int64_t date;
	bool response; /* the block is an HTTP response; else a resource of content_type */
};

/* For records one by one: a writer for files of this name. */
struct warc_writer;
struct warc_writer *warc_new(const char *path, int level);
struct warc_writer *warc_free(struct warc_writer *p);
OWN_FREEP(struct warc_writer, warc)
/* The record as it stands in such a file; valid until the next call. */
struct str warc_record(struct warc_writer *p, const struct warc_item *item);
/* The warcinfo that begins the file. */
struct str warc_info(struct warc_writer *p, int64_t date);
