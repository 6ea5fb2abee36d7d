#include "shard/memo.h"

#include <xxhash.h>

enum { SHORT_BITS = 15, IDS_SHORT = 4, LONG_BITS = 13, IDS_LONG = 12 };

/* The word's bytes, zeros behind them, its length in the last byte. The number of ids is in the top byte of the first: ids are below 2^24. */
struct brief {
	uint64_t a, b;
	uint32_t id[IDS_SHORT];
};

struct large {
	uint64_t hash;
	char word[MEMO_LONG];
	uint32_t n, n_ids; /* n 0 = free */
	uint32_t id[IDS_LONG];
};

struct memo {
	struct brief *brief; /* sets of two */
	struct large *large;
};

struct memo *memo_new(void)
{
	struct memo *w = own_zalloc(sizeof(*w));
	w->brief = aligned_alloc(64, sizeof(*w->brief) << (SHORT_BITS + 1));
	if (!w->brief)
		w->brief = own_alloc(SIZE_MAX); /* ends the process with the message for it */
	memset(w->brief, 0, sizeof(*w->brief) << (SHORT_BITS + 1));
	w->large = own_zalloc(sizeof(*w->large) << LONG_BITS);
	return w;
}

struct memo *memo_free(struct memo *w)
{
	if (!w)
		return NULL;
	free(w->brief);
	free(w->large);
	free(w);
	return NULL;
}

static inline void load(struct str s, const char *limit, uint64_t *a, uint64_t *b)
{
	uint64_t k[2] = {0, 0};
	if (limit - s.p >= 16) {
		memcpy(k, s.p, 16);
		if (s.n < 8) {
			k[0] &= (1ull << 8 * s.n) - 1;
			k[1] = 0;
		} else {
			k[1] &= (1ull << 8 * (s.n - 8)) - 1;
		}
	} else {
		memcpy(k, s.p, s.n);
	}
	*a = k[0];
	*b = k[1] | (uint64_t)s.n << 56;
}

static inline size_t set_of(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (b << 29 | b >> 35)) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 32) * 0xD6E8FEB86659FD93u;
	return (size_t)(h >> (64 - SHORT_BITS)) * 2;
}

static inline void give(const struct brief *s, struct bpe_ids *out)
{
	if (out->n + IDS_SHORT > out->cap)
		bpe_grow(out, IDS_SHORT);
	memcpy(out->v + out->n, s->id, sizeof(s->id));
	out->v[out->n] &= 0xFFFFFF;
	out->n += s->id[0] >> 24;
}

static struct large *large_of(const struct memo *w, struct str word, uint64_t *hash)
{
	*hash = XXH3_64bits(word.p, word.n);
	return &w->large[*hash & ((1u << LONG_BITS) - 1)];
}

bool memo_get(struct memo *w, struct str word, const char *limit, struct bpe_ids *out)
{
	uint64_t a, b;
	if (word.n <= MEMO_SHORT) {
		load(word, limit, &a, &b);
		const struct brief *s = &w->brief[set_of(a, b)];
		if (s[0].a == a && s[0].b == b) {
			give(&s[0], out);
			return true;
		}
		if (s[1].a == a && s[1].b == b) {
			give(&s[1], out);
			return true;
		}
	}
	if (word.n > MEMO_LONG)
		return false;
	const struct large *l = large_of(w, word, &a);
	if (l->hash != a || l->n != word.n || memcmp(l->word, word.p, word.n) != 0)
		return false;
	for (uint32_t i = 0; i < l->n_ids; i++)
		bpe_put(out, l->id[i]);
	return true;
}

void memo_put(struct memo *w, struct str word, const char *limit, const uint32_t *ids, size_t n)
{
	uint64_t a, b;
	if (word.n <= MEMO_SHORT && n && n <= IDS_SHORT) {
		load(word, limit, &a, &b);
		struct brief *s = &w->brief[set_of(a, b)];
		s[1] = s[0];
		s[0] = (struct brief){.a = a, .b = b};
		memcpy(s[0].id, ids, n * sizeof(*ids));
		s[0].id[0] |= (uint32_t)n << 24;
		return;
	}
	if (word.n > MEMO_LONG || n > IDS_LONG)
		return;
	struct large *l = large_of(w, word, &a);
	l->hash = a;
	l->n = (uint32_t)word.n;
	l->n_ids = (uint32_t)n;
	memcpy(l->word, word.p, word.n);
	memcpy(l->id, ids, n * sizeof(*ids));
}
