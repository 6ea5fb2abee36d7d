/* remove: take documents out of finished shards, by URL.
 *
 * Their tokens are written over with a filler (EOS), in every format that is there, so that the positions of all others stay as they are and a
 * training run that goes on sees the same samples in the same places. Only the MDS shards concerned are written anew; the bare tokens of Megatron
 * and flat files are written over in place. In SPLIT.documents.jsonl.zst their lines lose id and URL and say "removed":true; what was removed
 * is kept in DIR/removed.jsonl. A run that was killed is completed by the same command: the index that names the documents changes last. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct remove_count {
	uint64_t documents, tokens; /* of one format: they are the same in all */
};

/* urls: a file of URLs, one a line. ERR_USAGE when dir has Parquet files, which cannot be written over: they are left, the rest is done. */
int remove_urls(const char *dir, const char *urls, uint32_t filler, struct remove_count *count, struct err *e);
