/* shard: the stage. What comes in, what goes out and why something is left out: shard/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage shard_stage;

struct shard_conf {
	const char *tokenizer; /* a file; NULL = the built-in one */
	const char *out;       /* folder: FORMAT/{train,validation} */
	const char *format;    /* "mds,megatron,flat,parquet" */
	double validation;     /* share of documents */
	uint64_t validation_from; /* a year: documents captured since then are validation; 0 = none */
	uint64_t min_tokens, max_tokens;
	bool bos, eos, special;
	const char *bos_token, *eos_token; /* names; NULL = the tokenizer's own */
	uint64_t sequence;    /* tokens; 0 = documents as they are */
	unsigned packing;     /* 0 concatenate, 1 best fit */
	uint64_t shuffle;     /* seed; 0 = the order of the input */
	const char *tokens;   /* budget of training tokens: "5.8B" */
	const char *mix;      /* file of weights */
	uint64_t level;	      /* of zstd; 0 = 3 */
	uint64_t frame;	      /* bytes of samples in a zstd frame of MDS; 0 = one frame a shard */
	uint64_t threads;     /* that compress shards */
	uint64_t memory;
	const char *remove;   /* file of URLs: shard_remove instead of the stage */
};

/* --remove: see remove.h. documents, tokens: how many were taken out. */
int shard_remove(const struct shard_conf *c, uint64_t *documents, uint64_t *tokens, struct err *e);
