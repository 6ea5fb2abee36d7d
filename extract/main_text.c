#include "extract/main_text.h"

#include "extract/feature.h"
#include "extract/forest.h"

#include "extract/tables/main_text.inc"

enum { BAR = 122, LOW_BAR = 51, BETWEEN_BAR = 76 }; /* in 255ths */

struct main_text {
	struct feature_space space;
	int16_t *scores; /* of each block */
	uint8_t *p;      /* its likelihood in 255ths */
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
	free(m->p);
	free(m);
	return NULL;
}

static uint32_t pick(struct blocks *b, const uint8_t *p, unsigned bar)
{
	uint32_t words = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		b->v[i].keep = p[i] > bar;
		words += b->v[i].keep ? b->v[i].words : 0;
	}
	return words;
}

/* A line between two that are kept, and a heading before one, needs less to be kept. Returns the words added. */
static uint32_t close_gaps(struct blocks *b, const uint8_t *p)
{
	uint32_t words = 0;
	bool before = false;
	for (uint32_t i = 0; i + 1 < b->n; i++) {
		struct block *k = &b->v[i];
		bool was = before;
		before = k->keep;
		if (k->keep || p[i] <= BETWEEN_BAR || !k[1].keep || !(was || k->kind == BLOCK_H))
			continue;
		k->keep = true;
		words += k->words;
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
	uint8_t most = 0;
	if (!b->n)
		return 0;
	if (b->n > m->cap) {
		m->cap = b->n;
		m->scores = own_grow(m->scores, m->cap * sizeof(*m->scores));
		m->p = own_grow(m->p, m->cap);
	}
	feature_rows(&m->space, b, url);
	forest_score(&model, m->space.rows, FEATURES, b->n, m->scores);
	for (uint32_t i = 0; i < b->n; i++) {
		m->p[i] = forest_likelihood(m->scores[i]);
		b->v[i].p = (float)m->p[i] / 255;
		most = m->p[i] > most ? m->p[i] : most;
	}
	uint32_t words = pick(b, m->p, BAR);
	if (words < MAIN_TEXT_MIN_WORDS) {
		unsigned lower = 7u * most / 10;
		words = pick(b, m->p, lower < LOW_BAR ? LOW_BAR : lower > BAR ? BAR : lower);
	} else {
		words += close_gaps(b, m->p);
	}
	find_comments(b);
	return words;
}

/* Of the words kept and of all: where they stand, and what they say. */
struct shape {
	uint32_t kept, kept_words, all_words, link_words, longest, longs, prose, thread, product, forum_cues, shop_cues;
};

static struct shape shape_of(const struct blocks *b)
{
	struct shape s = {0};
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		s.all_words += k->words;
		s.link_words += k->chars ? (uint32_t)((uint64_t)k->words * k->link_chars / k->chars) : 0;
		s.forum_cues += k->words < 20 && k->cues[CUE_FORUM];
		s.shop_cues += k->words < 12 && k->cues[CUE_SHOP];
		if (!k->keep)
			continue;
		s.kept++;
		s.kept_words += k->words;
		s.longs += k->words >= 25;
		s.prose += k->words >= 12 ? k->words : 0;
		s.longest = k->words > s.longest ? k->words : s.longest;
		s.thread += k->look[LOOK_THREAD] ? k->words : 0;
		s.product += k->look[LOOK_PRODUCT] ? k->words : 0;
	}
	return s;
}

float main_text_score(const struct blocks *b)
{
	float sum = 0, words = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		if (!b->v[i].keep)
			continue;
		float w = (float)(b->v[i].words < 80 ? b->v[i].words + 1 : 80);
		sum += w * b->v[i].p;
		words += w;
	}
	return words > 0 ? sum / words : 0;
}

const char *main_text_type(const struct blocks *b)
{
	struct shape s = shape_of(b);
	if (!s.kept_words)
		return b->facts.frames ? "frameset" : 2 * s.link_words > s.all_words ? "index" : "other";
	if ((3 * s.thread > s.kept_words && s.forum_cues >= 2) || (s.forum_cues >= 6 && s.kept >= 3 && 3 * s.forum_cues > s.kept))
		return "forum";
	if (3 * s.product > s.kept_words && s.shop_cues >= 2)
		return "product";
	if (2 * s.prose >= s.kept_words && s.kept_words >= 40 && s.kept_words * 4 >= s.all_words)
		return "article";
	if (2 * s.link_words > s.all_words)
		return s.longs ? "listing" : "index";
	return s.longs ? "article" : s.kept > 8 && s.longest < 25 ? "listing" : "other";
}
