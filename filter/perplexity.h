/* perplexity: how much a text surprises a model of the words of a user's own good text: two to the mean number of bits a word.
 *
 * A bigram model with Witten and Bell's interpolation (1991), over the words of words.h by their hashes, marks included. All there is of
 * it is one table: buckets of four entries, an entry a word or a pair with 16 bits of its hash, its bits (1/8 steps), and for a word what
 * it costs to leave the pairs that are known. A pair that is not there costs that and the word alone. Two loads a word; 2 MiB at the
 * default size. Made by train_perplexity.c.
 *
 * File: "PNLPPL01", u32 log2 of buckets, u32 length of the notes, u32 bits of an unknown word (1/8 steps), u32 0; buckets; notes (JSON).
 * Little-endian. */
#pragma once
#include "core/err.h"
#include "filter/words.h"

enum { PERPLEXITY_WAYS = 4, PERPLEXITY_STEPS = 8, PERPLEXITY_BITS_MAX = 24, PERPLEXITY_HEAD = 24 };

struct perplexity_entry {
	uint16_t tag; /* of the hash; 0: empty */
	uint8_t cost; /* bits, in steps */
	uint8_t leave; /* of a word: bits to leave its pairs */
};
struct perplexity {
	const struct perplexity_entry *entries; /* PERPLEXITY_WAYS << bits */
	uint32_t bits, unknown;
	struct str notes;
};

/* The bytes must stay, and be aligned to 4. ERR_DATA when they are no model. */
int perplexity_load(struct perplexity *m, struct str bytes, const char *name, struct err *e);
/* A model from a file; perplexity_close frees it. ERR_IO, ERR_DATA. */
int perplexity_open(struct perplexity **out, const char *path, struct err *e);
struct perplexity *perplexity_close(struct perplexity *m);
/* Bits a word, all of them; NAN without words. */
double perplexity_bits(const struct perplexity *m, const struct words *w);
/* The perplexity: 2 to that. */
double perplexity_of(const struct perplexity *m, const struct words *w);

/* The key of a pair of words, from their hashes. */
static inline uint64_t perplexity_pair(uint64_t before, uint64_t word)
{
	return ((before ^ before >> 29) * 3 + word) * 0x9E3779B97F4A7C15u;
}
/* The entry of a key, or NULL. */
static inline const struct perplexity_entry *perplexity_find(const struct perplexity_entry *v, uint32_t bits, uint64_t key)
{
	uint64_t h = key * 0xD6E8FEB86659FD93u;
	const struct perplexity_entry *b = v + (h >> (64 - bits)) * PERPLEXITY_WAYS;
	uint16_t tag = (uint16_t)(h | 1);
	for (int i = 0; i < PERPLEXITY_WAYS; i++)
		if (b[i].tag == tag)
			return &b[i];
	return NULL;
}
