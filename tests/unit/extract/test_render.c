/* block and render: blocks as text and as Markdown; what they know of themselves. */
#include "extract/block.h"
#include "extract/render.h"
#include "tests/tap.h"

static struct blocks b;
static struct arena *a;

static struct str rendered(struct str html, void (*render)(const struct blocks *, struct buf *))
{
	struct buf out;
	buf_init(&out, 1 << 20);
	block_read(&b, html, a);
	for (uint32_t i = 0; i < b.n; i++)
		b.v[i].keep = true;
	render(&b, &out);
	struct str s = arena_str(a, buf_view(&out));
	buf_free(&out);
	return s;
}

static void markdown(void)
{
	static const struct {
		const char *name;
		struct str html, text;
	} cases[] = {
		{"headings", STR("<h1>Um</h1><p>texto</p><h3>Dois</h3>"), STR("# Um\n\ntexto\n\n### Dois")},
		{"lists", STR("<ul><li>pão<li>vinho<ul><li>tinto</ul></ul><p>fim"), STR("- pão\n- vinho\n  - tinto\n\nfim")},
		{"a quotation", STR("<blockquote>Um<br>dois</blockquote>"), STR("> Um  \n> dois")},
		{"preformatted", STR("<pre>um\n  dois</pre>"), STR("```\num\n  dois\n```")},
		{"a line break", STR("<p>um<br>dois"), STR("um  \ndois")},
		{"a table", STR("<table><tr><th>Ano<th>Total<tr><td>1999<td>12</table><p>fim"), STR("| Ano | Total |\n|---|---|\n| 1999 | 12 |\n\nfim")},
		{"nothing", STR(""), STR("")},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = rendered(cases[i].html, render_markdown);
		if (!tap(str_eq(got, cases[i].text), "markdown: %s", cases[i].name))
			printf("# got  %.*s\n", STR_ARG(got));
	}
}

static void tables(void)
{
	struct str got = rendered(STR("<table><tr><td>Farinha<td>200 g<tr><td>Ovos<td>3</table>"), render_text);
	tap(str_eq(got, STR("Farinha | 200 g\nOvos | 3")), "text: the cells of a row, a row a line");
	got = rendered(STR("<table><tr><td>Menu<p>Mapa</td><td><p>Um<p>Dois</table>"), render_text);
	tap(str_eq(got, STR("Menu\nMapa\nUm\nDois")), "text: a layout table is not rows");
}

static void facts(void)
{
	block_read(&b, STR("<div class='sidebar-widget'><a href=x>Um</a> dois</div><article><p><b>Três</b> quatro, cinco. Copyright</p></article>"), a);
	const struct block *k = b.v;
	tap(b.n == 2 && k[0].chars == 6 && k[0].link_chars == 2 && k[0].links == 1 && k[0].words == 2, "block: words, and those in links");
	tap(k[0].look[LOOK_SIDE] && k[0].look[LOOK_WIDGET] && !k[0].look[LOOK_NAV] && !k[0].in[IN_ARTICLE], "block: names of what is around");
	tap(k[1].kind == BLOCK_P && k[1].in[IN_ARTICLE] && k[1].strong_chars == 4 && k[1].commas == 1 && k[1].stops == 1 && k[1].caps == 2, "block: what it is made of");
	tap(k[1].cues[CUE_RIGHTS] == 1 && k[1].first == CHAR_CAPITAL && k[1].last == CHAR_SMALL, "block: its words and ends");
	tap(b.nodes[0].chars == k[0].chars + k[1].chars && b.nodes[0].blocks == 2, "block: totals of the page");
	block_read(&b, STR("<p>\xC3\x9Altimas NOT\xC3\x8D\x43IAS \xE2\x80\x9Chá\xE2\x80\x9D</p>"), a);
	tap(b.n == 1 && b.v[0].words == 3 && b.v[0].caps == 2 && b.v[0].cues[CUE_RELATED] == 1, "block: capitals with accents");
	block_read(&b, STR("<a href=x><b>um<p>dois</a>três</b>"), a);
	tap(b.n == 2 && b.v[1].link_chars == 4, "block: an end tag around a paragraph ends its link alone");
	block_read(&b, STR("<p>um<table><tr><td>dois</p></div></table>três"), a);
	tap(b.n == 3, "block: an end tag stays in its cell");
}

static void looks(void)
{
	uint64_t want = 1ull << LOOK_POST | 1ull << LOOK_BODY;
	tap((cue_look(STR("postBody")) & want) == want && (cue_look(STR("post_body2")) & want) == want && cue_look(STR("postbody")) & 1ull << LOOK_POST, "cue: parts of a name");
	tap(cue_look(STR("xnavx")) == 0 && cue_look(STR("")) == 0, "cue: not inside a word");
	tap(cue_look(STR("nav main")) == (1ull << LOOK_NAV | 1ull << LOOK_MAIN), "cue: two names");
}

int main(void)
{
	a = arena_new(1 << 16);
	block_init(&b, 1 << 20);
	markdown();
	tables();
	facts();
	looks();
	block_free(&b);
	arena_free(a);
	return tap_done();
}
