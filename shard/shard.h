/* shard: the stage. What comes in, what goes out and why something is left out: shard/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage shard_stage;

struct shard_conf {
	const char *tokenizer; /* tokenizer.json; NULL = the built-in one */
	const char *out;       /* folder: mds/{train,validation}, megatron/{train,validation} */
	const char *format;    /* "mds,megatron" */
	double validation;     /* share of documents */
	uint64_t min_tokens, max_tokens;
	bool bos, eos, special;
};
