/* html, tag, entity, scan: what the standard's own cases (html5lib.py) do not reach; fast forms against plain ones; linear time. */
#include "extract/entity.h"
#include "extract/html.h"
#include "extract/scan.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>

#define S(lit) {(lit), sizeof(lit) - 1}

/* The tokens of a page, one letter each: t text, r other text, +name, -name; skip: svg and select are stepped over. */
static const struct {
	const char *name;
	struct str page, want;
} pages[] = {
	{"raw text, then its end tag", S("<style>a<b></style>c"), S("+style r -style t ")},
	{"title", S("<title>a<b></title>"), S("+title r -title ")},
	{"noframes is markup", S("<noframes><p>a</noframes>"), S("+noframes +p t -noframes ")},
	{"noscript is not", S("<noscript><p>a</noscript>"), S("+noscript r -noscript ")},
	{"script in a comment in a script", S("<script><!--<script></script>--></script>x"), S("+script r -script t ")},
	{"an empty script", S("<script></script>x"), S("+script -script t ")},
	{"a script without end", S("<p>a<script>b<p>"), S("+p t +script r ")},
	{"a tag without end", S("a<p class='x"), S("t ")},
	{"less than", S("1 < 2 <3 <"), S("t ")},
	{"svg is skipped", S("a<svg><path d='M'/><title>x</title></svg>b"), S("t +svg t ")},
	{"svg in svg", S("<svg><g><svg></svg>x</g></svg>b"), S("+svg t ")},
	{"svg that is empty", S("<svg/>b"), S("+svg t ")},
	{"select without end", S("<select><option>a<p>b"), S("+select +option t +p t ")},
	{"more open than closed", S("<select>a<select>b</select>c"), S("+select t ")},
	{"unknown elements", S("<x-y>a</x-y>"), S("+ t - ")},
	{"names that look like known ones", S("<h\x11><bloc><blockquotes>"), S("+ + + ")},
	{"a long name", S("<BlockQuote><FIGCAPTION>"), S("+blockquote +figcaption ")},
};

static void tokens(struct str page, struct buf *out)
{
	struct html h;
	struct html_token t;
	buf_clear(out);
	for (html_start(&h, page); html_next(&h, &t);) {
		if (t.kind == HTML_TEXT)
			buf_byte(out, t.mode == HTML_DATA ? 't' : 'r');
		else
			buf_byte(out, t.kind == HTML_START ? '+' : '-');
		if (t.kind != HTML_TEXT)
			buf_str(out, tag_name(t.tag));
		buf_byte(out, ' ');
		if (t.kind == HTML_START && (t.tag == TAG_SVG || t.tag == TAG_SELECT))
			html_skip(&h, &t);
	}
}

static void attributes(void)
{
	struct html h;
	struct html_token t;
	html_start(&h, STR("<a HREF=x href=y class = 'a b' id=\"c\" title disabled/>"));
	tap(html_next(&h, &t) && t.tag == TAG_A && t.self_closing, "one tag");
	tap(str_eq(html_get(&t, HTML_HREF), STR("x")), "the first of two");
	tap(str_eq(html_get(&t, HTML_CLASS), STR("a b")) && str_eq(html_get(&t, HTML_ID), STR("c")), "quotes and blanks");
	tap(t.has >> HTML_TITLE & 1 && !html_get(&t, HTML_TITLE).n, "no value is an empty one");
	tap(!(t.has >> HTML_LANG & 1) && !html_get(&t, HTML_LANG).n, "absent");
}

static void every_name(void)
{
	bool all = true;
	for (unsigned i = 1; i < TAGS; i++) {
		char upper[32];
		struct str n = tag_name(i);
		for (size_t k = 0; k < n.n; k++)
			upper[k] = (char)(n.p[k] >= 'a' && n.p[k] <= 'z' ? n.p[k] - 32 : n.p[k]);
		all &= tag_find(n) == i && tag_find((struct str){upper, n.n}) == i && (n.n < 2 || tag_find(str_head(n, n.n - 1)) != i);
	}
	tap(all, "every element by its name, in small letters and capitals");
}

/* ---- fast forms and their plain twins ---- */

static uint32_t draw(uint32_t below)
{
	static uint64_t seed = 88172645463325252u;
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

static void twins(void)
{
	bool byte = true, any = true;
	for (int round = 0; round < 6000; round++) {
		size_t n = draw(150), from = draw(9);
		char *p = malloc(n + 1);
		for (size_t i = 0; i < n; i++)
			p[i] = draw(20) ? (char)(0x21 + draw(220)) : (char)draw(0x40);
		from = from < n ? from : n;
		byte &= scan_byte(p + from, p + n, '<') == scan_plain(p + from, p + n, '<');
		any &= scan_any(p + from, p + n, '>', '/', '=') == scan_plain_any(p + from, p + n, '>', '/', '=');
		free(p);
	}
	tap(byte, "scan_byte and its plain twin");
	tap(any, "scan_any and its plain twin");
}

/* entity_line as entity_add and then, byte by byte, what its header says. */
static void plain_line(struct buf *out, size_t floor, struct str s)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	entity_add(&b, s);
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] != ' ' || (out->n > floor && out->p[out->n - 1] != ' ' && out->p[out->n - 1] != '\n'))
			buf_byte(out, b.p[i]);
	buf_free(&b);
}

static void lines(void)
{
	static const char *const parts[] = {"a", "casa", " ", "  ", "\n", "\t", "ã", "ç", "é", "&amp;", "&nbsp;", "&", "&#150;", "&nGt;", "&lt", "“", "…", "€", "\u00A0", "\u00AD", "\u200B", "\x7F",
		"\xC2\x93", "日本", "😀", "ﬁ", "&#x80;", "palavra comprida de mais", ".", "<", "\x01", "\u2028", "\uFEFF"};
	struct buf s, fast, plain;
	buf_init(&s, BUF_NO_MAX);
	buf_init(&fast, BUF_NO_MAX);
	buf_init(&plain, BUF_NO_MAX);
	bool same = true;
	for (int round = 0; round < 2000 && same; round++) {
		buf_clear(&s);
		for (uint32_t n = draw(30); n; n--)
			buf_z(&s, parts[draw(sizeof(parts) / sizeof(*parts))]);
		char *exact = malloc(s.n + 1); /* so that a read past the end is seen */
		memcpy(exact, s.p ? s.p : "", s.n);
		if (draw(4) == 0)
			buf_clear(&fast), buf_clear(&plain);
		if (fast.n && draw(4) == 0)
			buf_byte(&fast, '\n'), buf_byte(&plain, '\n');
		size_t floor = draw(2) ? fast.n : 0;
		entity_line(&fast, floor, (struct str){exact, s.n});
		plain_line(&plain, floor, (struct str){exact, s.n});
		same = str_eq(buf_view(&fast), buf_view(&plain));
		free(exact);
	}
	if (!tap(same, "entity_line and its plain form"))
		printf("# %.*s\n# %.*s\n", STR_ARG(buf_view(&fast)), STR_ARG(buf_view(&plain)));
	buf_free(&s);
	buf_free(&fast);
	buf_free(&plain);
}

/* ---- pages made to hurt ---- */

/* How many tokens are made of n times `part`: the point is that this ends in time. */
static void repeated(const char *part, unsigned n, bool skip)
{
	struct buf b;
	struct html h;
	struct html_token t;
	uint64_t seen = 0;
	buf_init(&b, BUF_NO_MAX);
	for (unsigned i = 0; i < n; i++)
		buf_z(&b, part);
	for (html_start(&h, buf_view(&b)); html_next(&h, &t); seen++)
		if (skip && t.kind == HTML_START)
			html_skip(&h, &t);
	tap(seen <= 2ull * b.n, "%u times %s", n, part);
	buf_free(&b);
}

int main(void)
{
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		tokens(pages[i].page, &out);
		if (!tap(str_eq(buf_view(&out), pages[i].want), "%s", pages[i].name))
			printf("# got %.*s\n", STR_ARG(buf_view(&out)));
	}
	buf_free(&out);
	attributes();
	every_name();
	twins();
	lines();
	static const char *const parts[] = {"<svg>", "<svg><svg></svg>", "<select>", "<script>", "<!--", "<!-- -", "<a href='", "<![CDATA[", "</", "<a ", "<", "<title>", "<script><!--<script>", "&"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		repeated(parts[i], 60000, true);
	return tap_done();
}
