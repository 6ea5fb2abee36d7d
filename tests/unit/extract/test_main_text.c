/* block and main_text: which text of a page is kept, as which lines. */
#include "extract/main_text.h"
#include "extract/render.h"
#include "tests/tap.h"

static struct main_text *chooser;

/* The visible text as lines, nothing chosen. */
static struct str all_text(struct blocks *b, struct arena *a, struct str html)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	block_read(b, html, a);
	for (uint32_t i = 0; i < b->n; i++)
		b->v[i].keep = true;
	render_text(b, &out);
	struct str s = arena_str(a, buf_view(&out));
	buf_free(&out);
	return s;
}

static struct str main_of(struct blocks *b, struct arena *a, struct str html)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	block_read(b, html, a);
	main_text_choose(chooser, b, STR("http://www.exemplo.pt/noticias/1.html"));
	render_text(b, &out);
	struct str s = arena_str(a, buf_view(&out));
	buf_free(&out);
	return s;
}

static void lines(struct blocks *b, struct arena *a)
{
	static const struct {
		const char *name;
		struct str html, text;
	} cases[] = {
		{"paragraphs are lines", STR("<p>um<p>dois</p><div>três</div>"), STR("um\ndois\ntrês")},
		{"inline elements are not", STR("<p>u<b>m</b>a <i>casa</i> <a href=x>azul</a>.</p>"), STR("uma casa azul.")},
		{"white space is one space", STR("<p>  um \n\t dois  </p>"), STR("um dois")},
		{"a line break is a line end", STR("<p>um<br>dois</p>"), STR("um\ndois")},
		{"two of them end a paragraph", STR("<font>um<br><br>dois</font>"), STR("um\ndois")},
		{"list items", STR("<ul><li>pão<li>vinho</ul>"), STR("pão\nvinho")},
		{"text of a label and of a button", STR("<label>200 g de farinha</label><button>Como chegar?</button>"), STR("200 g de farinha\nComo chegar?")},
		{"script and style are not text", STR("<p>um</p><script>var a='<p>x</p>'</script><style>p{}</style>"), STR("um")},
		{"noframes is", STR("<frameset><frame src=a><noframes><body>Bem-vindo</body></noframes></frameset>"), STR("Bem-vindo")},
		{"pre keeps its lines", STR("<pre>um\n  dois\ntrês</pre>"), STR("um\n  dois\ntrês")},
		{"references", STR("<p>p&atilde;o &amp; &#8220;vinho&#8221; &euro;</p>"), STR("pão & “vinho” €")},
		{"unclosed elements", STR("<div><p>um<div>dois<span>três"), STR("um\ndoistrês")},
		{"a stray end tag", STR("um</td></div></p>dois"), STR("um\ndois")},
		{"a tag cut by the end of the page", STR("<p>um</p><a href=\"x"), STR("um")},
		{"nothing", STR(""), STR("")},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = all_text(b, a, cases[i].html);
		if (!tap(str_eq(got, cases[i].text), "lines: %s", cases[i].name))
			printf("# got  %.*s\n", STR_ARG(got));
	}
}

#define P1 "O mercado municipal reabriu ontem de manhã, depois de dois anos de obras, com quarenta e duas bancas, um talho e uma peixaria."
#define P2 "A presidente da junta explicou que o telhado antigo deixava entrar água e que o chão estava a ceder, junto à entrada norte."
#define P3 "Os fregueses notaram sobretudo a luz. O mercado abre de terça a sábado, das sete às catorze horas, e fecha aos feriados."

static void choice(struct blocks *b, struct arena *a)
{
	struct str menu = STR("<ul class=menu><li><a href=1>Início</a><li><a href=2>Notícias</a><li><a href=3>Contactos</a></ul>");
	struct str foot = STR("<div class=footer>© 2009 Junta de Freguesia. Todos os direitos reservados.</div>");
	struct str old = arena_printf(a, "<html><body>%.*s<h1>O mercado reabre</h1><p>%s</p><p>%s</p><p>%s</p>%.*s</body></html>", STR_ARG(menu), P1, P2, P3, STR_ARG(foot));
	struct str got = main_of(b, a, old);
	tap(str_find(got, STR(P1 "\n" P2 "\n" P3)) < got.n, "choice: the paragraphs, in order");
	tap(str_find(got, STR("Contactos")) == got.n, "choice: not the menu");
	tap(str_find(got, STR("Todos os direitos")) == got.n, "choice: not the footer");
	struct str font = arena_printf(a, "<html><body><table><tr><td width=120><a href=1>Início</a><br><a href=2>Mapa</a></td><td><font size=2>%s<br><br>%s<br><br>%s</font></td></tr></table></body></html>", P1, P2, P3);
	got = main_of(b, a, font);
	tap(str_eq(got, STR(P1 "\n" P2 "\n" P3)), "choice: the cell of a layout table, without the menu beside it");
	got = main_of(b, a, menu);
	tap(!got.n, "choice: nothing of a page that is a menu");
	got = main_of(b, a, STR(""));
	tap(!got.n && str_eq(str_of(main_text_type(b)), STR("other")), "choice: nothing of nothing");
}

/* Lines that could be of the page or of its frame, each between two paragraphs: a likelihood of .3 is enough there. */
static void gaps(struct blocks *b, struct arena *a)
{
	static const char *const between[] = {
		"<p>Foto: Rui Sousa</p>", "<p><a href=2>Obras no telhado custaram meio milhão</a></p>", "<p><b>Publicidade</b></p>", "<div class=caption>A entrada norte, em 2008</div>", "<p>Ver também</p>",
		"<h3>As bancas</h3>", "<div>12 de Março de 2009</div>", "<ul><li>Rua Direita, 4</ul>", "<p>Partilhar</p>", "<div><a href=3>Ler mais</a></div>", "<blockquote>Já era tempo</blockquote>",
		"<table><tr><td>Terça a sábado<td>7-14</table>", "<p>* * *</p>", "<p>Imprimir</p>", "<div class=tags>mercado, obras</div>", "<p>(Actualizado às 18h)</p>", "<h4><a href=4>Mais notícias</a></h4>",
		"<p><i>Texto de Ana Reis</i></p>", "<div class=legenda>Telhado</div>", "<p>Comentários (3)</p>",
	};
	struct buf h;
	buf_init(&h, 1 << 20);
	buf_z(&h, "<html><body><div>");
	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++)
		buf_printf(&h, "<p>%s</p><p>%s</p>%s", P1, P2, between[i]);
	buf_printf(&h, "<p>%s</p></div></body></html>", P3);
	main_of(b, a, buf_view(&h));
	uint32_t doubtful = 0, lost = 0;
	for (uint32_t i = 1; i + 1 < b->n; i++) {
		bool there = b->v[i].p > 0.3f && b->v[i].p < 0.45f && b->v[i - 1].p > 0.5f && b->v[i + 1].p > 0.5f;
		doubtful += there;
		lost += there && !b->v[i].keep;
	}
	tap(doubtful && !lost, "gaps: doubtful lines between sure ones are kept (%u of %u)", doubtful - lost, doubtful);
	buf_free(&h);
}

/* Which pages are of which kind, and what readers wrote. */
static void kinds(struct blocks *b, struct arena *a)
{
	struct str comments = STR("<h2>Comentários</h2><div class=comentarios><div class=comentario><b>Rui</b><p>Já era tempo, as obras duraram mais do que deviam.</p></div></div>");
	struct str page = arena_printf(a, "<html><head><title>O mercado reabre</title></head><body><div class=noticia><h1>O mercado reabre</h1><p>%s</p><p>%s</p><p>%s</p></div>%.*s</body></html>", P1, P2, P3,
				       STR_ARG(comments));
	struct str got = main_of(b, a, page);
	tap(str_find(got, STR(P2)) < got.n && str_find(got, STR("Já era tempo")) == got.n, "kinds: comments are not main text");
	uint32_t found = 0;
	for (uint32_t i = 0; i < b->n; i++)
		found += b->v[i].comment && str_find((struct str){b->text.p + b->v[i].at, b->v[i].n}, STR("Já era tempo")) < b->v[i].n;
	tap(found == 1, "kinds: but known as what they are");
	tap(str_eq(str_of(main_text_type(b)), STR("article")) && main_text_score(b) > 0.5f, "kinds: an article, and sure of it");
	struct buf h;
	buf_init(&h, 1 << 20);
	buf_z(&h, "<html><body><table class=forumline>");
	for (int i = 0; i < 6; i++)
		buf_printf(&h, "<tr><td class=row1><b>lobo%d</b><br>Mensagens: %d<br>Registado: Mar 2004</td><td><span class=postbody>%s</span></td></tr>", i, 40 + i, i % 2 ? P1 : P2);
	buf_z(&h, "</table></body></html>");
	got = main_of(b, a, buf_view(&h));
	tap(str_find(got, STR(P1)) < got.n && str_find(got, STR(P2)) < got.n, "kinds: the posts of a forum are main text");
	tap(str_eq(str_of(main_text_type(b)), STR("forum")), "kinds: a forum");
	block_read(b, STR("<frameset cols=20,80><frame src=a><frame src=b></frameset>"), a);
	main_text_choose(chooser, b, (struct str){0});
	tap(str_eq(str_of(main_text_type(b)), STR("frameset")), "kinds: a frameset");
	buf_free(&h);
}

static void limits(struct blocks *b, struct arena *a)
{
	struct buf h;
	buf_init(&h, 64 << 20);
	for (int i = 0; i < 1000000; i++)
		buf_add(&h, "<div>", 5);
	buf_add(&h, P1, sizeof(P1) - 1);
	block_read(b, buf_view(&h), a);
	tap(b->n == 1 && b->v[0].depth <= BLOCK_DEPTH_MAX, "limits: a million open elements");
	buf_clear(&h);
	for (int i = 0; i < BLOCK_MAX + 10; i++)
		buf_add(&h, "<p>x", 4);
	block_read(b, buf_view(&h), a);
	main_text_choose(chooser, b, STR("http://www.exemplo.pt/noticias/1.html"));
	tap(b->full && b->n == BLOCK_MAX, "limits: blocks past the ceiling are told");
	buf_free(&h);
}

int main(void)
{
	struct arena *a = arena_new(1 << 16);
	struct blocks b;
	block_init(&b, 1 << 20);
	chooser = main_text_new();
	lines(&b, a);
	choice(&b, a);
	gaps(&b, a);
	kinds(&b, a);
	limits(&b, a);
	main_text_free(chooser);
	block_free(&b);
	arena_free(a);
	return tap_done();
}
