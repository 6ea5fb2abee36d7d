#include "filter/rows.h"

#include "filter/gram.h"

#include <math.h>

enum { SEEN = 1 << 16, IDS = 1 << 21 };

struct work {
	struct gram g;
	uint32_t epoch, *seen_epoch, *seen_key, *v;
	size_t n;
};

static bool first_time(struct work *w, uint32_t key)
{
	uint32_t i = key & (SEEN - 1);
	while (w->seen_epoch[i] == w->epoch) {
		if (w->seen_key[i] == key)
			return false;
		i = (i + 1) & (SEEN - 1);
	}
	w->seen_epoch[i] = w->epoch;
	w->seen_key[i] = key;
	return true;
}

static int by_bucket(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a & 0xFFFFFF, y = *(const uint32_t *)b & 0xFFFFFF;
	return (x > y) - (x < y);
}

static void put(struct work *w, struct gram_feature f, uint32_t bits)
{
	if (w->n < IDS)
		w->v[w->n++] = f.id >> (32 - bits) | (uint32_t)f.halves << 24;
}

/* Each word and each pair counts once a text. Names say nothing; of a text that has little else, they are asked for the language all the same.
 * Returns the words (variety) or the distinct words that counted (language). */
static uint32_t features(struct work *w, struct str text, bool language, uint32_t bits)
{
	struct gram_feature f[GRAM_FEATURES_MAX];
	struct gram *g = &w->g;
	uint32_t distinct = 0;
	gram_read(g, text, UINT32_MAX);
	w->n = 0;
	w->epoch++;
	for (uint32_t i = 0; i < g->n; i++) {
		struct gram_token *t = &g->v[i];
		if (!t->bone)
			t->bone = gram_bone((struct str){g->low + t->at, t->n}, t->hash, t->clitic);
	}
	for (int names = 0; names < 1 + (language && distinct < GRAM_NAMES_BELOW); names++)
		for (uint32_t i = 0; i < g->n; i++) {
			const struct gram_token *t = &g->v[i];
			if (t->mark || t->name != names || !first_time(w, t->hash))
				continue;
			unsigned k = gram_of_word((struct str){g->low + t->at, t->n}, language, f);
			for (unsigned n = 0; n < k; n++)
				put(w, f[n], bits);
			distinct++;
		}
	for (uint32_t i = 0; i < g->n; i++) {
		const struct gram_token *t = &g->v[i];
		unsigned k = gram_of_place(i > 1 ? t - 2 : &gram_begin, i ? t - 1 : &gram_begin, t, language, f);
		for (unsigned n = 0; n < k; n++)
			if (first_time(w, f[n].id))
				put(w, f[n], bits);
	}
	return language ? distinct : g->words;
}

static void add_row(struct rows *r, struct work *w)
{
	qsort(w->v, w->n, sizeof(uint32_t), by_bucket);
	if (r->n_cells + w->n > r->cap) {
		r->cap = 2 * r->cap + w->n + 1048576;
		r->cell = own_grow(r->cell, r->cap * sizeof(*r->cell));
	}
	for (size_t k = 0; k < w->n; k++) {
		uint32_t *last = k ? &r->cell[r->n_cells - 1] : NULL;
		if (last && rows_bucket(*last) == rows_bucket(w->v[k])) {
			uint32_t sum = (*last >> 24) + (w->v[k] >> 24);
			*last = rows_bucket(*last) | (sum < 255 ? sum : 255) << 24;
		} else {
			r->cell[r->n_cells++] = w->v[k];
		}
	}
}

static void drop_rare(struct rows *r, uint32_t bits, unsigned least)
{
	uint32_t *df = own_zalloc(sizeof(*df) << bits);
	size_t kept = 0;
	for (size_t k = 0; k < r->n_cells; k++)
		df[rows_bucket(r->cell[k])]++;
	for (size_t i = 0; i < r->n; i++) {
		size_t from = r->at[i];
		r->at[i] = kept;
		for (size_t k = from; k < r->at[i + 1]; k++)
			if (df[rows_bucket(r->cell[k])] >= least)
				r->cell[kept++] = r->cell[k];
	}
	r->at[r->n] = r->n_cells = kept;
	free(df);
}

void rows_make(struct rows *r, struct lessons *c, bool language, uint32_t bits, unsigned least)
{
	struct work w = {.seen_epoch = own_zalloc(SEEN * 4), .seen_key = own_zalloc(SEEN * 4), .v = own_alloc(IDS * sizeof(uint32_t))};
	gram_init(&w.g);
	*r = (struct rows){.at = own_alloc((c->n + 1) * sizeof(size_t)), .scale = own_alloc((c->n + 1) * sizeof(float)), .n = c->n};
	for (size_t i = 0; i < c->n; i++) {
		uint32_t n = features(&w, c->v[i].s, language, bits);
		c->v[i].words = n;
		r->at[i] = r->n_cells;
		r->scale[i] = 1 / sqrtf(1 + (float)n);
		add_row(r, &w);
	}
	r->at[c->n] = r->n_cells;
	drop_rare(r, bits, least);
	gram_free(&w.g);
	free(w.seen_epoch);
	free(w.seen_key);
	free(w.v);
}

void rows_free(struct rows *r)
{
	free(r->cell);
	free(r->scale);
	free(r->at);
}

double rows_score(const struct rows *r, size_t i, const float *weights, double bias)
{
	double f = 0;
	for (size_t k = r->at[i]; k < r->at[i + 1]; k++)
		f += (double)(weights[rows_bucket(r->cell[k])] * rows_halves(r->cell[k]));
	return bias + f * (double)r->scale[i];
}
