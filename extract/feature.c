#include "extract/feature.h"

#include "extract/scale.h"

/* ---- blocks alone ---- */

/* How near the enclosing elements are whose depths are given: 32 for the block's own, 1 from 31 on, 0 when there is none. */
static void nearness(uint8_t *restrict f, const uint8_t *restrict at, unsigned n, uint8_t depth)
{
	for (unsigned c = 0; c < n; c++) {
		uint8_t far = (uint8_t)(depth - at[c]), some = at[c] ? 255 : 0;
		far = far < 31 ? far : 31;
		f[c] = (uint8_t)((32 - far) & some);
	}
}

static void own_features(const struct block *k, uint8_t *f, uint32_t repeats)
{
	uint32_t cues = 0;
	f[F_WORDS] = scale_log(k->words);
	f[F_CHARS] = scale_log(k->chars);
	f[F_WORD_LENGTH] = k->words ? scale_cut(8 * k->chars / k->words) : 0;
	f[F_LINK] = scale_ratio(k->link_chars, k->chars);
	f[F_LINKS] = scale_cut(k->links);
	f[F_STRONG] = scale_ratio(k->strong_chars, k->chars);
	f[F_CAPS] = scale_ratio(k->caps, k->words);
	f[F_DIGITS] = scale_ratio(k->digits, k->chars);
	f[F_COMMAS] = scale_log(k->commas);
	f[F_COMMA_RATE] = scale_ratio(2 * k->commas, k->words);
	f[F_STOPS] = scale_log(k->stops);
	f[F_STOP_RATE] = scale_ratio(2 * k->stops, k->words);
	f[F_MARKS] = scale_log(k->marks);
	f[F_MARK_RATE] = scale_ratio(k->marks, k->words);
	f[F_LONG_WORDS] = scale_ratio(k->long_words, k->words);
	f[F_COMMON] = k->cues[CUE_STOP] < 255 ? scale_ratio(k->cues[CUE_STOP], k->words) : 110;
	f[F_FIRST] = k->first;
	f[F_LAST] = k->last;
	f[F_IMAGES] = scale_cut(k->images);
	f[F_INPUTS] = scale_cut(k->inputs);
	f[F_KIND] = k->kind;
	f[F_LEVEL] = k->level;
	f[F_DEPTH] = k->depth;
	f[F_TITLE] = scale_cut(k->title_words);
	f[F_TITLE_RATE] = scale_ratio(k->title_words, k->words);
	f[F_DESCRIPTION] = scale_cut(k->description_words);
	f[F_DESCRIPTION_RATE] = scale_ratio(k->description_words, k->words);
	f[F_REPEATS] = scale_cut(repeats);
	memcpy(f + F_CUE, k->cues, CUES);
	for (unsigned c = 0; c < CUES; c++)
		cues += k->cues[c];
	cues -= k->cues[CUE_STOP] + k->cues[CUE_PORTUGUESE];
	f[F_CUE_RATE] = scale_ratio(cues, k->words);
	nearness(f + F_IN, k->in, INS, k->depth);
	nearness(f + F_LOOK, k->look, LOOKS, k->depth);
}

static void box_of(const struct box_tree *w, const struct block *k, uint32_t i, uint8_t *f)
{
	uint32_t at = k->node;
	for (unsigned c = 0; c < FEATURE_CONTAINERS; c++) {
		const struct block_node *n = &w->b->nodes[at];
		uint8_t *to = f + F_BOX + c * BOX_FEATURES;
		memcpy(to, w->boxes[at].f, BOX_FEATURES);
		to[B_OWN] = scale_ratio(k->chars, n->chars);
		to[B_INDEX] = scale_ratio(i - n->first, n->blocks);
		at = w->boxes[at].outer;
	}
}

static void tree_features(const struct box_tree *w, const struct block *k, uint8_t *f)
{
	const struct blocks *b = w->b;
	const struct box *x = &w->boxes[k->node], *item = &w->boxes[x->item];
	const struct block_node *common = &b->nodes[x->common];
	const struct box_name *n = &w->names[x->name], *m = &w->names[item->name];
	f[F_UP] = x->up;
	f[F_DOWN] = scale_cut(b->nodes[w->top].depth - common->depth);
	f[F_COMMON_PAGE] = scale_ratio(common->chars, w->page_chars);
	f[F_COMMON_LINK] = scale_ratio(common->link_chars, common->chars);
	f[F_TOP_SIDE] = x->common == w->top ? 1 : k->node < w->top ? 0 : 2;
	f[F_ITEM_UP] = x->item ? scale_cut(b->nodes[k->node].depth - b->nodes[x->item].depth + 1) : 0;
	f[F_ITEM_COUNT] = x->item ? scale_log(m->count) : 0;
	f[F_ITEM_CHARS] = x->item ? scale_log(m->chars / m->count) : 0;
	f[F_ITEM_LINK] = x->item ? scale_ratio(m->link_chars, m->chars) : 0;
	f[F_ITEM_PAGE] = x->item ? scale_ratio(m->chars, w->page_chars) : 0;
	f[F_ITEM_LONG] = x->item ? scale_ratio(m->long_chars, m->chars) : 0;
	f[F_NAME_COUNT] = scale_log(n->count);
	f[F_NAME_CHARS] = scale_log(n->chars / n->count);
	f[F_NAME_LINK] = scale_ratio(n->link_chars, n->chars);
	f[F_NAME_PAGE] = scale_ratio(n->chars, w->page_chars);
}

/* ---- blocks in their order ---- */

static bool is_prose(const uint8_t *f, const struct block *k)
{
	return f[F_LINK] < 128 && (k->chars - k->link_chars > 80 || (k->commas && k->words > 10 && f[F_LINK] < 77));
}

static void order_features(const struct box_tree *w, uint8_t *rows)
{
	const struct blocks *b = w->b;
	uint32_t chars = 0, longs = 0, h1 = 0, title = 0, last_long = 0, words = 0, heading = 0, all_long = 0;
	for (uint32_t i = 0; i < b->n; i++)
		all_long += is_prose(rows + (size_t)i * FEATURES, &b->v[i]) ? b->v[i].chars : 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		uint8_t *f = rows + (size_t)i * FEATURES;
		f[F_INDEX] = scale_ratio(i, b->n);
		f[F_TEXT_INDEX] = scale_ratio(chars, w->page_chars);
		f[F_BEFORE] = scale_log(i);
		f[F_AFTER] = scale_log(b->n - 1 - i);
		if (k->kind == BLOCK_H && k->level == 1)
			h1 = i + 1;
		if (k->words >= 2 && k->words < 40 && f[F_TITLE_RATE] >= 110)
			title = i + 1;
		f[F_SINCE_H1] = h1 ? scale_log(i + 2 - h1) : 0;
		f[F_SINCE_TITLE] = title ? scale_log(i + 2 - title) : 0;
		f[F_LONG_INDEX] = scale_ratio(longs, all_long);
		f[F_SINCE_LONG] = last_long ? scale_log(i + 1 - last_long) : 255;
		f[F_SINCE_HEADING] = heading ? scale_log(i + 1 - heading) : 255;
		f[F_WORDS_SINCE_HEADING] = heading ? scale_log(words) : 255;
		if (heading) {
			const struct block *h = &b->v[heading - 1];
			f[F_HEADING_LEVEL] = h->level;
			f[F_HEADING_WORDS] = scale_log(h->words);
			f[F_HEADING_LINK] = scale_ratio(h->link_chars, h->chars);
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
		f[F_UNTIL_LONG] = next ? scale_log(next - 1 - i) : 255;
		if (is_prose(f, &b->v[i]))
			next = i + 1;
	}
}

static void near_features(const struct box_tree *w, uint8_t *rows)
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
static void window_features(const struct box_tree *w, uint8_t *rows)
{
	static const unsigned widths[2] = {3, 10};
	const struct blocks *b = w->b;
	for (unsigned s = 0; s < 2; s++) {
		uint32_t n = widths[s], words = 0, chars = 0, links = 0;
		for (uint32_t i = 0; i < b->n; i++) {
			uint8_t *f = rows + (size_t)i * FEATURES + F_WINDOW + 4 * s;
			f[0] = scale_log(words);
			f[1] = scale_ratio(links, chars);
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
			f[2] = scale_log(words);
			f[3] = scale_ratio(links, chars);
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
	f[F_URL_DEPTH - F_PAGE_CHARS] = scale_cut(depth);
	f[F_URL_LENGTH - F_PAGE_CHARS] = scale_log((uint32_t)(query < 4096 ? query : 4096));
	f[F_URL_DIGITS - F_PAGE_CHARS] = scale_cut(digits);
	f[F_URL_QUERY - F_PAGE_CHARS] = query < rest.n;
	f[F_URL_HTML - F_PAGE_CHARS] = str_find_ci(str_head(rest, query), STR(".htm")) < query;
	f[F_URL_SLASH - F_PAGE_CHARS] = query == 0 || rest.p[query - 1] == '/';
}

static void page_features(const struct box_tree *w, struct str url, const uint8_t *rows, uint8_t *f)
{
	const struct blocks *b = w->b;
	uint32_t longs = 0, words = 0, common = 0, cells = 0, links = 0, articles = 0, comments = 0, portuguese = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		longs += is_prose(rows + (size_t)i * FEATURES, k);
		words += k->words;
		common += k->cues[CUE_STOP];
		portuguese += k->cues[CUE_PORTUGUESE];
		cells += k->in[IN_CELL] ? k->chars : 0;
		links += k->links;
		comments += k->look[LOOK_COMMENT] ? k->chars : 0;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++)
		articles += b->nodes[i].tag == TAG_ARTICLE;
	const struct block_node *root = &b->nodes[0];
	const uint8_t values[] = {
		scale_log(root->chars), scale_log(b->n), scale_ratio(root->link_chars, root->chars), scale_log(longs), scale_ratio(root->long_chars, root->chars), scale_ratio(b->nodes[w->top].chars, root->chars),
		scale_log(articles), scale_log(b->headings), scale_log(b->forms), scale_ratio(root->p_chars, root->chars), scale_log(b->fonts), scale_ratio(common, words), scale_ratio(cells, root->chars),
		b->n ? scale_log(words / b->n) : 0, scale_log((uint32_t)(b->facts.first_title.n < 4096 ? b->facts.first_title.n : 4096)), scale_log(links), scale_ratio(comments, root->chars), scale_ratio(2 * portuguese, words),
	};
	_Static_assert(sizeof(values) == F_URL_DEPTH - F_PAGE_CHARS, "one value for each feature of the page");
	memcpy(f, values, sizeof(values));
	url_features(url, f);
}

void feature_free(struct feature_space *s)
{
	box_free(&s->tree);
	free(s->rows);
	*s = (struct feature_space){0};
}

void feature_rows(struct feature_space *s, const struct blocks *b, struct str url)
{
	struct box_tree *w = &s->tree;
	uint8_t page[FEATURES - F_PAGE_CHARS];
	if ((size_t)b->n * FEATURES > s->cap_rows) {
		free(s->rows);
		s->rows = own_alloc(s->cap_rows = (size_t)b->n * FEATURES);
	}
	box_read(w, b);
	for (uint32_t i = 0; i < b->n; i++) {
		uint8_t *f = s->rows + (size_t)i * FEATURES;
		own_features(&b->v[i], f, w->repeats[i]);
		box_of(w, &b->v[i], i, f);
		tree_features(w, &b->v[i], f);
	}
	page_features(w, url, s->rows, page);
	order_features(w, s->rows);
	near_features(w, s->rows);
	window_features(w, s->rows);
	for (uint32_t i = 0; i < b->n; i++)
		memcpy(s->rows + (size_t)i * FEATURES + F_PAGE_CHARS, page, sizeof(page));
}
