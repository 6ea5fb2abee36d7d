/* mds_sample: one sample of a finished folder of MDS shards, read without the rest of its shard; and the tokens of several written over. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

struct mds_sample {
	unsigned shard;	  /* shard.NNNNN.mds.zstd */
	uint64_t nth;	  /* sample of it */
	bool packed;	  /* a sequence with `starts`, not a document */
	struct str id;	  /* in the buf */
	uint32_t *tokens; /* malloc'ed */
	size_t n;
};

/* Sample `number` of the split. 1: there are not so many. bytes: scratch that holds its strings. */
int mds_sample_read(const char *folder, uint64_t number, struct buf *bytes, struct mds_sample *out, struct err *e);

/* A document of a finished folder: its number, and where its tokens are among all of the split. */
struct mds_range {
	uint64_t document, position, tokens;
};

/* Write `filler` over the tokens of these, in order of position; only the shards that hold them are written anew, then the index. Samples are
 * documents, or sequences of one length where they have `starts`. ERR_DATA when the folder is not of mds_commit. */
int mds_sample_blank(const char *folder, const struct mds_range *ranges, size_t n, uint32_t filler, struct err *e);
