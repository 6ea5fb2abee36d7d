/* repeat: how much of a text is word sequences that were there before (Gopher, Rae et al. 2021, table A1), as datatrove counts it.
 *
 * Most texts repeat little, so both counts first find the few places that can matter, and count exactly only there. The most frequent
 * sequence is among those whose slot in a table of small counters, shared by chance with others, is not below it; a sequence of five words
 * or more is elsewhere too only where its first 16 bytes are. */
#pragma once
#include "filter/words.h"

struct repeat_gram {
	uint32_t count, first;
};
struct repeat {
	uint32_t *slots, cap, mask, base; /* a slot holds base + number of its key; what is below base is empty */
	uint64_t *keys;			  /* by number */
	uint32_t n_keys, cap_keys;
	struct repeat_gram *grams;
	uint32_t *byte_at, *char_at, *places, cap_words;
	uint8_t *counts; /* of sequences, by slot */
	uint16_t *slot_of; /* of the sequence at a place */
	uint32_t slot_mask, *heads;
	uint64_t *bits; /* words of 64: seen, seen again, by turns */
	uint32_t cap_bits;
	char *bytes; /* the words without what is between them */
	size_t cap_bytes;
};
enum { REPEAT_TOP = 3, REPEAT_DUP = 6 };

/* top[n - 2]: characters of the most frequent sequence of n = 2, 3, 4 words joined by blanks (the first among equals) times its count;
 * dup[n - 5]: characters in sequences of n = 5 .. 10 words, joined by nothing, that were there before; one that was is stepped over
 * whole. A zeroed struct is ready for use, repeat_free at the end. */
void repeat_count(struct repeat *r, const struct words *w, struct str text, uint64_t top[REPEAT_TOP], uint64_t dup[REPEAT_DUP]);
void repeat_free(struct repeat *r);

/* The table alone: forget all keys and make room for n; then the number of a key, from 0 in the order of their first coming. A key is
 * new when its number is the n_keys of before. */
void repeat_forget(struct repeat *r, uint32_t n);
static inline uint32_t repeat_find(struct repeat *r, uint64_t key)
{
	uint32_t i = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & r->mask;
	for (uint32_t v; (v = r->slots[i]) >= r->base; i = (i + 1) & r->mask)
		if (r->keys[v - r->base] == key)
			return v - r->base;
	r->slots[i] = r->base + r->n_keys;
	r->keys[r->n_keys] = key;
	return r->n_keys++;
}
