#include "extract/feature.h"

/* 0 to 7 as they are, then eight steps an octave: 239 at most. */
static uint8_t lg(uint32_t x)
{
	if (x < 8)
		return (uint8_t)x;
	unsigned e = 31u - (unsigned)__builtin_clz(x);
	return (uint8_t)(8 * (e - 3) + (x >> (e - 3) & 7) + 8);
}

static uint8_t cut(uint32_t x)
{
	return (uint8_t)(x < 255 ? x : 255);
}

/* 255ths. The division is one of floats, rounded alike everywhere (IEEE 754), and nothing is added to it. */
static uint8_t ratio(uint32_t a, uint32_t b)
{
	return b == 0 ? 0 : a >= b ? 255 : (uint8_t)(255.0f * ((float)a / (float)b));
}

/* ---- nodes ---- */

struct box {
	uint8_t f[BOX_FEATURES];
	uint8_t up;      /* levels to the nearest element that the top lies in too */
	uint32_t outer;  /* the nearest one around that holds more text */
	uint32_t name;   /* slot of its name */
	uint32_t common; /* the element meant by `up` */
	uint32_t item;   /* the nearest one, itself included, whose name comes three times or more; 0 = none */
};

struct name {
	uint32_t hash, count, chars, link_chars, long_chars, blocks;
};

/* Words, and the same weighted by the first judgement. */
struct mass {
	uint32_t words, good;
};

/* What the passes share. */
struct feature_work {
	const struct blocks *b;
	struct box *boxes;
	struct name *names;
	uint32_t *repeats; /* of each block's words */
	uint32_t mask, top, page_chars;
	uint8_t page[FIRST_FEATURES - F_PAGE_CHARS];
	struct mass *masses; /* of nodes, then of names */
};

static void box_features(struct feature_work *w, uint32_t i)
{
	const struct block_node *k = &w->b->nodes[i];
	uint8_t *f = w->boxes[i].f;
	f[B_CHARS] = lg(k->chars);
	f[B_LINK] = ratio(k->link_chars, k->chars);
	f[B_BLOCKS] = lg(k->blocks);
	f[B_LONG] = ratio(k->long_chars, k->chars);
	f[B_PAGE] = ratio(k->chars, w->page_chars);
	f[B_DENSITY] = lg(k->chars / (k->tags + 1));
	f[B_P] = ratio(k->p_chars, k->chars);
}

static uint32_t name_slot(struct feature_work *w, uint32_t hash)
{
	uint32_t at = (hash * 0x9E3779B1u) & w->mask;
	while (w->names[at].count && w->names[at].hash != hash)
		at = (at + 1) & w->mask;
	return at;
}

static void count_names(struct feature_work *w)
{
	const struct blocks *b = w->b;
	memset(w->names, 0, (w->mask + 1ull) * sizeof(*w->names));
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *k = &b->nodes[i];
		struct name *n = &w->names[w->boxes[i].name = name_slot(w, k->name)];
		n->hash = k->name;
		n->count++;
		n->chars += k->chars;
		n->link_chars += k->link_chars;
		n->long_chars += k->long_chars;
		n->blocks += k->blocks;
	}
}

/* Prose counts for the parent in full and for the grandparent by half (as in readability); a third of it for what holds it itself. */
static uint32_t find_top(const struct feature_work *w)
{
	const struct blocks *b = w->b;
	uint32_t top = 0;
	float *score = own_zalloc(b->n_nodes * sizeof(*score)), best = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		const struct block_node *n = &b->nodes[k->node];
		bool p = n->tag == TAG_P || (n->tag >= TAG_H1 && n->tag <= TAG_H6) || n->tag == TAG_LI || n->tag == TAG_BLOCKQUOTE;
		bool prose = (k->chars - k->link_chars > 80 || (k->commas && k->words > 10 && 10 * k->link_chars < 3 * k->chars)) && 2 * k->link_chars < k->chars;
		if (!prose)
			continue;
		float c = (float)(k->chars < 1000 ? k->chars : 1000);
		score[n->parent] += c;
		score[b->nodes[n->parent].parent] += c / 2;
		if (!p)
			score[k->node] += c * 0.75f;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *n = &b->nodes[i];
		float s = n->chars ? score[i] * (1 - (float)n->link_chars / (float)n->chars) : 0;
		if (s > best) {
			best = s;
			top = i;
		}
	}
	free(score);
	return top;
}

static void read_nodes(struct feature_work *w)
{
	const struct blocks *b = w->b;
	count_names(w);
	w->top = find_top(w);
	for (uint32_t i = 0; i < b->n_nodes; i++)
		w->boxes[i].up = 255;
	for (uint32_t i = w->top;; i = b->nodes[i].parent) {
		w->boxes[i].up = 0;
		w->boxes[i].common = i;
		if (!i)
			break;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *k = &b->nodes[i];
		struct box *x = &w->boxes[i], *up = &w->boxes[k->parent];
		box_features(w, i);
		x->outer = i == 0 ? 0 : b->nodes[k->parent].chars > k->chars ? k->parent : up->outer;
		if (x->up) {
			x->up = (uint8_t)(up->up + (up->up < 254));
			x->common = up->common;
		}
		bool line = k->tag == TAG_P || k->tag == TAG_TD || (k->tag >= TAG_H1 && k->tag <= TAG_H6) || k->tag == TAG_TBODY;
		x->item = i == 0 ? 0 : w->names[x->name].count >= 3 && !line ? i : up->item;
	}
}

/* ---- blocks alone ---- */

static void own_features(const struct block *k, uint8_t *f, uint32_t repeats)
{
	uint32_t cues = 0;
	f[F_WORDS] = lg(k->words);
	f[F_CHARS] = lg(k->chars);
	f[F_WORD_LENGTH] = k->words ? cut(8 * k->chars / k->words) : 0;
	f[F_LINK] = ratio(k->link_chars, k->chars);
	f[F_LINKS] = cut(k->links);
	f[F_STRONG] = ratio(k->strong_chars, k->chars);
	f[F_CAPS] = ratio(k->caps, k->words);
	f[F_DIGITS] = ratio(k->digits, k->chars);
	f[F_COMMAS] = lg(k->commas);
	f[F_COMMA_RATE] = ratio(2 * k->commas, k->words);
	f[F_STOPS] = lg(k->stops);
	f[F_STOP_RATE] = ratio(2 * k->stops, k->words);
	f[F_MARKS] = lg(k->marks);
	f[F_MARK_RATE] = ratio(k->marks, k->words);
	f[F_LONG_WORDS] = ratio(k->long_words, k->words);
	f[F_COMMON] = k->cues[CUE_STOP] < 255 ? ratio(k->cues[CUE_STOP], k->words) : 110;
	f[F_FIRST] = k->first;
	f[F_LAST] = k->last;
	f[F_IMAGES] = cut(k->images);
	f[F_INPUTS] = cut(k->inputs);
	f[F_KIND] = k->kind;
	f[F_LEVEL] = k->level;
	f[F_DEPTH] = k->depth;
	f[F_TITLE] = cut(k->title_words);
	f[F_TITLE_RATE] = ratio(k->title_words, k->words);
	f[F_DESCRIPTION] = cut(k->description_words);
	f[F_DESCRIPTION_RATE] = ratio(k->description_words, k->words);
	f[F_REPEATS] = cut(repeats);
	for (unsigned c = 0; c < CUES; c++) {
		f[F_CUE + c] = k->cues[c];
		cues += c == CUE_STOP ? 0 : k->cues[c];
	}
	f[F_CUE_RATE] = ratio(cues, k->words);
	for (unsigned c = 0; c < INS; c++)
		f[F_IN + c] = k->in[c] ? (uint8_t)(k->depth - k->in[c] < 31 ? 32 - (k->depth - k->in[c]) : 1) : 0;
	for (unsigned c = 0; c < LOOKS; c++)
		f[F_LOOK + c] = k->look[c] ? (uint8_t)(k->depth - k->look[c] < 31 ? 32 - (k->depth - k->look[c]) : 1) : 0;
}

static void box_of(const struct feature_work *w, const struct block *k, uint32_t i, uint8_t *f)
{
	uint32_t at = k->node;
	for (unsigned c = 0; c < FEATURE_CONTAINERS; c++) {
		const struct block_node *n = &w->b->nodes[at];
		uint8_t *to = f + F_BOX + c * BOX_FEATURES;
		memcpy(to, w->boxes[at].f, BOX_FEATURES);
		to[B_OWN] = ratio(k->chars, n->chars);
		to[B_INDEX] = ratio(i - n->first, n->blocks);
		at = w->boxes[at].outer;
	}
}

static void tree_features(const struct feature_work *w, const struct block *k, uint8_t *f)
{
	const struct blocks *b = w->b;
	const struct box *x = &w->boxes[k->node], *item = &w->boxes[x->item];
	const struct block_node *common = &b->nodes[x->common];
	const struct name *n = &w->names[x->name], *m = &w->names[item->name];
	f[F_UP] = x->up;
	f[F_DOWN] = cut(b->nodes[w->top].depth - common->depth);
	f[F_COMMON_PAGE] = ratio(common->chars, w->page_chars);
	f[F_COMMON_LINK] = ratio(common->link_chars, common->chars);
	f[F_TOP_SIDE] = x->common == w->top ? 1 : k->node < w->top ? 0 : 2;
	f[F_ITEM_UP] = x->item ? cut(b->nodes[k->node].depth - b->nodes[x->item].depth + 1) : 0;
	f[F_ITEM_COUNT] = x->item ? lg(m->count) : 0;
	f[F_ITEM_CHARS] = x->item ? lg(m->chars / m->count) : 0;
	f[F_ITEM_LINK] = x->item ? ratio(m->link_chars, m->chars) : 0;
	f[F_ITEM_PAGE] = x->item ? ratio(m->chars, w->page_chars) : 0;
	f[F_ITEM_LONG] = x->item ? ratio(m->long_chars, m->chars) : 0;
	f[F_NAME_COUNT] = lg(n->count);
	f[F_NAME_CHARS] = lg(n->chars / n->count);
	f[F_NAME_LINK] = ratio(n->link_chars, n->chars);
	f[F_NAME_PAGE] = ratio(n->chars, w->page_chars);
}

/* ---- blocks in their order ---- */

static bool is_prose(const uint8_t *f, const struct block *k)
{
	return f[F_LINK] < 128 && (k->chars - k->link_chars > 80 || (k->commas && k->words > 10 && f[F_LINK] < 77));
}

static void order_features(const struct feature_work *w, uint8_t *rows)
{
	const struct blocks *b = w->b;
	uint32_t chars = 0, longs = 0, h1 = 0, title = 0, last_long = 0, words = 0, heading = 0, all_long = 0;
	for (uint32_t i = 0; i < b->n; i++)
		all_long += is_prose(rows + (size_t)i * FEATURES, &b->v[i]) ? b->v[i].chars : 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		uint8_t *f = rows + (size_t)i * FEATURES;
		f[F_INDEX] = ratio(i, b->n);
		f[F_TEXT_INDEX] = ratio(chars, w->page_chars);
		f[F_BEFORE] = lg(i);
		f[F_AFTER] = lg(b->n - 1 - i);
		if (k->kind == BLOCK_H && k->level == 1)
			h1 = i + 1;
		if (k->words >= 2 && k->words < 40 && f[F_TITLE_RATE] >= 110)
			title = i + 1;
		f[F_SINCE_H1] = h1 ? lg(i + 2 - h1) : 0;
		f[F_SINCE_TITLE] = title ? lg(i + 2 - title) : 0;
		f[F_LONG_INDEX] = ratio(longs, all_long);
		f[F_SINCE_LONG] = last_long ? lg(i + 1 - last_long) : 255;
		f[F_SINCE_HEADING] = heading ? lg(i + 1 - heading) : 255;
		f[F_WORDS_SINCE_HEADING] = heading ? lg(words) : 255;
		if (heading) {
			const struct block *h = &b->v[heading - 1];
			f[F_HEADING_LEVEL] = h->level;
			f[F_HEADING_WORDS] = lg(h->words);
			f[F_HEADING_LINK] = ratio(h->link_chars, h->chars);
			f[F_HEADING_SAME] = w->boxes[h->node].outer == w->boxes[k->node].outer;
			memcpy(f + F_HEADING_CUE, h->cues, CUES);
		} else {
			memset(f + F_HEADING_LEVEL, 0, F_BOX - F_HEADING_LEVEL);
		}
		if (k->kind == BLOCK_H) {
			heading = i + 1;
			words = 0;
		}
		words += k->words;
		chars += k->chars;
		if (is_prose(f, k)) {
			longs += k->chars;
			last_long = i + 1;
		}
	}
	for (uint32_t i = b->n, next = 0; i-- > 0;) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		f[F_UNTIL_LONG] = next ? lg(next - 1 - i) : 255;
		if (is_prose(f, &b->v[i]))
			next = i + 1;
	}
}

static void near_features(const struct feature_work *w, uint8_t *rows)
{
	static const int steps[FEATURE_NEAR] = {-1, 1, -2, 2};
	const struct blocks *b = w->b;
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		for (unsigned d = 0; d < FEATURE_NEAR; d++) {
			uint8_t *to = f + F_NEAR + d * NEAR_FEATURES;
			int64_t j = (int64_t)i + steps[d];
			if (j < 0 || j >= b->n) {
				memset(to, 0, NEAR_FEATURES);
				to[N_KIND] = 255;
				continue;
			}
			const uint8_t *from = rows + (size_t)j * FEATURES;
			uint32_t a = b->v[i].node, c = b->v[j].node;
			to[N_WORDS] = from[F_WORDS];
			to[N_LINK] = from[F_LINK];
			to[N_KIND] = from[F_KIND];
			to[N_LAST] = from[F_LAST];
			to[N_COMMON] = from[F_COMMON];
			to[N_CUES] = from[F_CUE_RATE];
			to[N_STOPS] = from[F_STOPS];
			to[N_COMMON_BOX] = a == c ? 3 : w->boxes[a].outer == w->boxes[c].outer ? 2 : w->boxes[w->boxes[a].outer].outer == w->boxes[w->boxes[c].outer].outer ? 1 : 0;
		}
	}
}

/* Words and links of the 3 and 10 blocks before and after. */
static void window_features(const struct feature_work *w, uint8_t *rows)
{
	static const unsigned widths[2] = {3, 10};
	const struct blocks *b = w->b;
	for (unsigned s = 0; s < 2; s++) {
		uint32_t n = widths[s], words = 0, chars = 0, links = 0;
		for (uint32_t i = 0; i < b->n; i++) {
			uint8_t *f = rows + (size_t)i * FEATURES + F_WINDOW + 4 * s;
			f[0] = lg(words);
			f[1] = ratio(links, chars);
			words += b->v[i].words;
			chars += b->v[i].chars;
			links += b->v[i].link_chars;
			if (i >= n) {
				words -= b->v[i - n].words;
				chars -= b->v[i - n].chars;
				links -= b->v[i - n].link_chars;
			}
		}
		words = chars = links = 0;
		for (uint32_t i = b->n; i-- > 0;) {
			uint8_t *f = rows + (size_t)i * FEATURES + F_WINDOW + 4 * s;
			f[2] = lg(words);
			f[3] = ratio(links, chars);
			words += b->v[i].words;
			chars += b->v[i].chars;
			links += b->v[i].link_chars;
			if (i + n < b->n) {
				words -= b->v[i + n].words;
				chars -= b->v[i + n].chars;
				links -= b->v[i + n].link_chars;
			}
		}
	}
}

/* ---- the page ---- */

static void url_features(struct str url, uint8_t *f)
{
	struct str rest = url;
	size_t at = str_find(url, STR("://"));
	if (at < url.n)
		rest = str_from(url, at + 3);
	rest = str_from(rest, str_chr(rest, '/'));
	uint32_t depth = 0, digits = 0;
	size_t query = str_chr(rest, '?');
	for (size_t i = 0; i < query; i++) {
		depth += rest.p[i] == '/' && i + 1 < query;
		digits += rest.p[i] >= '0' && rest.p[i] <= '9';
	}
	f[F_URL_DEPTH - F_PAGE_CHARS] = cut(depth);
	f[F_URL_LENGTH - F_PAGE_CHARS] = lg((uint32_t)(query < 4096 ? query : 4096));
	f[F_URL_DIGITS - F_PAGE_CHARS] = cut(digits);
	f[F_URL_QUERY - F_PAGE_CHARS] = query < rest.n;
	f[F_URL_HTML - F_PAGE_CHARS] = str_find_ci(str_head(rest, query), STR(".htm")) < query;
	f[F_URL_SLASH - F_PAGE_CHARS] = query == 0 || rest.p[query - 1] == '/';
}

static void page_features(struct feature_work *w, struct str url, const uint8_t *rows)
{
	const struct blocks *b = w->b;
	uint8_t *f = w->page;
	uint32_t longs = 0, words = 0, common = 0, cells = 0, links = 0, articles = 0, comments = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		longs += is_prose(rows + (size_t)i * FEATURES, k);
		words += k->words;
		common += k->cues[CUE_STOP];
		cells += k->in[IN_CELL] ? k->chars : 0;
		links += k->links;
		comments += k->look[LOOK_COMMENT] ? k->chars : 0;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++)
		articles += b->nodes[i].tag == TAG_ARTICLE;
	const struct block_node *root = &b->nodes[0];
	const uint8_t values[] = {
		lg(root->chars), lg(b->n), ratio(root->link_chars, root->chars), lg(longs), ratio(root->long_chars, root->chars), ratio(b->nodes[w->top].chars, root->chars),
		lg(articles), lg(b->headings), lg(b->forms), ratio(root->p_chars, root->chars), lg(b->fonts), ratio(common, words), ratio(cells, root->chars),
		b->n ? lg(words / b->n) : 0, lg((uint32_t)(b->title.n < 4096 ? b->title.n : 4096)), lg(links), ratio(comments, root->chars),
	};
	_Static_assert(sizeof(values) == F_URL_DEPTH - F_PAGE_CHARS, "one value for each feature of the page");
	memcpy(f, values, sizeof(values));
	url_features(url, f);
}

/* How often the words of each block come in the page. */
static void count_repeats(struct feature_work *w, uint32_t *table, uint32_t *counts)
{
	const struct blocks *b = w->b;
	memset(counts, 0, (w->mask + 1ull) * sizeof(*counts));
	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t at = (b->v[i].hash * 0x9E3779B1u) & w->mask;
		while (counts[at] && table[at] != b->v[i].hash)
			at = (at + 1) & w->mask;
		table[at] = b->v[i].hash;
		counts[at]++;
		w->repeats[i] = at;
	}
	for (uint32_t i = 0; i < b->n; i++)
		w->repeats[i] = counts[w->repeats[i]];
}

static void *piece(char **p, size_t n)
{
	void *at = *p;
	*p += (n + 15) & ~(size_t)15;
	return at;
}

void feature_free(struct feature_space *s)
{
	free(s->p);
	free(s->rows);
	free(s->work);
	*s = (struct feature_space){0};
}

void feature_rows(struct feature_space *s, const struct blocks *b, struct str url)
{
	uint32_t most = b->n > b->n_nodes ? b->n : b->n_nodes, slots = 64;
	while (slots < 2 * most)
		slots *= 2;
	size_t need = b->n_nodes * (sizeof(struct box) + sizeof(struct mass)) + slots * (sizeof(struct name) + sizeof(struct mass) + 8) + b->n * 4ull + 128;
	if (need > s->cap) {
		free(s->p);
		s->p = own_alloc(s->cap = need);
	}
	if ((size_t)b->n * FEATURES > s->cap_rows) {
		free(s->rows);
		s->rows = own_alloc(s->cap_rows = (size_t)b->n * FEATURES);
	}
	if (!s->work)
		s->work = own_alloc(sizeof(*s->work));
	struct feature_work *w = s->work;
	char *p = s->p;
	*w = (struct feature_work){.b = b, .mask = slots - 1, .page_chars = b->nodes[0].chars};
	w->boxes = piece(&p, b->n_nodes * sizeof(struct box));
	w->names = piece(&p, slots * sizeof(struct name));
	w->masses = piece(&p, (b->n_nodes + slots) * sizeof(struct mass));
	w->repeats = piece(&p, b->n * 4ull);
	uint32_t *table = piece(&p, slots * 4ull), *counts = piece(&p, slots * 4ull);
	count_repeats(w, table, counts);
	read_nodes(w);
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = s->rows + (size_t)i * FEATURES;
		own_features(&b->v[i], f, w->repeats[i]);
		box_of(w, &b->v[i], i, f);
		tree_features(w, &b->v[i], f);
	}
	page_features(w, url, s->rows);
	order_features(w, s->rows);
	near_features(w, s->rows);
	window_features(w, s->rows);
	for (uint32_t i = 0; i < b->n; i++)
		memcpy(s->rows + (size_t)i * FEATURES + F_PAGE_CHARS, w->page, sizeof(w->page));
}

/* ---- what a first judgement says ---- */

enum { GOOD = 153, WEIGHT_MAX = 80 };

static uint32_t weight(const struct block *k)
{
	return k->words < WEIGHT_MAX ? k->words + 1 : WEIGHT_MAX;
}

static uint8_t mean(struct mass m)
{
	return m.words ? (uint8_t)(m.good / m.words) : 0;
}

static void mass_features(const struct feature_work *w, const uint8_t *p, uint8_t *rows)
{
	const struct blocks *b = w->b;
	struct mass *nodes = w->masses, *names = w->masses + b->n_nodes;
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
			f[S_BOX_MASS + c] = ratio(nodes[at].good, nodes[0].good);
			at = w->boxes[at].outer;
		}
	}
}

static void run_features(const struct feature_work *w, const uint8_t *p, uint8_t *rows)
{
	static const uint32_t widths[3] = {3, 8, 20};
	const struct blocks *b = w->b;
	for (unsigned s = 0; s < 3; s++) {
		struct mass m = {0}, before;
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
		m = (struct mass){0};
		for (uint32_t i = b->n; i-- > 0;) {
			uint8_t *f = rows + (size_t)i * FEATURES;
			f[S_AFTER + s] = mean(m);
			before = (struct mass){2, (uint32_t)f[S_BEFORE + s] + f[S_AFTER + s]};
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
static void section_features(const struct feature_work *w, const uint8_t *p, uint8_t *rows)
{
	const struct blocks *b = w->b;
	uint8_t heading = 0;
	uint32_t good = 0, last = 0, next = 0;
	struct mass m = {0}, page = {0}, best = {0};
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
		f[S_SINCE_GOOD] = last ? lg(i + 1 - last) : 255;
		if (b->v[i].kind == BLOCK_H)
			heading = p[i];
		if (p[i] > GOOD)
			last = i + 1;
	}
	for (uint32_t i = b->n; i-- > 0;) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		f[S_SECTION] = mean(m);
		f[S_UNTIL_GOOD] = next ? lg(next - 1 - i) : 255;
		m.words += weight(&b->v[i]);
		m.good += weight(&b->v[i]) * p[i];
		if (b->v[i].kind == BLOCK_H)
			m = (struct mass){0};
		if (p[i] > GOOD)
			next = i + 1;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = rows + (size_t)i * FEATURES;
		good += weight(&b->v[i]) * p[i];
		f[S_GOOD_INDEX] = ratio(good, page.good);
		f[S_PAGE_MASS] = lg(page.good / 255);
		f[S_PAGE_SHARE] = mean(page);
		f[S_PAGE_MOST] = most;
		f[S_PAGE_MEAN_GOOD] = ratio(best.words, page.words);
	}
}

void feature_second(struct feature_space *s, const struct blocks *b, const uint8_t *p)
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
	mass_features(s->work, p, s->rows);
	run_features(s->work, p, s->rows);
	section_features(s->work, p, s->rows);
}
