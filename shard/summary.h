/* summary: DIR/shards.json, written last: how the shards were made and every number of them, for whoever has the folder and not the run.
 *
 *     {"peneira":"0.1.0","tokenizer":{...},"formats":["mds"],"token_bytes":2,"sequence":4096,"packing":"best-fit",...,"splits":{"train":{"documents":7,...}}} */
#pragma once
#include "shard/feed.h"
#include "shard/shard.h"
#include "shard/vocab.h"

struct summary {
	const struct shard_conf *conf;
	const struct vocab *vocab;
	uint32_t bos, eos; /* VOCAB_NONE: none */
	uint64_t copies, mixed_out; /* by the weights: more than one of a document; documents that they left out */
	struct feed_count count[2]; /* train, validation */
};

/* That of an earlier call must not describe shards that are being replaced. */
void summary_begin(const char *dir);
int summary_write(const struct summary *s, struct err *e);
