#include "shard/memo.h"

#include <xxhash.h>

enum { LONG_BITS = 13, LONG_IDS = 12 };

struct memo_long {
	uint64_t hash;
	char word[MEMO_LONG];
	uint32_t n, n_ids; /* n 0 = free */
	uint32_t id[LONG_IDS];
};

struct memo *memo_new(void)
{
	struct memo *m = own_zalloc(sizeof(*m));
	/* On a border of 64 bytes, so that a set is one line of the cache; calloc's pages cost nothing until they are used. */
	m->memory = own_zalloc((sizeof(*m->brief) << (MEMO_BITS + 1)) + 64);
	m->brief = (struct memo_brief *)(((uintptr_t)m->memory + 63) & ~(uintptr_t)63);
	m->longer = own_zalloc(sizeof(*m->longer) << LONG_BITS);
	return m;
}

struct memo *memo_free(struct memo *m)
{
	if (!m)
		return NULL;
	free(m->memory);
	free(m->longer);
	free(m);
	return NULL;
}

static struct memo_long *place(const struct memo *m, struct str word, uint64_t *hash)
{
	*hash = XXH3_64bits(word.p, word.n);
	return &m->longer[*hash & ((1u << LONG_BITS) - 1)];
}

bool memo_get_long(const struct memo *m, struct str word, struct bpe_ids *out)
{
	uint64_t hash;
	const struct memo_long *l = place(m, word, &hash);
	if (l->hash != hash || l->n != word.n || memcmp(l->word, word.p, word.n) != 0)
		return false;
	for (uint32_t i = 0; i < l->n_ids; i++)
		bpe_put(out, l->id[i]);
	return true;
}

void memo_put(struct memo *m, const struct memo_key *k, const uint32_t *ids, size_t n)
{
	if (k->word.n > MEMO_LONG || n > LONG_IDS || !n)
		return;
	if (k->set) {
		struct memo_brief *s = k->set;
		bool fits = n <= MEMO_IDS;
		/* The set holds it already when its ids, with the longer words, were written over. */
		if (s[0].a != k->a || s[0].b != k->b)
			s[1] = s[0];
		s[0] = (struct memo_brief){.a = k->a, .b = k->b};
		memcpy(s[0].id, ids, (fits ? n : 1) * sizeof(*ids));
		s[0].id[0] |= (uint32_t)(fits ? n : MEMO_IDS + 1) << 24;
		if (fits)
			return;
	}
	uint64_t hash;
	struct memo_long *l = place(m, k->word, &hash);
	l->hash = hash;
	l->n = (uint32_t)k->word.n;
	l->n_ids = (uint32_t)n;
	memcpy(l->word, k->word.p, k->word.n);
	memcpy(l->id, ids, n * sizeof(*ids));
}
