/* memo: a worker's memory of words and their ids: Portuguese repeats its words.
 *
 * Two tables of fixed size, the newest word wins its place: words of up to 15 bytes and 4 ids, which are most, in 32 bytes each; longer ones
 * beside them. A look-up is in two steps, memo_key for some words and then memo_get for each, so that the lines of the table are on their way
 * from memory while the words that follow are still being cut. Whether a word was remembered changes nothing but the time. */
#pragma once
#include "shard/bpe.h"

enum { MEMO_BRIEF = 15, MEMO_LONG = 40, MEMO_IDS = 4, MEMO_BITS = 16 };

/* The word's bytes, zeros behind them, its length in the last byte. The number of ids is in the top byte of the first (ids are below 2^24); above
 * MEMO_IDS: they are with the longer words. */
struct memo_brief {
	uint64_t a, b;
	uint32_t id[MEMO_IDS];
};

struct memo {
	void *memory;
	struct memo_brief *brief; /* 2^MEMO_BITS sets of two, in memory */
	struct memo_long *longer;
};

struct memo_key {
	struct str word;
	uint64_t a, b;
	struct memo_brief *set; /* NULL: a longer word */
};

struct memo *memo_new(void);
struct memo *memo_free(struct memo *m);
bool memo_get_long(const struct memo *m, struct str word, struct bpe_ids *out);
/* Remember ids[0..n) of a word that memo_get did not know just now. */
void memo_put(struct memo *m, const struct memo_key *k, const uint32_t *ids, size_t n);

/* Bytes up to limit can be read. */
static inline void memo_key(const struct memo *m, struct str word, const char *limit, struct memo_key *k)
{
	uint64_t w[2] = {0, 0};
	k->word = word;
	k->set = NULL;
	if (word.n > MEMO_BRIEF)
		return;
	if (limit - word.p >= 16) {
		memcpy(w, word.p, 16);
		/* Shifts by 64 are not defined: the two cases apart. */
		if (word.n < 8) {
			w[0] &= (1ull << 8 * word.n) - 1;
			w[1] = 0;
		} else {
			w[1] &= (1ull << 8 * (word.n - 8)) - 1;
		}
	} else {
		memcpy(w, word.p, word.n);
	}
	k->a = w[0];
	k->b = w[1] | (uint64_t)word.n << 56;
	uint64_t h = (k->a ^ (k->b << 29 | k->b >> 35)) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 32) * 0xD6E8FEB86659FD93u;
	k->set = &m->brief[(h >> (64 - MEMO_BITS)) * 2];
	__builtin_prefetch(k->set);
}

static inline bool memo_give(const struct memo *m, const struct memo_brief *s, const struct memo_key *k, struct bpe_ids *out)
{
	if (s->id[0] >> 24 > MEMO_IDS)
		return memo_get_long(m, k->word, out);
	if (out->n + MEMO_IDS > out->cap)
		bpe_grow(out, MEMO_IDS);
	memcpy(out->v + out->n, s->id, sizeof(s->id));
	out->v[out->n] &= 0xFFFFFF;
	out->n += s->id[0] >> 24;
	return true;
}

/* Append the ids of a word that is remembered; false when it is not. */
static inline bool memo_get(const struct memo *m, const struct memo_key *k, struct bpe_ids *out)
{
	if (!k->set)
		return k->word.n <= MEMO_LONG && memo_get_long(m, k->word, out);
	for (int i = 0; i < 2; i++)
		if (k->set[i].a == k->a && k->set[i].b == k->b)
			return memo_give(m, &k->set[i], k, out);
	return false;
}
