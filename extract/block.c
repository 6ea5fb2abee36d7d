#define _GNU_SOURCE
#include "extract/block.h"

#include "extract/entity.h"

enum tag {
	T_NONE, T_A, T_ADDRESS, T_ARTICLE, T_ASIDE, T_B, T_BLOCKQUOTE, T_BODY, T_BR, T_BUTTON, T_CAPTION, T_CENTER, T_DD, T_DETAILS, T_DIV, T_DL, T_DT, T_EM,
	T_FIELDSET, T_FIGCAPTION, T_FIGURE, T_FOOTER, T_FORM, T_FRAME, T_H1, T_H2, T_H3, T_H4, T_H5, T_H6, T_HEAD, T_HEADER, T_HR, T_HTML, T_I, T_IFRAME,
	T_IMG, T_INPUT, T_LABEL, T_LEGEND, T_LI, T_LINK, T_MAIN, T_META, T_NAV, T_NOFRAMES, T_NOSCRIPT, T_OBJECT, T_OL, T_OPTION, T_P, T_PRE, T_SCRIPT, T_SECTION, T_SELECT,
	T_STRONG, T_STYLE, T_SUMMARY, T_SVG, T_TABLE, T_TBODY, T_TD, T_TEMPLATE, T_TEXTAREA, T_TFOOT, T_TH, T_THEAD, T_TIME, T_TITLE, T_TR, T_UL, T_MATH, T_CANVAS, T_AUDIO, T_VIDEO, T_BASE, T_COL, T_AREA, T_EMBED, T_PARAM, T_SOURCE, T_TRACK, T_WBR, T_FONT, T_SPAN,
};

/* In order of name: looked up by binary search. */
static const struct {
	const char *name;
	uint8_t tag;
	bool block, void_, skip; /* breaks lines; has no end tag; its content is not text */
} tags[] = {
	{"a", T_A, 0, 0, 0}, {"address", T_ADDRESS, 1, 0, 0}, {"area", T_AREA, 0, 1, 0}, {"article", T_ARTICLE, 1, 0, 0}, {"aside", T_ASIDE, 1, 0, 0}, {"audio", T_AUDIO, 0, 0, 1}, {"b", T_B, 0, 0, 0},
	{"base", T_BASE, 0, 1, 0}, {"blockquote", T_BLOCKQUOTE, 1, 0, 0}, {"body", T_BODY, 1, 0, 0}, {"br", T_BR, 0, 1, 0}, {"button", T_BUTTON, 1, 0, 0}, {"canvas", T_CANVAS, 0, 0, 1}, {"caption", T_CAPTION, 1, 0, 0},
	{"center", T_CENTER, 1, 0, 0}, {"col", T_COL, 0, 1, 0}, {"dd", T_DD, 1, 0, 0}, {"details", T_DETAILS, 1, 0, 0}, {"div", T_DIV, 1, 0, 0}, {"dl", T_DL, 1, 0, 0}, {"dt", T_DT, 1, 0, 0}, {"em", T_EM, 0, 0, 0}, {"embed", T_EMBED, 0, 1, 0},
	{"fieldset", T_FIELDSET, 1, 0, 0}, {"figcaption", T_FIGCAPTION, 1, 0, 0}, {"figure", T_FIGURE, 1, 0, 0}, {"font", T_FONT, 0, 0, 0}, {"footer", T_FOOTER, 1, 0, 0}, {"form", T_FORM, 1, 0, 0}, {"frame", T_FRAME, 0, 1, 0},
	{"h1", T_H1, 1, 0, 0}, {"h2", T_H2, 1, 0, 0}, {"h3", T_H3, 1, 0, 0}, {"h4", T_H4, 1, 0, 0}, {"h5", T_H5, 1, 0, 0}, {"h6", T_H6, 1, 0, 0}, {"head", T_HEAD, 1, 0, 0}, {"header", T_HEADER, 1, 0, 0}, {"hr", T_HR, 1, 1, 0}, {"html", T_HTML, 1, 0, 0},
	{"i", T_I, 0, 0, 0}, {"iframe", T_IFRAME, 0, 0, 1}, {"img", T_IMG, 0, 1, 0}, {"input", T_INPUT, 0, 1, 0}, {"label", T_LABEL, 0, 0, 0}, {"legend", T_LEGEND, 1, 0, 0}, {"li", T_LI, 1, 0, 0}, {"link", T_LINK, 0, 1, 0}, {"main", T_MAIN, 1, 0, 0},
	{"math", T_MATH, 0, 0, 1}, {"meta", T_META, 0, 1, 0}, {"nav", T_NAV, 1, 0, 0}, {"noframes", T_NOFRAMES, 1, 0, 0}, {"noscript", T_NOSCRIPT, 1, 0, 1}, {"object", T_OBJECT, 0, 0, 0}, {"ol", T_OL, 1, 0, 0}, {"option", T_OPTION, 0, 0, 0}, {"p", T_P, 1, 0, 0}, {"param", T_PARAM, 0, 1, 0},
	{"pre", T_PRE, 1, 0, 0}, {"script", T_SCRIPT, 0, 0, 1}, {"section", T_SECTION, 1, 0, 0}, {"select", T_SELECT, 0, 0, 1}, {"source", T_SOURCE, 0, 1, 0}, {"span", T_SPAN, 0, 0, 0}, {"strong", T_STRONG, 0, 0, 0}, {"style", T_STYLE, 0, 0, 1}, {"summary", T_SUMMARY, 1, 0, 0},
	{"svg", T_SVG, 0, 0, 1}, {"table", T_TABLE, 1, 0, 0}, {"tbody", T_TBODY, 1, 0, 0}, {"td", T_TD, 1, 0, 0}, {"template", T_TEMPLATE, 0, 0, 1}, {"textarea", T_TEXTAREA, 0, 0, 1}, {"tfoot", T_TFOOT, 1, 0, 0}, {"th", T_TH, 1, 0, 0}, {"thead", T_THEAD, 1, 0, 0},
	{"time", T_TIME, 0, 0, 0}, {"title", T_TITLE, 0, 0, 1}, {"tr", T_TR, 1, 0, 0}, {"track", T_TRACK, 0, 1, 0}, {"ul", T_UL, 1, 0, 0}, {"video", T_VIDEO, 0, 0, 1}, {"wbr", T_WBR, 0, 1, 0},
};
enum { TAGS = sizeof(tags) / sizeof(*tags) };

static int find_tag(struct str name)
{
	int lo = 0, hi = TAGS;
	while (lo < hi) {
		int mid = (lo + hi) / 2, c = 0;
		size_t i = 0;
		for (; i < name.n && tags[mid].name[i] && !c; i++)
			c = str_lower1((unsigned char)name.p[i]) - tags[mid].name[i];
		if (!c)
			c = i < name.n ? 1 : tags[mid].name[i] ? -1 : 0;
		if (c == 0)
			return mid;
		if (c > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

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
		if (t >= T_H1 && t <= T_H6) {
			*level = (uint8_t)(t - T_H1 + 1);
			return BLOCK_H;
		}
		if (t == T_P)
			return BLOCK_P;
		if (t == T_LI || t == T_DD || t == T_DT)
			return BLOCK_LI;
		if (t == T_TD || t == T_TH)
			return BLOCK_TD;
		if (t == T_PRE)
			return BLOCK_PRE;
		if (t == T_BLOCKQUOTE)
			return BLOCK_QUOTE;
		if (r->stack[i].block)
			return t == T_DIV || t == T_SECTION || t == T_ARTICLE || t == T_MAIN || t == T_BODY || t == T_CENTER ? BLOCK_DIV : BLOCK_OTHER;
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

struct attrs {
	struct str cls, id, role, name, property, content, href, rel, lang, style;
};

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
	if (tag == T_LI)
		close_tag(r, T_LI, T_UL, T_OL);
	else if (tag == T_DD || tag == T_DT) {
		close_tag(r, T_DD, T_DL, T_TD);
		close_tag(r, T_DT, T_DL, T_TD);
	} else if (tag == T_TD || tag == T_TH) {
		close_tag(r, T_TD, T_TR, T_TABLE);
		close_tag(r, T_TH, T_TR, T_TABLE);
	} else if (tag == T_TR) {
		close_tag(r, T_TR, T_TABLE, T_TABLE);
	} else if (tag == T_A) {
		close_tag(r, T_A, T_TD, T_DIV);
	}
	if (block && tag != T_BUTTON && tag != T_CENTER)
		close_tag(r, T_P, T_TD, T_DIV);
}

static void open_tag(struct reader *r, int t, const struct attrs *at)
{
	uint8_t tag = tags[t].tag;
	implied_ends(r, tag, tags[t].block);
	if (tags[t].block)
		end_block(r);
	if (r->depth == BLOCK_DEPTH_MAX) {
		r->too_deep++;
		return;
	}
	const struct open *up = r->depth ? &r->stack[r->depth - 1] : NULL;
	struct open o = up ? *up : (struct open){0};
	o.tag = tag;
	o.block = tags[t].block;
	o.link |= tag == T_A && at->href.n;
	o.pre |= tag == T_PRE;
	if (o.block)
		o.container = ++r->containers;
	bool top = tag == T_BODY || tag == T_HTML;
	bool noise = tag == T_NAV || tag == T_FOOTER || tag == T_ASIDE || tag == T_SELECT || (tag == T_HEADER && !o.article) ||
		     (!top && (holds_word(at->cls, noise_words, sizeof(noise_words) / sizeof(*noise_words)) || holds_word(at->id, noise_words, sizeof(noise_words) / sizeof(*noise_words)))) ||
		     str_eq_ci(at->role, STR("navigation")) || str_eq_ci(at->role, STR("dialog")) || str_eq_ci(at->role, STR("contentinfo"));
	bool good = tag == T_ARTICLE || tag == T_MAIN ||
		    (!top && (holds_word(at->cls, main_words, sizeof(main_words) / sizeof(*main_words)) || holds_word(at->id, main_words, sizeof(main_words) / sizeof(*main_words))));
	if (good && o.good < 100)
		o.good++;
	if (noise && o.bad < 100)
		o.bad++;
	o.noise |= tag == T_NAV || tag == T_FOOTER || tag == T_ASIDE;
	o.article |= tag == T_ARTICLE || tag == T_MAIN;
	if (str_find_ci(at->style, STR("display:none")) < at->style.n || str_find_ci(at->style, STR("display: none")) < at->style.n)
		o.bad = (int8_t)(o.bad < 99 ? o.bad + 2 : 100);
	r->cur.links += tag == T_A;
	r->b->forms += tag == T_FORM;
	r->stack[r->depth++] = o;
}

static void end_tag(struct reader *r, int t)
{
	uint8_t tag = tags[t].tag;
	if (r->too_deep && tags[t].block) {
		r->too_deep--;
		return;
	}
	if (tags[t].block)
		end_block(r);
	bool cell = tag == T_TD || tag == T_TH || tag == T_TR || tag == T_TABLE || tag == T_DIV || tag == T_BODY || tag == T_HTML;
	close_tag(r, tag, cell ? T_NONE : T_TD, cell ? T_NONE : T_DIV);
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

static void meta(struct reader *r, const struct attrs *at)
{
	struct str n = at->property.n ? at->property : at->name;
	struct blocks *b = r->b;
	if (!at->content.n)
		return;
	if (str_eq_ci(n, STR("og:title")) && !b->title.n)
		b->title = decoded(r, at->content);
	else if ((str_eq_ci(n, STR("description")) || str_eq_ci(n, STR("og:description"))) && !b->description.n)
		b->description = decoded(r, at->content);
	else if ((str_eq_ci(n, STR("author")) || str_eq_ci(n, STR("article:author"))) && !b->author.n)
		b->author = decoded(r, at->content);
	else if ((str_eq_ci(n, STR("article:published_time")) || str_eq_ci(n, STR("date")) || str_eq_ci(n, STR("dc.date"))) && !b->published.n)
		b->published = decoded(r, at->content);
	else if (str_eq_ci(n, STR("og:site_name")))
		b->site = decoded(r, at->content);
}

/* ---- the tokenizer ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* One attribute at p; returns where the next begins. */
static const char *attribute(const char *p, const char *end, struct str *name, struct str *value)
{
	const char *from = p;
	while (p < end && !is_blank(*p) && *p != '>' && *p != '/' && (*p != '=' || p == from))
		p++;
	*name = str_range(from, p);
	*value = (struct str){0};
	const char *q = p;
	while (q < end && is_blank(*q))
		q++;
	if (q == end || *q != '=')
		return p;
	q++;
	while (q < end && is_blank(*q))
		q++;
	if (q < end && (*q == '"' || *q == '\'')) {
		const char *close = memchr(q + 1, *q, (size_t)(end - q - 1));
		*value = str_range(q + 1, close ? close : end);
		return close ? close + 1 : end;
	}
	from = q;
	while (q < end && !is_blank(*q) && *q != '>')
		q++;
	*value = str_range(from, q);
	return q;
}

static const char *attributes(const char *p, const char *end, struct attrs *at)
{
	while (p < end && *p != '>') {
		struct str name, value;
		if (is_blank(*p) || *p == '/') {
			p++;
			continue;
		}
		p = attribute(p, end, &name, &value);
		if (str_eq_ci(name, STR("class")))
			at->cls = value;
		else if (str_eq_ci(name, STR("id")))
			at->id = value;
		else if (str_eq_ci(name, STR("href")))
			at->href = value;
		else if (str_eq_ci(name, STR("content")))
			at->content = value;
		else if (str_eq_ci(name, STR("name")))
			at->name = value;
		else if (str_eq_ci(name, STR("property")))
			at->property = value;
		else if (str_eq_ci(name, STR("role")))
			at->role = value;
		else if (str_eq_ci(name, STR("rel")))
			at->rel = value;
		else if (str_eq_ci(name, STR("lang")))
			at->lang = value;
		else if (str_eq_ci(name, STR("style")))
			at->style = value;
	}
	return p < end ? p + 1 : end;
}

/* Over raw text to behind "</name>"; *inside is what was passed. Nested svg and the like end at their first end tag. */
static const char *raw_text(const char *p, const char *end, const char *name, struct str *inside)
{
	size_t n = strlen(name);
	const char *from = p;
	for (; (p = memchr(p, '<', (size_t)(end - p))); p++)
		if (end - p > (ptrdiff_t)n + 1 && p[1] == '/' && str_starts_ci(str_range(p + 2, end), str_of(name)) && (is_blank(p[2 + n]) || p[2 + n] == '>' || p[2 + n] == '/'))
			break;
	*inside = str_range(from, p ? p : end);
	if (!p)
		return end;
	const char *close = memchr(p, '>', (size_t)(end - p));
	return close ? close + 1 : end;
}

static const char *markup(const char *p, const char *end)
{
	if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
		/* "<!-->" and "<!--->" are empty comments. */
		if (end - p >= 5 && p[4] == '>')
			return p + 5;
		const char *close = memmem(p + 4, (size_t)(end - p - 4), "-->", 3);
		return close ? close + 3 : end;
	}
	if (end - p >= 9 && memcmp(p, "<![CDATA[", 9) == 0) {
		const char *close = memmem(p, (size_t)(end - p), "]]>", 3);
		return close ? close + 3 : end;
	}
	const char *close = memchr(p, '>', (size_t)(end - p));
	return close ? close + 1 : end;
}

static const char *start_tag(struct reader *r, const char *p, const char *end)
{
	const char *from = p;
	struct attrs at = {0};
	while (p < end && !is_blank(*p) && *p != '>' && *p != '/')
		p++;
	int t = find_tag(str_range(from, p));
	p = attributes(p, end, &at);
	r->b->html = true;
	if (t < 0)
		return p;
	uint8_t tag = tags[t].tag;
	if (tags[t].skip) {
		struct str inside;
		p = raw_text(p, end, tags[t].name, &inside);
		if (tag == T_TITLE && !r->b->title.n)
			r->b->title = decoded(r, inside);
		r->b->frames += tag == T_IFRAME;
		r->space = true;
	} else if (tag == T_BR) {
		if (++r->br >= 2)
			end_block(r);
	} else if (tag == T_META) {
		meta(r, &at);
	} else if (tag == T_LINK) {
		if (str_eq_ci(at.rel, STR("canonical")) && !r->b->canonical.n)
			r->b->canonical = decoded(r, at.href);
	} else if (tags[t].void_) {
		r->b->frames += tag == T_FRAME;
		if (tags[t].block)
			end_block(r);
	} else {
		if (tag == T_HTML && at.lang.n)
			r->b->lang = arena_str(r->a, str_trim(at.lang));
		open_tag(r, t, &at);
	}
	return p;
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
	const char *p = html.p, *end = html.p + html.n;
	while (p < end) {
		const char *lt = memchr(p, '<', (size_t)(end - p));
		/* "<" before anything but a letter, "/", "!" or "?" is text (13.2.5.6). */
		while (lt && lt + 1 < end && !(str_lower1((unsigned char)lt[1]) >= 'a' && str_lower1((unsigned char)lt[1]) <= 'z') && lt[1] != '/' && lt[1] != '!' && lt[1] != '?')
			lt = memchr(lt + 1, '<', (size_t)(end - lt - 1));
		if (!lt)
			lt = end;
		if (lt > p)
			add_text(r, str_range(p, lt));
		if (lt == end)
			break;
		if (lt[1 < end - lt] == '!' || lt[1 < end - lt] == '?') {
			p = markup(lt, end);
		} else if (lt + 1 < end && lt[1] == '/') {
			const char *n = lt + 2;
			while (n < end && !is_blank(*n) && *n != '>' && *n != '/')
				n++;
			int t = find_tag(str_range(lt + 2, n));
			if (t >= 0 && tags[t].tag != T_BR)
				end_tag(r, t);
			const char *close = memchr(n, '>', (size_t)(end - n));
			p = close ? close + 1 : end;
		} else {
			p = lt + 1 < end ? start_tag(r, lt + 1, end) : end;
		}
	}
	end_block(r);
	free(r);
}
