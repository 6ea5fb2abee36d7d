/* html_chars: the text of pages as extract reads it, and as libxml2's tree has it: every character that is not white space, in order.
 *
 * Reads pages from stdin (four bytes of length, little end first, then the page), writes a line for each: "same", or how many characters
 * either has, and what stands around the first difference. html_text.py feeds it. */
#include "extract/block.h"
#include "extract/charset.h"
#include "core/utf8.h"
#include "extract/entity.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>

/* Elements whose content block.c does not read, or html.c gives as raw text. */
static bool is_skipped(const char *name)
{
	static const enum tag skipped[] = {TAG_SCRIPT, TAG_STYLE, TAG_NOSCRIPT, TAG_TITLE, TAG_TEXTAREA, TAG_SELECT, TAG_SVG, TAG_MATH, TAG_TEMPLATE, TAG_AUDIO,
					   TAG_VIDEO, TAG_CANVAS, TAG_DATALIST, TAG_IFRAME, TAG_NOEMBED};
	enum tag t = tag_find(str_of(name));
	for (size_t i = 0; i < sizeof(skipped) / sizeof(*skipped); i++)
		if (t == skipped[i])
			return true;
	return false;
}

static void add(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > ' ')
			buf_byte(out, s.p[i]);
}

/* Without recursion: pages are nested as deep as they like. */
static void add_tree(struct buf *out, const xmlNode *root)
{
	struct buf text;
	buf_init(&text, BUF_NO_MAX);
	const xmlNode *n = root;
	while (n) {
		if (n->type == XML_TEXT_NODE && n->content) {
			/* Decoded already: "&" is no reference any more. */
			buf_clear(&text);
			for (const char *p = (const char *)n->content; *p; p++)
				*p == '&' ? buf_z(&text, "&amp;") : buf_byte(&text, *p);
			struct buf line;
			buf_init(&line, BUF_NO_MAX);
			entity_add(&line, buf_view(&text));
			add(out, buf_view(&line));
			buf_free(&line);
		}
		if (n->children && n->type == XML_ELEMENT_NODE && !is_skipped((const char *)n->name)) {
			n = n->children;
			continue;
		}
		while (n && n != root && !n->next)
			n = n->parent;
		n = n && n != root ? n->next : NULL;
	}
	buf_free(&text);
}

static struct str around(struct str s, size_t at)
{
	size_t from = at > 30 ? at - 30 : 0;
	while (from < at && ((unsigned char)s.p[from] & 0xC0) == 0x80)
		from++;
	struct str part = str_head(str_from(s, from), 70);
	return str_head(part, utf8_valid(part));
}

static void compare(struct str page, struct blocks *b, struct arena *a)
{
	struct charset_result text;
	struct buf ours, theirs;
	buf_init(&ours, BUF_NO_MAX);
	buf_init(&theirs, BUF_NO_MAX);
	charset_decode(page, (struct str){0}, a, &text);
	block_read(b, text.text, a);
	for (uint32_t i = 0; i < b->n; i++)
		add(&ours, (struct str){b->text.p + b->v[i].at, b->v[i].n});
	htmlDocPtr doc = htmlReadMemory(text.text.p, (int)text.text.n, NULL, "UTF-8", HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | (int)XML_PARSE_HUGE);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root)
		add_tree(&theirs, root);
	struct str x = buf_view(&ours), y = buf_view(&theirs);
	size_t at = 0;
	while (at < x.n && at < y.n && x.p[at] == y.p[at])
		at++;
	if (x.n == y.n && at == x.n) {
		printf("same\n");
	} else {
		struct str p = around(x, at), q = around(y, at);
		printf("differ %zu %zu %zu\t%.*s\t%.*s\n", x.n, y.n, at, STR_ARG(p), STR_ARG(q));
	}
	xmlFreeDoc(doc);
	buf_free(&ours);
	buf_free(&theirs);
}

int main(void)
{
	unsigned char head[4];
	struct arena *a = arena_new(0);
	struct blocks b;
	block_init(&b, 64 << 20);
	while (fread(head, 1, 4, stdin) == 4) {
		size_t n = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
		char *page = arena_alloc(a, n + 1);
		if (fread(page, 1, n, stdin) != n)
			return 2;
		compare((struct str){page, n}, &b, a);
		arena_reset(a, 1 << 20);
	}
	block_free(&b);
	arena_free(a);
	xmlCleanupParser();
	return 0;
}
