#include "extract/main_text.h"

#include "extract/feature.h"
#include "extract/forest.h"

#include "extract/tables/main_text.inc"

enum { BAR = 112, LOW_BAR = 51 }; /* in 255ths */

struct main_text {
	struct feature_space space;
	int16_t *scores;
	size_t cap;
};

struct main_text *main_text_new(void)
{
	return own_zalloc(sizeof(struct main_text));
}

struct main_text *main_text_free(struct main_text *m)
{
	if (!m)
		return NULL;
	feature_free(&m->space);
	free(m->scores);
	free(m);
	return NULL;
}

static uint32_t pick(struct blocks *b, float bar)
{
	uint32_t words = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		struct block *k = &b->v[i];
		k->keep = k->p > bar;
		words += k->keep ? k->words : 0;
	}
	return words;
}

/* What readers wrote: prose in an element called so, or under a heading that says "Comentários" until the next heading that does not go
 * deeper. Not a forum's posts: these are main text. */
static void find_comments(struct blocks *b)
{
	uint8_t level = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		struct block *k = &b->v[i];
		if (k->kind == BLOCK_H && k->words < 12 && k->cues[CUE_COMMENT])
			level = k->level;
		else if (k->kind == BLOCK_H && level && k->level <= level)
			level = 0;
		bool prose = k->words >= 3 && 2 * k->link_chars < k->chars && (k->stops || k->commas || k->words >= 8);
		k->comment = !k->keep && prose && (k->look[LOOK_COMMENT] || (level && k->kind != BLOCK_H)) && !k->look[LOOK_FORM] && !k->in[IN_FORM];
	}
}

uint32_t main_text_choose(struct main_text *m, struct blocks *b, struct str url)
{
	if (!b->n)
		return 0;
	if (b->n > m->cap) {
		free(m->scores);
		m->scores = own_alloc((m->cap = b->n) * sizeof(*m->scores));
	}
	feature_rows(&m->space, b, url);
	forest_score(&first, m->space.rows, FEATURES, b->n, m->scores);
	uint8_t most = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t p = forest_likelihood(m->scores[i]);
		b->v[i].p = (float)p / 255;
		most = p > most ? p : most;
	}
	uint32_t words = pick(b, BAR / 255.0f);
	if (words < MAIN_TEXT_MIN_WORDS) {
		unsigned lower = 7u * most / 10;
		words = pick(b, (float)(lower < LOW_BAR ? LOW_BAR : lower > BAR ? BAR : lower) / 255);
	}
	find_comments(b);
	return words;
}

const char *main_text_type(const struct blocks *b)
{
	uint32_t kept = 0, kept_words = 0, all_words = 0, link_words = 0, longest = 0, longs = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		all_words += k->words;
		link_words += k->chars ? k->words * k->link_chars / k->chars : 0;
		if (!k->keep)
			continue;
		kept++;
		kept_words += k->words;
		longs += k->words >= 25;
		longest = k->words > longest ? k->words : longest;
	}
	if (!kept_words)
		return b->facts.frames + b->facts.iframes ? "frameset" : "other";
	if (longs >= 2 && kept_words * 4 >= all_words)
		return "article";
	if (2 * link_words > all_words)
		return longs ? "listing" : "index";
	return longs ? "article" : kept > 8 && longest < 25 ? "listing" : "other";
}
