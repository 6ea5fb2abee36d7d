#include "shard/joins.h"

#include "core/own.h"
#include "core/utf8.h"

/* Which bytes, side by side at the border of two characters, does some merge take over? A space stands for U+2581. */
static void add_join(uint64_t *joins, struct str l, struct str r)
{
	if (!l.n || !r.n)
		return;
	unsigned char x = str_ends(l, STR("\u2581")) ? ' ' : (unsigned char)l.p[l.n - 1], y = str_starts(r, STR("\u2581")) ? ' ' : (unsigned char)r.p[0];
	joins[x << 2 | y >> 6] |= 1ull << (y & 63);
}

static unsigned low_of(const struct vocab *v, struct str s)
{
	const char *p = s.p;
	if (s.n > 3)
		return JOINS_LOW;
	if (v->bytes)
		return s.n == 1 ? (unsigned char)*p : JOINS_LOW;
	uint32_t c = s.n ? utf8_next(&p, s.p + s.n) : JOINS_LOW;
	if (!s.n || p != s.p + s.n || c == ' ')
		return JOINS_LOW;
	return c == JOINS_BAR ? ' ' : c < JOINS_LOW ? c : JOINS_LOW;
}

void joins_make(struct vocab *v)
{
	uint64_t *joins = own_zalloc(VOCAB_JOINS * sizeof(*joins));
	struct vocab_first *firsts = v->model == VOCAB_BPE ? own_zalloc(JOINS_LOW * JOINS_LOW * sizeof(*firsts)) : NULL;
	for (uint32_t i = 0; i <= v->pair_mask; i++) {
		const struct vocab_pair *m = &v->by_pair[i];
		if (m->left == VOCAB_NONE)
			continue;
		struct str left = vocab_token(v, m->left), right = vocab_token(v, m->right);
		add_join(joins, left, right);
		unsigned l = firsts ? low_of(v, left) : JOINS_LOW, r = l < JOINS_LOW ? low_of(v, right) : JOINS_LOW;
		if (r < JOINS_LOW)
			firsts[l * JOINS_LOW + r] = (struct vocab_first){m->rank + 1, m->id};
	}
	v->joins = v->owned[4] = joins;
	v->firsts = v->owned[5] = firsts;
}
