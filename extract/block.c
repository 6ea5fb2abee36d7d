#include "extract/block.h"

#include "extract/entity.h"
#include "extract/html.h"
#include "extract/measure.h"

enum { BREAKS = 1, SKIP = 2, VOID = 4 };

/* What an element does: ends the line; has content that is no text of the page; has no content. */
static const uint8_t does[TAGS] = {
	[TAG_ADDRESS] = BREAKS, [TAG_ARTICLE] = BREAKS, [TAG_ASIDE] = BREAKS, [TAG_BLOCKQUOTE] = BREAKS, [TAG_BODY] = BREAKS, [TAG_BUTTON] = BREAKS, [TAG_CAPTION] = BREAKS,
	[TAG_CENTER] = BREAKS, [TAG_DD] = BREAKS, [TAG_DETAILS] = BREAKS, [TAG_DIALOG] = BREAKS, [TAG_DIR] = BREAKS, [TAG_DIV] = BREAKS, [TAG_DL] = BREAKS, [TAG_DT] = BREAKS,
	[TAG_FIELDSET] = BREAKS, [TAG_FIGCAPTION] = BREAKS, [TAG_FIGURE] = BREAKS, [TAG_FOOTER] = BREAKS, [TAG_FORM] = BREAKS, [TAG_H1] = BREAKS, [TAG_H2] = BREAKS,
	[TAG_H3] = BREAKS, [TAG_H4] = BREAKS, [TAG_H5] = BREAKS, [TAG_H6] = BREAKS, [TAG_HEADER] = BREAKS, [TAG_HGROUP] = BREAKS, [TAG_HR] = BREAKS | VOID, [TAG_LEGEND] = BREAKS,
	[TAG_LI] = BREAKS, [TAG_LISTING] = BREAKS, [TAG_MAIN] = BREAKS, [TAG_MENU] = BREAKS, [TAG_NAV] = BREAKS, [TAG_NOFRAMES] = BREAKS, [TAG_OL] = BREAKS, [TAG_P] = BREAKS,
	[TAG_PLAINTEXT] = BREAKS, [TAG_PRE] = BREAKS, [TAG_SEARCH] = BREAKS, [TAG_SECTION] = BREAKS, [TAG_SUMMARY] = BREAKS, [TAG_TABLE] = BREAKS, [TAG_TBODY] = BREAKS,
	[TAG_TD] = BREAKS, [TAG_TFOOT] = BREAKS, [TAG_TH] = BREAKS, [TAG_THEAD] = BREAKS, [TAG_TR] = BREAKS, [TAG_UL] = BREAKS, [TAG_XMP] = BREAKS,
	[TAG_AUDIO] = SKIP, [TAG_CANVAS] = SKIP, [TAG_DATALIST] = SKIP, [TAG_MATH] = SKIP, [TAG_SELECT] = SKIP, [TAG_SVG] = SKIP, [TAG_TEMPLATE] = SKIP, [TAG_VIDEO] = SKIP,
	[TAG_AREA] = VOID, [TAG_BASE] = VOID, [TAG_BASEFONT] = VOID, [TAG_BGSOUND] = VOID, [TAG_BR] = VOID, [TAG_COL] = VOID, [TAG_EMBED] = VOID, [TAG_FRAME] = VOID,
	[TAG_IMAGE] = VOID, [TAG_IMG] = VOID, [TAG_INPUT] = VOID, [TAG_ISINDEX] = VOID, [TAG_KEYGEN] = VOID, [TAG_LINK] = VOID, [TAG_META] = VOID, [TAG_PARAM] = VOID,
	[TAG_SOURCE] = VOID, [TAG_SPACER] = VOID, [TAG_TRACK] = VOID, [TAG_WBR] = VOID,
};

/* 1 + enum block_in of the elements whose distance matters. */
static const uint8_t in_of[TAGS] = {
	[TAG_ARTICLE] = 1 + IN_ARTICLE, [TAG_MAIN] = 1 + IN_MAIN, [TAG_ASIDE] = 1 + IN_ASIDE, [TAG_NAV] = 1 + IN_NAV, [TAG_MENU] = 1 + IN_NAV, [TAG_HEADER] = 1 + IN_HEADER,
	[TAG_FOOTER] = 1 + IN_FOOTER, [TAG_FORM] = 1 + IN_FORM, [TAG_TABLE] = 1 + IN_TABLE, [TAG_TD] = 1 + IN_CELL, [TAG_TH] = 1 + IN_CELL, [TAG_UL] = 1 + IN_LIST,
	[TAG_OL] = 1 + IN_LIST, [TAG_DIR] = 1 + IN_LIST, [TAG_LI] = 1 + IN_ITEM, [TAG_DD] = 1 + IN_ITEM, [TAG_DT] = 1 + IN_TERM, [TAG_DL] = 1 + IN_DL, [TAG_BLOCKQUOTE] = 1 + IN_QUOTE,
	[TAG_FIGURE] = 1 + IN_FIGURE, [TAG_FIGCAPTION] = 1 + IN_FIGURE, [TAG_CAPTION] = 1 + IN_FIGURE, [TAG_SECTION] = 1 + IN_SECTION, [TAG_H1] = 1 + IN_HEADING,
	[TAG_H2] = 1 + IN_HEADING, [TAG_H3] = 1 + IN_HEADING, [TAG_H4] = 1 + IN_HEADING, [TAG_H5] = 1 + IN_HEADING, [TAG_H6] = 1 + IN_HEADING, [TAG_BUTTON] = 1 + IN_CONTROL,
	[TAG_LABEL] = 1 + IN_CONTROL, [TAG_SUMMARY] = 1 + IN_CONTROL, [TAG_DETAILS] = 1 + IN_CONTROL, [TAG_LEGEND] = 1 + IN_CONTROL, [TAG_DIALOG] = 1 + IN_CONTROL,
	[TAG_A] = 1 + IN_LINK, [TAG_P] = 1 + IN_P, [TAG_PRE] = 1 + IN_PRE, [TAG_XMP] = 1 + IN_PRE, [TAG_CODE] = 1 + IN_PRE, [TAG_CENTER] = 1 + IN_CENTER,
	[TAG_FONT] = 1 + IN_FONT, [TAG_B] = 1 + IN_STRONG, [TAG_STRONG] = 1 + IN_STRONG, [TAG_EM] = 1 + IN_STRONG, [TAG_I] = 1 + IN_STRONG, [TAG_SPAN] = 1 + IN_SPAN,
};

enum { LINK = 1, STRONG = 2, PRE = 4 };

struct open {
	uint8_t tag, own, flags; /* own: what the element itself gives; flags: with what it inherits */
	uint8_t lists;           /* how many lists deep */
	uint32_t node;
	uint8_t in[INS], look[LOOKS];
};

struct reader {
	struct blocks *b;
	struct html html;
	unsigned depth, too_deep, links, images, inputs;
	struct block cur;
	bool open_block, space, measured_head;
	unsigned br;
	uint16_t opened[TAGS]; /* how many are open: most end tags need no search */
	struct measure_words title, description;
	struct cue_memory looks;
	struct open stack[BLOCK_DEPTH_MAX]; /* the last member, and the only one that need not be zero to begin with */
};

/* ---- blocks ---- */

static void count_text(struct reader *r, struct block *k)
{
	struct blocks *b = r->b;
	if (!r->measured_head) {
		measure_words(&r->title, b->facts.first_title);
		measure_words(&r->description, b->facts.first_description);
		r->measured_head = true;
	}
	measure_block(k, (struct str){b->text.p + k->at, k->n}, &r->title, &r->description);
	if (k->link_chars > k->chars)
		k->link_chars = k->chars;
	if (k->strong_chars > k->chars)
		k->strong_chars = k->chars;
	b->headings += k->kind == BLOCK_H;
}

/* Text that a reader takes for prose: the more of it inside an element, the likelier is the element the page's body. */
static bool is_long(const struct block *k)
{
	return (k->chars - k->link_chars > 80 || (k->commas && k->words > 10 && 10 * k->link_chars < 3 * k->chars)) && 2 * k->link_chars < k->chars;
}

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
	struct block *k = &b->v[b->n++];
	*k = r->cur;
	count_text(r, k);
	struct block_node *node = &b->nodes[k->node];
	node->chars += k->chars;
	node->link_chars += k->link_chars;
	node->long_chars += is_long(k) ? k->chars : 0;
	node->p_chars += k->kind == BLOCK_P ? k->chars : 0;
	node->blocks++;
}

/* The nearest element that says what kind of line it is. */
static uint8_t kind_of(const struct reader *r, uint8_t *level)
{
	static const struct {
		uint8_t in, kind;
	} kinds[] = {{IN_ITEM, BLOCK_LI}, {IN_P, BLOCK_P}, {IN_CELL, BLOCK_TD}, {IN_PRE, BLOCK_PRE}, {IN_QUOTE, BLOCK_QUOTE}, {IN_FIGURE, BLOCK_CAPTION}, {IN_CONTROL, BLOCK_CONTROL}, {IN_TERM, BLOCK_DT}};
	const struct open *top = &r->stack[r->depth - 1];
	uint8_t nearest = 0, kind = BLOCK_OTHER;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (top->in[kinds[i].in] > nearest) {
			nearest = top->in[kinds[i].in];
			kind = kinds[i].kind;
		}
	*level = top->lists;
	uint8_t h = top->in[IN_HEADING], t = r->stack[h].tag;
	if (h && h >= top->in[IN_CELL] && h >= top->in[IN_ITEM] && t >= TAG_H1 && t <= TAG_H6) {
		*level = (uint8_t)(t - TAG_H1 + 1);
		return BLOCK_H;
	}
	if (kind == BLOCK_OTHER && (t = r->b->nodes[top->node].tag, t == TAG_DIV || t == TAG_SECTION || t == TAG_ARTICLE || t == TAG_MAIN || t == TAG_BODY || t == TAG_CENTER))
		kind = BLOCK_DIV;
	return kind;
}

static uint16_t small(unsigned n)
{
	return (uint16_t)(n < 60000 ? n : 60000);
}

static void begin_block(struct reader *r)
{
	const struct open *top = &r->stack[r->depth - 1];
	r->open_block = true;
	r->cur = (struct block){.at = (uint32_t)r->b->text.n, .node = top->node, .depth = (uint8_t)(r->depth < 255 ? r->depth : 255)};
	r->cur.kind = kind_of(r, &r->cur.level);
	r->cur.images = small(r->images);
	r->cur.inputs = small(r->inputs);
	r->cur.links = small(r->links);
	r->links = r->images = r->inputs = 0;
	memcpy(r->cur.in, top->in, sizeof(top->in));
	memcpy(r->cur.look, top->look, sizeof(top->look));
}

static uint32_t count_chars(struct str s)
{
	uint32_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i] > ' ' && ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

static void add_text(struct reader *r, struct str s, uint8_t flags)
{
	struct buf *t = &r->b->text;
	size_t i = 0;
	while (i < s.n && (unsigned char)s.p[i] <= ' ')
		i++;
	if (i == s.n) {
		r->space |= i > 0;
		return;
	}
	if (!r->open_block)
		begin_block(r);
	else if (r->br)
		buf_byte(t, '\n');
	else if ((r->space || i) && t->n > r->cur.at)
		buf_byte(t, ' ');
	r->br = 0;
	r->space = false;
	size_t from = t->n;
	entity_line(t, r->cur.at, str_from(s, i));
	if (t->n > from && t->p[t->n - 1] == ' ') {
		t->n--;
		r->space = true;
	}
	if (flags & (LINK | STRONG)) {
		uint32_t n = count_chars((struct str){t->p + from, t->n - from});
		r->cur.link_chars += flags & LINK ? n : 0;
		r->cur.strong_chars += flags & STRONG ? n : 0;
	}
}

/* Lines stay lines, and their indentation stays. */
static void add_pre(struct reader *r, struct str s)
{
	struct buf *t = &r->b->text;
	while (s.p) {
		struct str line = str_cut(s, '\n', &s);
		size_t blanks = 0;
		while (blanks < line.n && (line.p[blanks] == ' ' || line.p[blanks] == '\t'))
			blanks++;
		if (str_trim(line).n) {
			if (!r->open_block)
				begin_block(r);
			for (size_t i = 0; i < blanks; i++)
				if (t->n > r->cur.at)
					buf_byte(t, ' ');
			entity_add(t, str_from(line, blanks));
			while (t->n > r->cur.at && t->p[t->n - 1] == ' ' && s.p)
				t->n--;
		}
		if (s.p && r->open_block)
			buf_byte(t, '\n');
	}
}

/* ---- the stack ---- */

static void pop(struct reader *r)
{
	const struct open *o = &r->stack[--r->depth];
	r->opened[o->tag]--;
	if (does[o->tag] & BREAKS)
		end_block(r);
}

/* Close `tag` if it is open, and what is open inside it; not through an element of `stops`. */
static void close_tag(struct reader *r, uint8_t tag, const uint8_t *stops, size_t n)
{
	if (!r->opened[tag])
		return;
	for (unsigned i = r->depth; i-- > 1;) {
		if (r->stack[i].tag == tag) {
			while (r->depth > i)
				pop(r);
			return;
		}
		for (size_t k = 0; k < n; k++)
			if (r->stack[i].tag == stops[k])
				return;
	}
}
#define CLOSE(r, tag, ...) close_tag(r, tag, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void implied_ends(struct reader *r, uint8_t tag)
{
	switch (tag) {
	case TAG_LI:
		CLOSE(r, TAG_LI, TAG_UL, TAG_OL, TAG_MENU, TAG_DIR, TAG_TD, TAG_TABLE);
		break;
	case TAG_DD: case TAG_DT:
		CLOSE(r, TAG_DD, TAG_DL, TAG_TD, TAG_TABLE);
		CLOSE(r, TAG_DT, TAG_DL, TAG_TD, TAG_TABLE);
		break;
	case TAG_TD: case TAG_TH:
		CLOSE(r, TAG_TD, TAG_TR, TAG_TABLE);
		CLOSE(r, TAG_TH, TAG_TR, TAG_TABLE);
		break;
	case TAG_TR:
		CLOSE(r, TAG_TR, TAG_TABLE);
		break;
	case TAG_TBODY: case TAG_THEAD: case TAG_TFOOT:
		CLOSE(r, TAG_TBODY, TAG_TABLE);
		CLOSE(r, TAG_THEAD, TAG_TABLE);
		break;
	case TAG_A:
		CLOSE(r, TAG_A, TAG_TD, TAG_TH, TAG_TABLE);
		break;
	default:
		break;
	}
	if ((does[tag] & BREAKS) && tag != TAG_BUTTON && tag != TAG_CENTER)
		CLOSE(r, TAG_P, TAG_TD, TAG_TH, TAG_TABLE, TAG_BUTTON, TAG_OBJECT);
}

/* What elements of the same make have alike: the tag, and the first 40 bytes of the class. */
static uint32_t name_of(uint8_t tag, struct str class)
{
	uint64_t h = tag;
	for (size_t i = 0, n = class.n < 40 ? class.n : 40; i < n; i += 8) {
		uint64_t w = 0;
		memcpy(&w, class.p + i, n - i < 8 ? n - i : 8);
		h = (h ^ w) * UINT64_C(0x9E3779B97F4A7C15);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

/* A node for an element that breaks lines; past the ceiling its text counts for the parent. */
static uint32_t add_node(struct reader *r, uint32_t parent, uint8_t tag, struct str class)
{
	struct blocks *b = r->b;
	if (b->n_nodes == BLOCK_NODE_MAX)
		return parent;
	if (b->n_nodes == b->cap_nodes) {
		b->cap_nodes = b->cap_nodes ? 2 * b->cap_nodes : 256;
		b->nodes = own_grow(b->nodes, b->cap_nodes * sizeof(*b->nodes));
	}
	unsigned depth = b->n_nodes ? b->nodes[parent].depth + 1u : 0;
	b->nodes[b->n_nodes] = (struct block_node){.parent = parent, .name = name_of(tag, class), .tag = tag, .depth = (uint16_t)depth, .first = b->n};
	return b->n_nodes++;
}

/* "display: none" among the declarations of a style. */
static bool hides(struct str style)
{
	const char *p = style.p, *end = style.p + style.n;
	for (; p < end && (p = memchr(p, ':', (size_t)(end - p))); p++) {
		struct str value = str_trim(str_range(p + 1, end));
		if (str_starts_ci(value, STR("none")) && str_ends(str_trim(str_range(style.p, p)), STR("display")))
			return true;
	}
	return false;
}

static uint64_t looks_of(struct cue_memory *m, const struct html_token *t)
{
	uint64_t looks = 0;
	static const uint8_t from[] = {HTML_CLASS, HTML_ID, HTML_ROLE, HTML_ITEMPROP};
	if (!t->has)
		return 0;
	for (size_t i = 0; i < sizeof(from); i++)
		if (t->has >> from[i] & 1)
			looks |= cue_look_again(m, t->attr[from[i]]);
	if ((t->has >> HTML_HIDDEN & 1) || str_eq_ci(html_get(t, HTML_ARIA_HIDDEN), STR("true")) || (t->has >> HTML_STYLE & 1 && hides(t->attr[HTML_STYLE])))
		looks |= 1ull << LOOK_HIDDEN;
	return looks;
}

static void open_tag(struct reader *r, const struct html_token *t)
{
	uint8_t tag = t->tag;
	bool breaks = does[tag] & BREAKS;
	implied_ends(r, tag);
	if (breaks)
		end_block(r);
	if (r->depth == BLOCK_DEPTH_MAX) {
		r->too_deep += breaks;
		return;
	}
	struct open *o = &r->stack[r->depth];
	*o = r->stack[r->depth - 1];
	uint8_t depth = (uint8_t)(r->depth < 255 ? r->depth : 255);
	o->tag = tag;
	o->own = (uint8_t)((tag == TAG_A && (t->has >> HTML_HREF & 1) ? LINK : 0) | (tag == TAG_B || tag == TAG_STRONG ? STRONG : 0) |
			   (tag == TAG_PRE || tag == TAG_LISTING || tag == TAG_XMP || tag == TAG_PLAINTEXT ? PRE : 0));
	o->flags |= o->own;
	o->lists = (uint8_t)(o->lists + ((tag == TAG_UL || tag == TAG_OL) && o->lists < 255));
	if (in_of[tag])
		o->in[in_of[tag] - 1] = depth;
	/* What is said of the whole page says nothing of its parts. */
	uint64_t looks = tag == TAG_BODY ? 0 : looks_of(&r->looks, t);
	for (uint64_t k = looks; k; k &= k - 1)
		o->look[__builtin_ctzll(k)] = depth;
	if (breaks) {
		o->node = add_node(r, o->node, tag, html_get(t, HTML_CLASS));
		r->b->nodes[o->node].has_look = looks != 0;
	}
	if (tag == TAG_A && r->open_block)
		r->cur.links = small(r->cur.links + 1u);
	else if (tag == TAG_A)
		r->links++;
	r->b->forms += tag == TAG_FORM;
	r->b->fonts += tag == TAG_FONT;
	r->opened[tag]++;
	r->depth++;
}

/* The end of an element that breaks no lines, around ones that do: it is taken out from under them. */
static void close_around(struct reader *r, unsigned at)
{
	r->opened[r->stack[at].tag]--;
	r->opened[TAG_NONE]++;
	r->stack[at].tag = TAG_NONE;
	r->stack[at].own = 0;
	for (unsigned i = at; i < r->depth; i++)
		r->stack[i].flags = r->stack[i].own | r->stack[i - 1].flags;
}

static bool is_cell(uint8_t tag)
{
	return tag == TAG_TD || tag == TAG_TH || tag == TAG_CAPTION;
}

static bool is_tabular(uint8_t tag)
{
	return is_cell(tag) || tag == TAG_TR || tag == TAG_TABLE || tag == TAG_TBODY || tag == TAG_THEAD || tag == TAG_TFOOT;
}

static void end_tag(struct reader *r, uint8_t tag)
{
	bool breaks = does[tag] & BREAKS;
	if (breaks && r->too_deep) {
		r->too_deep--;
		return;
	}
	if (breaks)
		end_block(r);
	if (!r->opened[tag] || tag == TAG_BODY || tag == TAG_HTML)
		return;
	bool around = false;
	for (unsigned i = r->depth; i-- > 1;) {
		uint8_t t = r->stack[i].tag;
		if (t == tag) {
			if (!breaks && around)
				close_around(r, i);
			else
				while (r->depth > i)
					pop(r);
			return;
		}
		if (t == TAG_TABLE || (is_cell(t) && !is_tabular(tag)))
			return;
		around |= does[t] & BREAKS;
	}
}

/* ---- the page ---- */

static void start_tag(struct reader *r, const struct html_token *t)
{
	r->b->html = true;
	facts_tag(&r->b->facts, t);
	r->b->nodes[r->stack[r->depth - 1].node].tags++;
	if (does[t->tag] & SKIP) {
		r->inputs += t->tag == TAG_SELECT;
		r->images += t->tag == TAG_VIDEO || t->tag == TAG_AUDIO;
		r->space = true;
		html_skip(&r->html, t);
		return;
	}
	switch (t->tag) {
	case TAG_BR:
		if (++r->br >= 2)
			end_block(r);
		return;
	case TAG_NONE: case TAG_HTML: case TAG_META: case TAG_LINK: case TAG_IFRAME: case TAG_FRAME: case TAG_HEAD: case TAG_SCRIPT: case TAG_STYLE: case TAG_NOSCRIPT: case TAG_TITLE: case TAG_TEXTAREA: case TAG_NOEMBED:
		r->inputs += t->tag == TAG_TEXTAREA;
		return;
	default:
		break;
	}
	if (does[t->tag] & VOID) {
		r->images += t->tag == TAG_IMG || t->tag == TAG_IMAGE || t->tag == TAG_EMBED;
		r->inputs += t->tag == TAG_INPUT;
		if (does[t->tag] & BREAKS)
			end_block(r);
		return;
	}
	open_tag(r, t);
}

static void text(struct reader *r, const struct html_token *t)
{
	uint8_t flags = r->stack[r->depth - 1].flags;
	if (t->mode != HTML_DATA)
		facts_text(&r->b->facts, t);
	if (t->mode == HTML_PLAINTEXT || (t->mode == HTML_RAWTEXT && t->tag == TAG_XMP) || (t->mode == HTML_DATA && (flags & PRE)))
		add_pre(r, t->text);
	else if (t->mode == HTML_DATA)
		add_text(r, t->text, flags);
}

/* Totals of the nodes: children come after their parents. */
static void total(struct blocks *b)
{
	for (uint32_t i = b->n_nodes; i-- > 1;) {
		const struct block_node *k = &b->nodes[i];
		struct block_node *up = &b->nodes[k->parent];
		up->chars += k->chars;
		up->link_chars += k->link_chars;
		up->long_chars += k->long_chars;
		up->p_chars += k->p_chars;
		up->blocks += k->blocks;
		up->tags += k->tags;
	}
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
	free(b->nodes);
	*b = (struct blocks){0};
}

void block_read(struct blocks *b, struct str page, struct arena *a)
{
	struct reader *r = own_alloc(sizeof(*r));
	struct html_token t;
	memset(r, 0, offsetof(struct reader, stack) + sizeof(struct open));
	buf_clear(&b->text);
	*b = (struct blocks){.text = b->text, .v = b->v, .cap = b->cap, .nodes = b->nodes, .cap_nodes = b->cap_nodes};
	r->b = b;
	facts_start(&b->facts, a);
	add_node(r, 0, TAG_BODY, (struct str){0});
	r->depth = 1;
	for (html_start(&r->html, page); html_next(&r->html, &t);) {
		if (t.kind == HTML_TEXT)
			text(r, &t);
		else if (t.kind == HTML_START)
			start_tag(r, &t);
		else if (t.kind == HTML_CLOSE)
			t.tag == TAG_BR ? start_tag(r, &t) : end_tag(r, t.tag);
	}
	end_block(r);
	total(b);
	free(r);
}
