#include "extract/block.h"

#include "extract/entity.h"
#include "extract/html.h"

/* What an element does: breaks lines, has no end tag, holds what is not text. Elements that are not here do nothing. */
enum { KNOWN = 1, BLOCK = 2, VOID = 4, SKIP = 8 };
static const uint8_t does[TAGS] = {
	[TAG_A] = KNOWN, [TAG_B] = KNOWN, [TAG_EM] = KNOWN, [TAG_FONT] = KNOWN, [TAG_I] = KNOWN, [TAG_LABEL] = KNOWN,
	[TAG_OBJECT] = KNOWN, [TAG_OPTION] = KNOWN, [TAG_SPAN] = KNOWN, [TAG_STRONG] = KNOWN, [TAG_TIME] = KNOWN,
	[TAG_ADDRESS] = KNOWN | BLOCK, [TAG_ARTICLE] = KNOWN | BLOCK, [TAG_ASIDE] = KNOWN | BLOCK, [TAG_BLOCKQUOTE] = KNOWN | BLOCK,
	[TAG_BODY] = KNOWN | BLOCK, [TAG_BUTTON] = KNOWN | BLOCK, [TAG_CAPTION] = KNOWN | BLOCK, [TAG_CENTER] = KNOWN | BLOCK,
	[TAG_DD] = KNOWN | BLOCK, [TAG_DETAILS] = KNOWN | BLOCK, [TAG_DIV] = KNOWN | BLOCK, [TAG_DL] = KNOWN | BLOCK,
	[TAG_DT] = KNOWN | BLOCK, [TAG_FIELDSET] = KNOWN | BLOCK, [TAG_FIGCAPTION] = KNOWN | BLOCK, [TAG_FIGURE] = KNOWN | BLOCK,
	[TAG_FOOTER] = KNOWN | BLOCK, [TAG_FORM] = KNOWN | BLOCK, [TAG_H1] = KNOWN | BLOCK, [TAG_H2] = KNOWN | BLOCK,
	[TAG_H3] = KNOWN | BLOCK, [TAG_H4] = KNOWN | BLOCK, [TAG_H5] = KNOWN | BLOCK, [TAG_H6] = KNOWN | BLOCK,
	[TAG_HEAD] = KNOWN | BLOCK, [TAG_HEADER] = KNOWN | BLOCK, [TAG_HTML] = KNOWN | BLOCK, [TAG_LEGEND] = KNOWN | BLOCK,
	[TAG_LI] = KNOWN | BLOCK, [TAG_MAIN] = KNOWN | BLOCK, [TAG_NAV] = KNOWN | BLOCK, [TAG_NOFRAMES] = KNOWN | BLOCK,
	[TAG_OL] = KNOWN | BLOCK, [TAG_P] = KNOWN | BLOCK, [TAG_PRE] = KNOWN | BLOCK, [TAG_SECTION] = KNOWN | BLOCK,
	[TAG_SUMMARY] = KNOWN | BLOCK, [TAG_TABLE] = KNOWN | BLOCK, [TAG_TBODY] = KNOWN | BLOCK, [TAG_TD] = KNOWN | BLOCK,
	[TAG_TFOOT] = KNOWN | BLOCK, [TAG_TH] = KNOWN | BLOCK, [TAG_THEAD] = KNOWN | BLOCK, [TAG_TR] = KNOWN | BLOCK,
	[TAG_UL] = KNOWN | BLOCK,
	[TAG_AREA] = KNOWN | VOID, [TAG_BASE] = KNOWN | VOID, [TAG_BR] = KNOWN | VOID, [TAG_COL] = KNOWN | VOID,
	[TAG_EMBED] = KNOWN | VOID, [TAG_FRAME] = KNOWN | VOID, [TAG_IMG] = KNOWN | VOID, [TAG_INPUT] = KNOWN | VOID,
	[TAG_LINK] = KNOWN | VOID, [TAG_META] = KNOWN | VOID, [TAG_PARAM] = KNOWN | VOID, [TAG_SOURCE] = KNOWN | VOID,
	[TAG_TRACK] = KNOWN | VOID, [TAG_WBR] = KNOWN | VOID,
	[TAG_AUDIO] = KNOWN | SKIP, [TAG_CANVAS] = KNOWN | SKIP, [TAG_IFRAME] = KNOWN | SKIP, [TAG_MATH] = KNOWN | SKIP,
	[TAG_SCRIPT] = KNOWN | SKIP, [TAG_SELECT] = KNOWN | SKIP, [TAG_STYLE] = KNOWN | SKIP, [TAG_SVG] = KNOWN | SKIP,
	[TAG_TEMPLATE] = KNOWN | SKIP, [TAG_TEXTAREA] = KNOWN | SKIP, [TAG_TITLE] = KNOWN | SKIP, [TAG_VIDEO] = KNOWN | SKIP,
	[TAG_HR] = KNOWN | BLOCK | VOID,
	[TAG_NOSCRIPT] = KNOWN | BLOCK | SKIP,
};

/* ---- what an element's name, class and id say ---- */

static const char *const noise_words[] = {"nav", "menu", "footer", "rodape", "sidebar", "breadcrumb", "cookie", "consent", "gdpr", "banner", "advert", "publicidade", "promo", "related", "relacionad", "share", "social", "comment", "comentario", "popup", "modal", "newsletter", "subscribe", "login", "signup", "search", "pesquisa", "widget", "toolbar", "pagination", "pager", "paginacao", "tagcloud", "tag-list", "tags", "copyright", "masthead", "topbar", "hidden", "sponsor", "outbrain", "taboola", "skip", "postprofile", "signature", "assinatura", "recommend", "more-news", "trending", "most-read", "mais-lidas", "print", "byline-social", "disqus", "navbar", "dropdown", "lang-switch", "header-"};
static const char *const main_words[] = {"article", "artigo", "content", "conteudo", "entry", "post-body", "postbody", "story", "noticia", "main", "body-text", "corpo", "texto", "text", "post", "message", "page-content"};

static bool holds_word(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_find_ci(s, str_of(words[i])) < s.n)
			return true;
	return false;
}

/* ---- state ---- */

struct open {
	uint8_t tag;
	bool block;
	int8_t good, bad;
	bool link, article, noise, pre;
	uint32_t container;
};

struct reader {
	struct blocks *b;
	struct arena *a;
	struct open stack[BLOCK_DEPTH_MAX];
	unsigned depth, too_deep;
	uint32_t containers;
	struct block cur;
	uint32_t link_from; /* text length where the open link began, in words */
	bool open_block, space, in_word;
	unsigned br;
};

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

static const char *const common_words[] = {"de", "a", "e", "o", "em", "do", "da", "que", "um", "uma", "no", "na", "com", "para", "por", "os", "as", "se", "mais", "não", "como", "ao", "dos", "das", "foi", "é", "the", "of", "and", "to", "in", "is", "for", "that", "with", "on", "was", "el", "la", "los", "y", "en", "del", "le", "les", "et", "des", "der", "die", "und", "il", "che", "di"};

static bool is_common(const char *p, size_t n)
{
	if (n > 4)
		return false;
	for (size_t i = 0; i < sizeof(common_words) / sizeof(*common_words); i++)
		if (str_eq_ci((struct str){p, n}, str_of(common_words[i])))
			return true;
	return false;
}

static void measure(struct reader *r, size_t from, bool link)
{
	struct block *c = &r->cur;
	const char *p = r->b->text.p + from, *end = r->b->text.p + r->b->text.n;
	while (p < end) {
		if (!is_letter((unsigned char)*p)) {
			c->commas += *p == ',';
			c->stops += *p == '.' || *p == '!' || *p == '?';
			p++;
			continue;
		}
		const char *w = p;
		while (p < end && is_letter((unsigned char)*p))
			p++;
		c->words++;
		c->link_words += link;
		c->common += is_common(w, (size_t)(p - w));
	}
}

/* Close the block under construction. */
static void end_block(struct reader *r)
{
	struct blocks *b = r->b;
	r->br = 0;
	r->space = false;
	if (!r->open_block)
		return;
	r->open_block = false;
	while (b->text.n > r->cur.at && (b->text.p[b->text.n - 1] == ' ' || b->text.p[b->text.n - 1] == '\n'))
		b->text.n--;
	r->cur.n = (uint32_t)b->text.n - r->cur.at;
	if (!r->cur.n)
		return;
	if (b->n == BLOCK_MAX) {
		b->full = true;
		return;
	}
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 256;
		b->v = own_grow(b->v, b->cap * sizeof(*b->v));
	}
	b->v[b->n++] = r->cur;
}

static uint8_t kind_of(const struct reader *r, uint8_t *level)
{
	for (unsigned i = r->depth; i--;) {
		uint8_t t = r->stack[i].tag;
		if (t >= TAG_H1 && t <= TAG_H6) {
			*level = (uint8_t)(t - TAG_H1 + 1);
			return BLOCK_H;
		}
		if (t == TAG_P)
			return BLOCK_P;
		if (t == TAG_LI || t == TAG_DD || t == TAG_DT)
			return BLOCK_LI;
		if (t == TAG_TD || t == TAG_TH)
			return BLOCK_TD;
		if (t == TAG_PRE)
			return BLOCK_PRE;
		if (t == TAG_BLOCKQUOTE)
			return BLOCK_QUOTE;
		if (r->stack[i].block)
			return t == TAG_DIV || t == TAG_SECTION || t == TAG_ARTICLE || t == TAG_MAIN || t == TAG_BODY || t == TAG_CENTER ? BLOCK_DIV : BLOCK_OTHER;
	}
	return BLOCK_OTHER;
}

static void begin_block(struct reader *r)
{
	const struct open *top = r->depth ? &r->stack[r->depth - 1] : NULL;
	r->open_block = true;
	r->cur = (struct block){.at = (uint32_t)r->b->text.n, .depth = (uint16_t)r->depth};
	r->cur.tag = kind_of(r, &r->cur.level);
	if (top) {
		r->cur.good = top->good;
		r->cur.bad = top->bad;
		r->cur.in_article = top->article;
		r->cur.in_noise = top->noise;
		r->cur.container = top->container;
	}
}

/* Decoded text, with white space collapsed (kept in pre). */
static void add_text(struct reader *r, struct str s)
{
	bool link = r->depth && r->stack[r->depth - 1].link, pre = r->depth && r->stack[r->depth - 1].pre;
	size_t i = 0;
	if (!pre) {
		while (i < s.n && ((unsigned char)s.p[i] <= ' '))
			i++;
		if (i == s.n) {
			r->space |= i > 0;
			return;
		}
	}
	if (!r->open_block)
		begin_block(r);
	else if (r->br)
		buf_byte(&r->b->text, '\n');
	else if ((r->space || i) && r->b->text.n > r->cur.at)
		buf_byte(&r->b->text, ' ');
	r->br = 0;
	r->space = false;
	struct buf *t = &r->b->text;
	size_t from = t->n;
	entity_add(t, str_from(s, i));
	/* Collapse what references and line ends brought. */
	size_t w = from;
	for (size_t k = from; k < t->n; k++) {
		char c = t->p[k];
		if (pre && c == '\n')
			t->p[w++] = c;
		else if (c == ' ' || c == '\n' || c == '\t') {
			if (w > r->cur.at && t->p[w - 1] != ' ' && t->p[w - 1] != '\n')
				t->p[w++] = ' ';
		} else
			t->p[w++] = c;
	}
	t->n = w;
	if (t->n > from && t->p[t->n - 1] == ' ') {
		t->n--;
		r->space = true;
	}
	measure(r, from, link);
}

/* ---- elements ---- */

static void pop(struct reader *r)
{
	if (r->stack[--r->depth].block)
		end_block(r);
}

/* Close `tag` if it is open, and what is open inside it; not through `stop`. */
static void close_tag(struct reader *r, uint8_t tag, uint8_t stop, uint8_t stop2)
{
	for (unsigned i = r->depth; i--;) {
		if (r->stack[i].tag == tag) {
			while (r->depth > i)
				pop(r);
			return;
		}
		if (r->stack[i].tag == stop || r->stack[i].tag == stop2)
			return;
	}
}

static void implied_ends(struct reader *r, uint8_t tag, bool block)
{
	if (tag == TAG_LI)
		close_tag(r, TAG_LI, TAG_UL, TAG_OL);
	else if (tag == TAG_DD || tag == TAG_DT) {
		close_tag(r, TAG_DD, TAG_DL, TAG_TD);
		close_tag(r, TAG_DT, TAG_DL, TAG_TD);
	} else if (tag == TAG_TD || tag == TAG_TH) {
		close_tag(r, TAG_TD, TAG_TR, TAG_TABLE);
		close_tag(r, TAG_TH, TAG_TR, TAG_TABLE);
	} else if (tag == TAG_TR) {
		close_tag(r, TAG_TR, TAG_TABLE, TAG_TABLE);
	} else if (tag == TAG_A) {
		close_tag(r, TAG_A, TAG_TD, TAG_DIV);
	}
	if (block && tag != TAG_BUTTON && tag != TAG_CENTER)
		close_tag(r, TAG_P, TAG_TD, TAG_DIV);
}

static void open_tag(struct reader *r, const struct html_token *t)
{
	uint8_t tag = t->tag;
	bool block = does[tag] & BLOCK;
	struct str cls = html_get(t, HTML_CLASS), id = html_get(t, HTML_ID), role = html_get(t, HTML_ROLE), style = html_get(t, HTML_STYLE);
	implied_ends(r, tag, block);
	if (block)
		end_block(r);
	if (r->depth == BLOCK_DEPTH_MAX) {
		r->too_deep++;
		return;
	}
	const struct open *up = r->depth ? &r->stack[r->depth - 1] : NULL;
	struct open o = up ? *up : (struct open){0};
	o.tag = tag;
	o.block = block;
	o.link |= tag == TAG_A && html_get(t, HTML_HREF).n;
	o.pre |= tag == TAG_PRE;
	if (o.block)
		o.container = ++r->containers;
	bool top = tag == TAG_BODY || tag == TAG_HTML;
	bool noise = tag == TAG_NAV || tag == TAG_FOOTER || tag == TAG_ASIDE || tag == TAG_SELECT || (tag == TAG_HEADER && !o.article) ||
		     (!top && (holds_word(cls, noise_words, sizeof(noise_words) / sizeof(*noise_words)) || holds_word(id, noise_words, sizeof(noise_words) / sizeof(*noise_words)))) ||
		     str_eq_ci(role, STR("navigation")) || str_eq_ci(role, STR("dialog")) || str_eq_ci(role, STR("contentinfo"));
	bool good = tag == TAG_ARTICLE || tag == TAG_MAIN ||
		    (!top && (holds_word(cls, main_words, sizeof(main_words) / sizeof(*main_words)) || holds_word(id, main_words, sizeof(main_words) / sizeof(*main_words))));
	if (good && o.good < 100)
		o.good++;
	if (noise && o.bad < 100)
		o.bad++;
	o.noise |= tag == TAG_NAV || tag == TAG_FOOTER || tag == TAG_ASIDE;
	o.article |= tag == TAG_ARTICLE || tag == TAG_MAIN;
	if (str_find_ci(style, STR("display:none")) < style.n || str_find_ci(style, STR("display: none")) < style.n)
		o.bad = (int8_t)(o.bad < 99 ? o.bad + 2 : 100);
	r->cur.links += tag == TAG_A;
	r->b->forms += tag == TAG_FORM;
	r->stack[r->depth++] = o;
}

static void end_tag(struct reader *r, uint8_t tag)
{
	if (r->too_deep && does[tag] & BLOCK) {
		r->too_deep--;
		return;
	}
	if (does[tag] & BLOCK)
		end_block(r);
	bool cell = tag == TAG_TD || tag == TAG_TH || tag == TAG_TR || tag == TAG_TABLE || tag == TAG_DIV || tag == TAG_BODY || tag == TAG_HTML;
	close_tag(r, tag, cell ? TAG_NONE : TAG_TD, cell ? TAG_NONE : TAG_DIV);
}

static struct str decoded(struct reader *r, struct str s)
{
	struct buf b;
	buf_init(&b, 64 << 10);
	entity_add(&b, s);
	struct str out = arena_str(r->a, str_trim(buf_view(&b)));
	buf_free(&b);
	return out;
}

static void meta(struct reader *r, const struct html_token *t)
{
	struct str content = html_get(t, HTML_CONTENT), n = html_get(t, t->has >> HTML_PROPERTY & 1 ? HTML_PROPERTY : HTML_NAME);
	struct blocks *b = r->b;
	if (!content.n)
		return;
	if (str_eq_ci(n, STR("og:title")) && !b->title.n)
		b->title = decoded(r, content);
	else if ((str_eq_ci(n, STR("description")) || str_eq_ci(n, STR("og:description"))) && !b->description.n)
		b->description = decoded(r, content);
	else if ((str_eq_ci(n, STR("author")) || str_eq_ci(n, STR("article:author"))) && !b->author.n)
		b->author = decoded(r, content);
	else if ((str_eq_ci(n, STR("article:published_time")) || str_eq_ci(n, STR("date")) || str_eq_ci(n, STR("dc.date"))) && !b->published.n)
		b->published = decoded(r, content);
	else if (str_eq_ci(n, STR("og:site_name")))
		b->site = decoded(r, content);
}

/* ---- tokens ---- */

/* An element whose content is not text; html passes raw text as one token, the others are stepped over. */
static void skip(struct reader *r, struct html *h, const struct html_token *t)
{
	r->b->frames += t->tag == TAG_IFRAME;
	r->space = true;
	if (h->mode == HTML_DATA)
		html_skip(h, t);
}

static void start_tag(struct reader *r, struct html *h, const struct html_token *t)
{
	uint8_t tag = t->tag;
	r->b->html = true;
	if (!does[tag])
		return;
	if (does[tag] & SKIP) {
		skip(r, h, t);
	} else if (tag == TAG_BR) {
		if (++r->br >= 2)
			end_block(r);
	} else if (tag == TAG_META) {
		meta(r, t);
	} else if (tag == TAG_LINK) {
		if (str_eq_ci(html_get(t, HTML_REL), STR("canonical")) && !r->b->canonical.n)
			r->b->canonical = decoded(r, html_get(t, HTML_HREF));
	} else if (does[tag] & VOID) {
		r->b->frames += tag == TAG_FRAME;
		if (does[tag] & BLOCK)
			end_block(r);
	} else {
		if (tag == TAG_HTML && t->has >> HTML_LANG & 1)
			r->b->lang = arena_str(r->a, str_trim(t->attr[HTML_LANG]));
		open_tag(r, t);
	}
}

static void text_token(struct reader *r, const struct html_token *t)
{
	if (t->mode == HTML_DATA || t->mode == HTML_PLAINTEXT || t->tag == TAG_XMP)
		add_text(r, t->text);
	else if (t->tag == TAG_TITLE && !r->b->title.n)
		r->b->title = decoded(r, t->text);
}

void block_init(struct blocks *b, size_t text_max)
{
	*b = (struct blocks){0};
	buf_init(&b->text, text_max);
}

void block_free(struct blocks *b)
{
	buf_free(&b->text);
	free(b->v);
	*b = (struct blocks){0};
}

void block_read(struct blocks *b, struct str html, struct arena *a)
{
	struct reader *r = own_zalloc(sizeof(*r));
	struct block *v = b->v;
	uint32_t cap = b->cap;
	struct buf text = b->text;
	buf_clear(&text);
	*b = (struct blocks){.text = text, .v = v, .cap = cap};
	r->b = b;
	r->a = a;
	struct html h;
	struct html_token t;
	html_start(&h, html);
	while (html_next(&h, &t)) {
		if (t.kind == HTML_TEXT)
			text_token(r, &t);
		else if (t.kind == HTML_START)
			start_tag(r, &h, &t);
		else if (does[t.tag] && !(does[t.tag] & (SKIP | VOID)))
			end_tag(r, t.tag);
	}
	end_block(r);
	free(r);
}
