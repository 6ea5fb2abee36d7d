#include "extract/extract.h"

#include "extract/charset.h"
#include "extract/main_text.h"
#include "extract/render.h"
#include "extract/text.h"

enum { NOT_HTML, EMPTY, LIMIT };
static const struct why extract_why[] = {
	[NOT_HTML] = {"extract.not_html", "there is no markup in it"},
	[EMPTY] = {"extract.empty", "no main text was found"},
	[LIMIT] = {"extract.limit", "more text or more blocks than a page can have"},
	{0},
};

static const char *const formats[] = {[EXTRACT_TEXT] = "text", [EXTRACT_MARKDOWN] = "markdown", NULL};
static const struct opt extract_opts[] = {
	{OPT_SIZE, 0, "max-text", "SIZE", "largest text of a page", offsetof(struct extract_conf, max_text), .def = 16777216, .lo = 4096, .hi = 268435456},
	{OPT_FLAG, 0, "all-text", NULL, "all visible text, not the main text alone", offsetof(struct extract_conf, all_text)},
	{OPT_FLAG, 0, "comments", NULL, "comments of readers too", offsetof(struct extract_conf, comments)},
	{OPT_CHOICE, 0, "format", "NAME", "how the text is written", offsetof(struct extract_conf, format), .choices = formats},
	{0},
};

struct scratch {
	struct blocks blocks;
	struct buf text;
	struct main_text *main_text;
};

static int extract_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static void *extract_start(const void *shared)
{
	const struct extract_conf *c = shared;
	struct scratch *s = own_zalloc(sizeof(*s));
	block_init(&s->blocks, c->max_text);
	buf_init(&s->text, c->max_text + BLOCK_MAX);
	s->main_text = main_text_new();
	return s;
}

static void extract_stop(void *worker)
{
	struct scratch *s = worker;
	block_free(&s->blocks);
	buf_free(&s->text);
	main_text_free(s->main_text);
	free(s);
}

static void page(const struct extract_conf *c, struct scratch *s, struct doc *d, struct batch *b)
{
	struct charset_result text;
	struct blocks *k = &s->blocks;
	charset_decode(d->html, d->http_charset, b->arena, &text);
	if (text.repaired)
		tally_note(b->tally, "extract.repaired_bytes", text.repaired);
	d->charset = text.name;
	block_read(k, text.text, b->arena);
	const struct str *said = k->facts.of;
	d->title = said[FACTS_TITLE];
	d->description = said[FACTS_DESCRIPTION];
	d->author = said[FACTS_AUTHOR];
	d->published = said[FACTS_PUBLISHED];
	d->canonical = said[FACTS_CANONICAL];
	d->lang_declared = said[FACTS_LANG].n ? said[FACTS_LANG] : d->http_language;
	doc_signal(d, b->arena, "links", (float)k->facts.links);
	doc_signal(d, b->arena, "frames", (float)(k->facts.frames + k->facts.iframes));
	if (k->full || k->text.full) {
		doc_drop(d, k->html ? &extract_why[LIMIT] : &extract_why[NOT_HTML]);
		return;
	}
	uint32_t words = main_text_choose(s->main_text, k, d->url);
	for (uint32_t i = 0; i < k->n; i++)
		k->v[i].keep |= c->all_text || (c->comments && k->v[i].comment);
	buf_clear(&s->text);
	if (c->format == EXTRACT_MARKDOWN)
		render_markdown(k, &s->text);
	else
		render_text(k, &s->text);
	d->text = text_nfc(arena_str(b->arena, buf_view(&s->text)), b->arena);
	d->page_type = str_of(main_text_type(k));
	doc_signal(d, b->arena, "main_words", (float)words);
	doc_signal(d, b->arena, "main_score", main_text_score(k));
	if (!k->html)
		doc_drop(d, &extract_why[NOT_HTML]);
	else if (s->text.full)
		doc_drop(d, &extract_why[LIMIT]);
	else if (!d->text.n)
		doc_drop(d, &extract_why[EMPTY]);
}

static int extract_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)e;
	BATCH_EACH(b, d)
	page(shared, worker, d, b);
	return 0;
}

static int extract_close(void *shared, bool done, struct tally *t, struct err *e)
{
	(void)shared, (void)done, (void)t, (void)e;
	return 0;
}

static const char *const extract_signals[] = {"links", "frames", "main_words", "main_score", NULL};

const struct stage extract_stage = {
	.name = "extract",
	.summary = "bytes of HTML in, main text out",
	.reads = DOC_BIT(DOC_HTML) | DOC_BIT(DOC_MIME),
	.writes = DOC_BIT(DOC_CHARSET) | DOC_BIT(DOC_TITLE) | DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_AUTHOR) | DOC_BIT(DOC_PUBLISHED) | DOC_BIT(DOC_DESCRIPTION) |
		  DOC_BIT(DOC_CANONICAL) | DOC_BIT(DOC_LANG_DECLARED) | DOC_BIT(DOC_PAGE_TYPE) | DOC_BIT(DOC_SIGNALS),
	.drops = extract_why,
	.signals = extract_signals,
	.opts = extract_opts,
	.conf_size = sizeof(struct extract_conf),
	.open = extract_open,
	.start = extract_start,
	.map = extract_map,
	.stop = extract_stop,
	.close = extract_close,
};
