/* A score a block from its own words, its place and its neighbours; then the stretch of blocks in which most of the score lies.
 * Weights were set by hand on training pages (docs/internals/main_text.md). */
#include "extract/main_text.h"

#include <math.h>

static float own_score(const struct block *k)
{
	float words = (float)(k->words ? k->words : 1), ld = (float)k->link_words / words, x = -0.6f;
	x += k->words >= 40 ? 2.2f : k->words >= 20 ? 1.8f : k->words >= 10 ? 0.9f : k->words >= 5 ? -0.2f : -1.0f;
	x += ld > 0.66f ? -3.5f : ld > 0.33f ? -1.8f : ld > 0.15f ? -0.4f : 0;
	x += k->stops ? 0.6f : -0.2f;
	x += k->commas ? 0.3f : 0;
	x += (float)k->common / words > 0.2f && k->words > 4 ? 0.7f : -0.3f;
	x += k->tag == BLOCK_P ? 0.6f : k->tag == BLOCK_QUOTE ? 0.3f : k->tag == BLOCK_LI ? -0.4f : k->tag == BLOCK_PRE ? 0.4f : 0;
	x += 0.4f * (float)(k->good < 3 ? k->good : 3);
	x -= 1.5f * (float)(k->bad < 2 ? k->bad : 2);
	x += k->in_article ? 0.7f : 0;
	x -= k->in_noise ? 1.5f : 0;
	return x;
}

static float squash(float x)
{
	return 1 / (1 + expf(-x));
}

/* Own score and that of what surrounds it, weighted by their words. */
static void smooth(struct blocks *b, float *x)
{
	for (uint32_t i = 0; i < b->n; i++) {
		float sum = 0, weight = 0;
		for (int d = -3; d <= 3; d++) {
			int64_t j = (int64_t)i + d;
			if (!d || j < 0 || j >= b->n)
				continue;
			float w = (float)(b->v[j].words < 40 ? b->v[j].words + 2 : 42) / (float)(d < 0 ? -d : d);
			sum += w * x[j];
			weight += w;
		}
		float near = weight > 0 ? sum / weight : 0;
		float own = b->v[i].words >= 20 ? 0.75f : b->v[i].words >= 8 ? 0.55f : 0.4f;
		b->v[i].p = squash(own * x[i] + (1 - own) * near);
	}
}

/* The stretch with the largest sum: what lies outside is another part of the page. */
static void stretch(const struct blocks *b, uint32_t *from, uint32_t *to)
{
	float best = 0, sum = 0;
	uint32_t start = 0;
	*from = 0;
	*to = b->n;
	for (uint32_t i = 0; i < b->n; i++) {
		float w = (float)(b->v[i].words < 80 ? b->v[i].words : 80);
		float gain = b->v[i].p > 0.5f ? w * (b->v[i].p - 0.4f) : -(2 + 0.25f * w) * (0.5f - b->v[i].p);
		if (sum <= 0) {
			sum = 0;
			start = i;
		}
		sum += gain;
		if (sum > best) {
			best = sum;
			*from = start;
			*to = i + 1;
		}
	}
}

static uint32_t pick(struct blocks *b, float bar)
{
	uint32_t from, to, words = 0;
	stretch(b, &from, &to);
	for (uint32_t i = 0; i < b->n; i++) {
		struct block *k = &b->v[i];
		bool inside = i >= from && i < to;
		k->keep = inside ? k->p > bar : k->p > 0.88f && k->words >= 30;
	}
	/* A heading goes with the text that follows it. */
	for (uint32_t i = b->n; i-- > 0;) {
		struct block *k = &b->v[i];
		if (k->tag == BLOCK_H && k->bad < 2 && !k->in_noise)
			k->keep = (i + 1 < b->n && b->v[i + 1].keep && i + 1 >= from) || (i + 2 < b->n && b->v[i + 2].keep && i + 2 >= from && b->v[i + 1].words < 12);
	}
	for (uint32_t i = 0; i < b->n; i++)
		words += b->v[i].keep ? b->v[i].words : 0;
	return words;
}

uint32_t main_text_choose(struct blocks *b)
{
	float *x = own_alloc((b->n + 1) * sizeof(*x));
	for (uint32_t i = 0; i < b->n; i++)
		x[i] = own_score(&b->v[i]);
	smooth(b, x);
	free(x);
	uint32_t words = pick(b, 0.5f);
	return words >= MAIN_TEXT_MIN_WORDS ? words : pick(b, 0.3f);
}

void main_text_render(const struct blocks *b, struct buf *out)
{
	for (uint32_t i = 0; i < b->n; i++) {
		if (!b->v[i].keep)
			continue;
		if (out->n)
			buf_byte(out, '\n');
		buf_add(out, b->text.p + b->v[i].at, b->v[i].n);
	}
}

const char *main_text_type(const struct blocks *b)
{
	uint32_t kept = 0, kept_words = 0, all_words = 0, link_words = 0, longest = 0, longs = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		all_words += k->words;
		link_words += k->link_words;
		if (!k->keep)
			continue;
		kept++;
		kept_words += k->words;
		longs += k->words >= 25;
		longest = k->words > longest ? k->words : longest;
	}
	if (!kept_words)
		return b->frames ? "frameset" : "other";
	if (longs >= 2 && kept_words * 4 >= all_words)
		return "article";
	if (2 * link_words > all_words)
		return longs ? "listing" : "index";
	return longs ? "article" : kept > 8 && longest < 25 ? "listing" : "other";
}
