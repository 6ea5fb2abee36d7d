/* lookup: from a token position to its document, from a document to its positions, and from a position to the files that hold it.
 *
 * Positions count over the tokens of a split, padding included, and are the same in all formats of a folder; SPLIT.documents.jsonl.zst (places.h) of the
 * first format that is there is read. A folder DIR has mds/, megatron/ or flat/. */
#pragma once
#include "core/arena.h"
#include "shard/places.h"

enum { LOOKUP_SPLITS = 2 };
extern const char *const lookup_splits[LOOKUP_SPLITS]; /* "train", "validation" */

/* Are there shards with an index of their documents? */
bool lookup_any(const char *dir);

/* The place that holds token `position` of a split; strings in a. 1: none does (padding, or beyond the end); ERR_USAGE: no shards are there. */
int lookup_position(const char *dir, const char *split, uint64_t position, struct arena *a, struct place *out, struct err *e);

/* Every place of the documents with this id or (id empty) URL, in order of splits and positions. What `each` returns other than 0 ends it and is returned. */
int lookup_each(const char *dir, struct str id, struct str url, int (*each)(void *self, const char *split, const struct place *p, struct err *e), void *self, struct err *e);

/* Where the first token of a place is. */
struct lookup_files {
	bool mds, megatron, flat; /* which formats there are */
	unsigned shard;		  /* mds/SPLIT/shard.NNNNN.mds.zstd */
	uint64_t sample, offset;  /* of that shard; tokens of it before this one */
	uint64_t sequence;	  /* megatron/SPLIT.idx */
	unsigned width;		  /* bytes of a token in megatron/SPLIT.bin and flat/SPLIT.ds: it begins at position * width */
};
int lookup_files(const char *dir, const char *split, const struct place *p, struct lookup_files *out, struct err *e);
