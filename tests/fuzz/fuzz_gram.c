/* Any bytes as text: tokens lie within the buffer and the ceilings, reading on in pieces ends, and lower-casing what is lower case already
 * gives the same words. */
#include "filter/gram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct gram *g)
{
	uint32_t words = 0;
	for (uint32_t i = 0; i < g->n; i++) {
		const struct gram_token *t = &g->v[i];
		words += !t->mark;
		if (t->n > GRAM_WORD_MAX || (!t->mark && (!t->n || t->hash < 4)))
			abort();
		struct gram_feature f[GRAM_FEATURES_MAX];
		if (!t->mark && gram_of_word((struct str){g->low + t->at, t->n}, i & 1, f) > GRAM_FEATURES_MAX)
			abort();
	}
	if (words != g->words || g->names > g->words)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gram g, again;
	char *copy = own_alloc(size + 1);
	memcpy(copy, data, size);
	const char *p = copy, *end = copy + size;
	gram_init(&g);
	gram_init(&again);
	for (uint32_t most = 7; p < end; most *= 2) {
		const char *q = gram_read(&g, str_range(p, end), most);
		if (q <= p)
			abort();
		check(&g);
		p = q;
	}
	gram_read(&g, (struct str){copy, size}, UINT32_MAX);
	for (uint32_t i = 0; i < g.n; i++) {
		const struct gram_token *t = &g.v[i];
		if (t->mark || t->clitic)
			continue;
		gram_read(&again, (struct str){g.low + t->at, t->n}, UINT32_MAX);
		if (t->n < GRAM_WORD_MAX - 12 && (again.n != 1 || again.v[0].key != t->key) && memcmp(g.low + t->at, "www", 3) != 0)
			abort();
	}
	gram_free(&g);
	gram_free(&again);
	free(copy);
	return 0;
}
