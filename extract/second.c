#include "extract/second.h"

#include "extract/scale.h"

enum { GOOD = 153, WEIGHT_MAX = 80 };

static uint32_t weight(const struct block *k)
{
	return k->words < WEIGHT_MAX ? k->words + 1 : WEIGHT_MAX;
}

static uint8_t mean(struct box_mass m)
{
	return m.words ? (uint8_t)(m.good / m.words) : 0;
}

static void mass_features(const struct box_tree *w, const uint8_t *p, uint8_t *rows)
{
	const struct blocks *b = w->b;
	struct box_mass *nodes = w->masses, *names = w->masses + b->n_nodes;
	memset(w->masses, 0, (b->n_nodes + w->mask + 1ull) * sizeof(*w->masses));
	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t n = weight(&b->v[i]);
		nodes[b->v[i].node].words += n;
		nodes[b->v[i].node].good += n * p[i];
	}
	for (uint32_t i = b->n_nodes; i-- > 1;) {
		nodes[b->nodes[i].parent].words += nodes[i].words;
		nodes[b->nodes[i].parent].good += nodes[i].good;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		names[w->boxes[i].name].words += nodes[i].words;
		names[w->boxes[i].name].good += nodes[i].good;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		uint32_t at = b->v[i].node, item = w->boxes[at].item;
		f[S_ITEM] = item ? mean(names[w->boxes[item].name]) : 0;
		f[S_NAME] = mean(names[w->boxes[at].name]);
		for (unsigned c = 0; c < FEATURE_CONTAINERS; c++) {
			f[S_BOX + c] = mean(nodes[at]);
			f[S_BOX_MASS + c] = scale_ratio(nodes[at].good, nodes[0].good);
			at = w->boxes[at].outer;
		}
	}
}

static void run_features(const struct box_tree *w, const uint8_t *p, uint8_t *rows)
{
	static const uint32_t widths[3] = {3, 8, 20};
	const struct blocks *b = w->b;
	for (unsigned s = 0; s < 3; s++) {
		struct box_mass m = {0}, before;
		uint32_t n = widths[s];
		for (uint32_t i = 0; i < b->n; i++) {
			rows[(size_t)i * FEATURES + S_BEFORE + s] = mean(m);
			m.words += weight(&b->v[i]);
			m.good += weight(&b->v[i]) * p[i];
			if (i >= n) {
				m.words -= weight(&b->v[i - n]);
				m.good -= weight(&b->v[i - n]) * p[i - n];
			}
		}
		m = (struct box_mass){0};
		for (uint32_t i = b->n; i-- > 0;) {
			uint8_t *f = rows + (size_t)i * FEATURES;
			f[S_AFTER + s] = mean(m);
			before = (struct box_mass){2, (uint32_t)f[S_BEFORE + s] + f[S_AFTER + s]};
			f[S_AROUND + s] = mean(before);
			m.words += weight(&b->v[i]);
			m.good += weight(&b->v[i]) * p[i];
			if (i + n < b->n) {
				m.words -= weight(&b->v[i + n]);
				m.good -= weight(&b->v[i + n]) * p[i + n];
			}
		}
	}
}

/* The heading above, and for a heading (or anything) what stands between it and the next heading. */
static void section_features(const struct box_tree *w, const uint8_t *p, uint8_t *rows)
{
	const struct blocks *b = w->b;
	uint8_t heading = 0;
	uint32_t good = 0, last = 0, next = 0;
	struct box_mass m = {0}, page = {0}, best = {0};
	uint8_t most = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		page.words += weight(&b->v[i]);
		page.good += weight(&b->v[i]) * p[i];
		most = p[i] > most ? p[i] : most;
		if (p[i] > GOOD) {
			best.words += weight(&b->v[i]);
			best.good += weight(&b->v[i]) * p[i];
		}
		f[S_HEADING] = heading;
		f[S_SINCE_GOOD] = last ? scale_log(i + 1 - last) : 255;
		if (b->v[i].kind == BLOCK_H)
			heading = p[i];
		if (p[i] > GOOD)
			last = i + 1;
	}
	for (uint32_t i = b->n; i-- > 0;) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		f[S_SECTION] = mean(m);
		f[S_UNTIL_GOOD] = next ? scale_log(next - 1 - i) : 255;
		m.words += weight(&b->v[i]);
		m.good += weight(&b->v[i]) * p[i];
		if (b->v[i].kind == BLOCK_H)
			m = (struct box_mass){0};
		if (p[i] > GOOD)
			next = i + 1;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		good += weight(&b->v[i]) * p[i];
		f[S_GOOD_INDEX] = scale_ratio(good, page.good);
		f[S_PAGE_MASS] = scale_log(page.good / 255);
		f[S_PAGE_SHARE] = mean(page);
		f[S_PAGE_MOST] = most;
		f[S_PAGE_MEAN_GOOD] = scale_ratio(best.words, page.words);
	}
}

void second_rows(struct feature_space *s, const struct blocks *b, const uint8_t *p)
{
	static const int steps[8] = {-1, 1, -2, 2, -3, 3, -4, 4};
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = s->rows + (size_t)i * FEATURES;
		f[S_P] = p[i];
		for (unsigned d = 0; d < 8; d++) {
			int64_t j = (int64_t)i + steps[d];
			f[S_NEAR + d] = j < 0 || j >= b->n ? 0 : p[j];
		}
	}
	mass_features(&s->tree, p, s->rows);
	run_features(&s->tree, p, s->rows);
	section_features(&s->tree, p, s->rows);
}
