/* feed: what happens to the documents of one split between being chosen and being written: the token budget, packing, places, the outputs. */
#pragma once
#include "shard/outputs.h"

struct feed_conf {
	struct outputs_conf outputs;
	uint64_t sequence; /* tokens; 0 = documents as they are */
	bool best_fit;
	uint32_t padding;
	uint64_t budget; /* tokens; 0 = no end */
};

struct feed_count {
	uint64_t documents, tokens;		 /* taken */
	uint64_t sequences, padding;
	uint64_t beyond, beyond_tokens; /* documents that came when the budget was used up */
};

struct feed;
int feed_open(struct feed **out, const struct feed_conf *c, struct err *e);
int feed_put(struct feed *f, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e);
int feed_text(struct feed *f, const struct doc *d, struct err *e);
/* The rest of the sequences, then all files; frees f in any case. count may be NULL. */
int feed_commit(struct feed *f, struct feed_count *count, struct err *e);
struct feed *feed_free(struct feed *f);
