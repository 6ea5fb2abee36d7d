/* pack: captured pages as WARC 1.1 records (ISO 28500:2017), each in a gzip member or zstd frame of its own.
 *
 * The last link of `peneira crawl`. Blocks are written as they were captured; what is known of their origin goes into the fields
 * Peneira-Source-File and Peneira-Source-Offset, which the archive source reads back. The first record is a warcinfo. The same input gives
 * the same bytes: nothing in the file depends on the clock, on threads or on how the command was written. */
#pragma once
#include "core/buf.h"
#include "core/stage.h"

extern const struct stage pack_stage;

struct pack_conf {
	const char *path;    /* compressed as its name says: .gz, .zst, anything else (also "-") not at all */
	int level;           /* of the compression; 0 = default */
};

/* One record. Empty strings are left out. */
struct pack_item {
	struct str id, url, payload_digest, content_type, source_file, collection, block;
	uint64_t source_offset;
	int64_t date;
	bool response; /* the block is an HTTP response; else a resource of content_type */
};

/* For records one by one: a packer for files of this name. */
struct packer;
struct packer *pack_new(const char *path, int level);
struct packer *pack_free(struct packer *p);
OWN_FREEP(struct packer, pack)
/* The record as it stands in such a file; valid until the next call. */
struct str pack_record(struct packer *p, const struct pack_item *item);
/* The warcinfo that begins the file. */
struct str pack_info(struct packer *p, int64_t date);
