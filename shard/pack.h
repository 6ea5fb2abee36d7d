/* pack: documents into sequences of one length.
 *
 * Concatenate: documents end to end, cut every `length` tokens. Best fit: a document stays whole (one longer than a sequence is cut into full
 * ones and a rest), and goes where least room is left behind it, among the sequences that are open; how many may be open is bounded, the fullest
 * is closed first (Ding et al. 2024, "Fewer Truncations Improve Language Modeling"). What stays empty is filled with the padding token and
 * counted. The order of what comes out depends on the documents alone. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "shard/places.h"

enum { PACK_LENGTH_MAX = 1 << 22, PACK_OPEN_BYTES = 64 << 20, PACK_OPEN = 512 };

struct pack_sequence {
	uint64_t number;
	const uint32_t *tokens, *starts; /* starts: where in it a document (or the rest of one) begins */
	size_t n, n_starts;
};

/* Where sequences and places of documents go. Negative: an error, forwarded. */
struct pack_sink {
	int (*sequence)(void *self, const struct pack_sequence *s, struct err *e);
	int (*place)(void *self, const struct place *p, struct err *e);
	void *self;
};

struct pack;
struct pack *pack_new(size_t length, bool best_fit, uint32_t padding, struct pack_sink sink);
struct pack *pack_free(struct pack *p);
int pack_put(struct pack *p, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e);
/* Pad and give out what is open. */
int pack_end(struct pack *p, struct err *e);
uint64_t pack_padding(const struct pack *p); /* tokens of padding so far */
