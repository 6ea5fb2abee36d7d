/* bpe: the merges of one word (tokenizers/src/models/bpe): of all neighbours that may merge those of the least rank first, the leftmost among
 * equals, until none may. Short words look for the least rank each time; long ones keep a heap: O(n log n). */
#pragma once
#include "shard/vocab.h"

struct bpe_ids {
	uint32_t *v;
	size_t n, cap;
};

struct bpe;
struct bpe *bpe_new(const struct vocab *v);
struct bpe *bpe_free(struct bpe *x);
/* Append the ids of a word (not empty, valid UTF-8; bytes in a byte-level vocabulary). false: a character is unknown, and the unk token that the file
 * names is not in the vocabulary. */
bool bpe_word(struct bpe *x, struct str word, struct bpe_ids *out);

void bpe_grow(struct bpe_ids *out, size_t n); /* room for n more */
static inline void bpe_put(struct bpe_ids *out, uint32_t id)
{
	if (out->n == out->cap)
		bpe_grow(out, 1);
	out->v[out->n++] = id;
}
