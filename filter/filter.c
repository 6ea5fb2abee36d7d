/* The order of tests: blocklist; repair and cleaning of lines; language, variety; the quality rules and what kind of page it is; benchmarks.
 * Personal data is masked last, in what is kept. A document keeps its first reason and goes on, so that its signals are all there, but for
 * one in another language: the words are Portuguese words. --from-signals takes the same steps over the numbers that were kept. */
#include "filter/filter.h"

#include "core/utf8.h"
#include "filter/blocklist.h"
#include "filter/c4.h"
#include "filter/decontaminate.h"
#include "filter/judge.h"
#include "filter/lines.h"
#include "filter/perplexity.h"
#include "filter/pii.h"
#include "filter/repair.h"
#include "filter/worth.h"

/* QUALITY + i: quality signal i; PAGE + i: page signal i. */
enum { UTF8, BLOCKED, LANGUAGE, VARIETY, CONTAMINATED, WORTH, PERPLEXITY, LOREM, CURLY, SENTENCES, QUALITY, PAGE = QUALITY + QUALITY_SIGNALS };
static const struct why filter_why[] = {
	[UTF8] = {"filter.utf8", "the text is not valid UTF-8"},
	[BLOCKED] = {"filter.blocklist", "the address is on a blocklist"},
	[CONTAMINATED] = {"filter.contaminated", "shares a long run of words with a benchmark"},
	[WORTH] = {"filter.quality_score", "less like the good examples than --quality-score (train --quality)"},
	[PERPLEXITY] = {"filter.perplexity", "beyond --min-perplexity or --max-perplexity (train --perplexity)"},
	[LOREM] = {"filter.lorem_ipsum", "lorem ipsum (C4)"},
	[CURLY] = {"filter.curly_bracket", "a curly bracket (C4)"},
	[SENTENCES] = {"filter.c4_sentences", "fewer than five sentences in good lines (C4)"},
	[PAGE + PAGE_PLACEHOLDER] = {"filter.placeholder", "error, placeholder or parked page"},
	[PAGE + PAGE_ADULT] = {"filter.adult", "too many vulgar adult words"},
	[PAGE + PAGE_TOXIC] = {"filter.toxic", "too many insults"},
	[PAGE + PAGE_PLACES] = {"filter.places", "a list of place names"},
	[PAGE + PAGE_LINKS] = {"filter.links", "a list of links"},
	[PAGE + PAGE_KEY_PHRASE] = {"filter.key_phrase", "one phrase over and over, as for search engines"},
	[PAGE + PAGE_FOREIGN] = {"filter.foreign_words", "words of another language in the text, as machine translation leaves them"},
	[PAGE + PAGE_DENSITY] = {"filter.link_density", "more links of the page a word than --max-link-density"},
	[LANGUAGE] = {"filter.language", "not Portuguese, or not surely enough"},
	[VARIETY] = {"filter.variety", "not the variety asked for with --keep"},
	[QUALITY + Q_WORDS] = {"filter.words", "too few or too many words (Gopher)"},
	[QUALITY + Q_WORD_LENGTH] = {"filter.word_length", "mean length of words (Gopher)"},
	[QUALITY + Q_HASH_RATIO] = {"filter.hash_ratio", "too many # signs (Gopher)"},
	[QUALITY + Q_ELLIPSIS_RATIO] = {"filter.ellipsis_ratio", "too many ellipses (Gopher)"},
	[QUALITY + Q_BULLET_LINES] = {"filter.bullet_lines", "too many lines that start with a bullet (Gopher)"},
	[QUALITY + Q_ELLIPSIS_LINES] = {"filter.ellipsis_lines", "too many lines that end in an ellipsis (Gopher)"},
	[QUALITY + Q_ALPHA_WORDS] = {"filter.alpha_words", "too few words with a letter (Gopher)"},
	[QUALITY + Q_STOP_WORDS] = {"filter.stop_words", "too few different stop words (Gopher)"},
	[QUALITY + Q_DUP_LINES] = {"filter.dup_line_frac", "repeated lines (Gopher)"},
	[QUALITY + Q_DUP_LINE_CHARS] = {"filter.dup_line_chars", "characters in repeated lines (Gopher)"},
	[QUALITY + Q_DUP_PARAS] = {"filter.dup_para_frac", "repeated paragraphs (Gopher)"},
	[QUALITY + Q_DUP_PARA_CHARS] = {"filter.dup_para_chars", "characters in repeated paragraphs (Gopher)"},
	[QUALITY + Q_TOP_2] = {"filter.top_2_gram", "one word pair fills too much of the text (Gopher)"},
	[QUALITY + Q_TOP_3] = {"filter.top_3_gram", "one word triple fills too much of the text (Gopher)"},
	[QUALITY + Q_TOP_4] = {"filter.top_4_gram", "one 4-gram fills too much of the text (Gopher)"},
	[QUALITY + Q_DUP_5] = {"filter.dup_5_grams", "repeated 5-grams (Gopher)"},
	[QUALITY + Q_DUP_6] = {"filter.dup_6_grams", "repeated 6-grams (Gopher)"},
	[QUALITY + Q_DUP_7] = {"filter.dup_7_grams", "repeated 7-grams (Gopher)"},
	[QUALITY + Q_DUP_8] = {"filter.dup_8_grams", "repeated 8-grams (Gopher)"},
	[QUALITY + Q_DUP_9] = {"filter.dup_9_grams", "repeated 9-grams (Gopher)"},
	[QUALITY + Q_DUP_10] = {"filter.dup_10_grams", "repeated 10-grams (Gopher)"},
	[QUALITY + Q_LINE_PUNCT] = {"filter.line_punct", "too few lines end in punctuation (FineWeb)"},
	[QUALITY + Q_SHORT_LINES] = {"filter.short_lines", "too many short lines (FineWeb)"},
	[QUALITY + Q_CHAR_DUP] = {"filter.char_dup_ratio", "characters in repeated lines (FineWeb)"},
	[QUALITY + Q_NEW_LINES] = {"filter.new_line_ratio", "too many lines for the words (FineWeb)"},
	[QUALITY + Q_THIRD_LINE] = {"filter.third_line", "fewer than three long lines (C4)"},
	[PAGE + PAGE_SIGNALS] = {0},
};

/* Every signal that the stage may write. */
static const char *const filter_signals[] = {
	"words", "word_length", "hash_ratio", "ellipsis_ratio", "bullet_lines", "ellipsis_lines", "alpha_words", "stop_words", "dup_line_frac", "dup_line_chars", "dup_para_frac", "dup_para_chars", "top_2_gram", "top_3_gram",
	"top_4_gram", "dup_5_grams", "dup_6_grams", "dup_7_grams", "dup_8_grams", "dup_9_grams", "dup_10_grams", "line_punct", "short_lines", "char_dup_ratio", "new_line_ratio", "third_line",
	"placeholder", "adult", "toxic", "places", "link_words", "key_phrase", "foreign_words", "link_density", "lines_cookie", "lines_menu", "lines_repeated", "lines_foreign", "repaired_lines", "c4_sentences", "c4_lorem", "c4_curly", "contaminated", "quality_score", "perplexity",
	"pii_email", "pii_ip", "pii_phone", "pii_nif", "pii_niss", "pii_citizen", "pii_passport", "pii_iban", "pii_card", "pii_cpf", "pii_cnpj", NULL};

static const char *const keeps[] = {"pt", "pt-PT", "pt-PT-strict", "all", NULL};
static const char *const presets[] = {"peneira", "fineweb2-por", "amalia", "none", NULL};
static const char *const mask_styles[] = {"tags", "samples", NULL};
enum { KEEP_PT, KEEP_PORTUGAL, KEEP_STRICT, KEEP_ALL };

#define BOUND(name, side, signal, help) {OPT_REAL, 0, name, "X", help, offsetof(struct filter_conf, bounds) + (signal) * sizeof(struct quality_bound) + offsetof(struct quality_bound, side), .def = NAN, .hi = 1e9, .minor = true}
#define PAGE_MOST(name, signal, help) {OPT_REAL, 0, name, "X", "most " help, offsetof(struct filter_conf, page_most) + (signal) * sizeof(double), .def = NAN, .hi = 1, .minor = true}
static const struct opt filter_opts[] = {
	{OPT_CHOICE, 0, "keep", "WHAT", "pt: any Portuguese; pt-PT: European, and undetermined text of Portuguese hosts; pt-PT-strict: European alone; all: any language", offsetof(struct filter_conf, keep), .choices = keeps},
	{OPT_REAL, 0, "language-score", "P", "least probability of the language", offsetof(struct filter_conf, language_score), .def = 0.5, .hi = 1},
	{OPT_REAL, 0, "brazil-below", "P", "pt-BR at or below this probability of pt-PT", offsetof(struct filter_conf, low), .def = 0.2, .hi = 1},
	{OPT_REAL, 0, "portugal-above", "P", "pt-PT at or above this probability", offsetof(struct filter_conf, high), .def = 0.8, .hi = 1},
	{OPT_REAL, 0, "host-prior", "P", "probability of pt-PT under .pt and African hosts before the text is read, 1 - P under .br", offsetof(struct filter_conf, host_prior), .def = 0.5, .lo = 0.001, .hi = 0.999},
	{OPT_REAL, 0, "portuguese-lines", "X", "least share of words in Portuguese lines (0: not measured)", offsetof(struct filter_conf, portuguese_lines), .def = 0, .hi = 1},
	{OPT_CHOICE, 0, "preset", "NAME", "thresholds of the quality rules", offsetof(struct filter_conf, preset), .choices = presets},
	BOUND("min-words", least, Q_WORDS, "fewest words"),
	BOUND("max-words", most, Q_WORDS, "most words"),
	BOUND("min-word-length", least, Q_WORD_LENGTH, "shortest mean length of words"),
	BOUND("max-word-length", most, Q_WORD_LENGTH, "longest mean length of words"),
	BOUND("max-hash-ratio", most, Q_HASH_RATIO, "most # signs a word"),
	BOUND("max-ellipsis-ratio", most, Q_ELLIPSIS_RATIO, "most ellipses a word"),
	BOUND("max-bullet-lines", most, Q_BULLET_LINES, "largest share of lines that start with a bullet"),
	BOUND("max-ellipsis-lines", most, Q_ELLIPSIS_LINES, "largest share of lines that end in an ellipsis"),
	BOUND("min-alpha-words", least, Q_ALPHA_WORDS, "least share of words with a letter"),
	BOUND("min-stop-words", least, Q_STOP_WORDS, "fewest different stop words"),
	BOUND("max-dup-line-frac", most, Q_DUP_LINES, "largest share of lines that were there before"),
	BOUND("max-dup-line-chars", most, Q_DUP_LINE_CHARS, "largest share of characters in such lines"),
	BOUND("max-dup-para-frac", most, Q_DUP_PARAS, "largest share of paragraphs that were there before"),
	BOUND("max-dup-para-chars", most, Q_DUP_PARA_CHARS, "largest share of characters in such paragraphs"),
	BOUND("max-top-2-gram", most, Q_TOP_2, "largest share of characters in one word pair"),
	BOUND("max-top-3-gram", most, Q_TOP_3, "largest share of characters in one word triple"),
	BOUND("max-top-4-gram", most, Q_TOP_4, "largest share of characters in one 4-gram"),
	BOUND("max-dup-5-grams", most, Q_DUP_5, "largest share of characters in repeated 5-grams"),
	BOUND("max-dup-6-grams", most, Q_DUP_6, "largest share of characters in repeated 6-grams"),
	BOUND("max-dup-7-grams", most, Q_DUP_7, "largest share of characters in repeated 7-grams"),
	BOUND("max-dup-8-grams", most, Q_DUP_8, "largest share of characters in repeated 8-grams"),
	BOUND("max-dup-9-grams", most, Q_DUP_9, "largest share of characters in repeated 9-grams"),
	BOUND("max-dup-10-grams", most, Q_DUP_10, "largest share of characters in repeated 10-grams"),
	BOUND("min-line-punct", least, Q_LINE_PUNCT, "least share of lines that end in punctuation"),
	BOUND("max-short-lines", most, Q_SHORT_LINES, "largest share of lines of up to 30 characters"),
	BOUND("max-char-dup-ratio", most, Q_CHAR_DUP, "largest share of characters in repeated lines, line ends apart"),
	BOUND("max-new-line-ratio", most, Q_NEW_LINES, "most line ends a word"),
	BOUND("min-third-line", least, Q_THIRD_LINE, "least length of the third longest line"),
	{OPT_TEXT, 0, "quality-model", "FILE", "a model that train --quality made: the signal quality_score", offsetof(struct filter_conf, quality_model)},
	{OPT_REAL, 0, "quality-score", "P", "least quality_score (0: all stay)", offsetof(struct filter_conf, quality_score), .def = 0, .hi = 1},
	{OPT_TEXT, 0, "perplexity-model", "FILE", "a model that train --perplexity made: the signal perplexity", offsetof(struct filter_conf, perplexity_model), .minor = true},
	{OPT_REAL, 0, "min-perplexity", "X", "least perplexity (0: not compared)", offsetof(struct filter_conf, min_perplexity), .def = 0, .hi = 1e12, .minor = true},
	{OPT_REAL, 0, "max-perplexity", "X", "most perplexity (0: not compared)", offsetof(struct filter_conf, max_perplexity), .def = 0, .hi = 1e12, .minor = true},
	{OPT_FLAG, 0, "repair", NULL, "put garbled characters, entities, ligatures and line ends right first", offsetof(struct filter_conf, repair), .def = 1},
	{OPT_FLAG, 0, "clean-cookies", NULL, "take out lines of cookie notices", offsetof(struct filter_conf, clean_cookies), .def = 1},
	{OPT_FLAG, 0, "clean-menus", NULL, "take out lines of menus", offsetof(struct filter_conf, clean_menus), .def = 1},
	{OPT_FLAG, 0, "clean-foreign", NULL, "take out lines in another language", offsetof(struct filter_conf, clean_foreign), .def = 1},
	{OPT_TEXT, 0, "count-lines", "FILE", "write how often each host repeats each line", offsetof(struct filter_conf, count_lines)},
	{OPT_LIST, 0, "line-counts", "FILE", "take out lines that a host repeats, as counted", offsetof(struct filter_conf, line_counts)},
	{OPT_UINT, 0, "line-pages", "N", "pages of a host with the same line that are too many", offsetof(struct filter_conf, line_pages), .def = 10, .lo = 2, .hi = 65535},
	{OPT_LIST, 0, "blocklist", "PATH", "leave out hosts and addresses of this list (UT1: a file or a category's folder)", offsetof(struct filter_conf, blocklists)},
	{OPT_FLAG, 0, "c4", NULL, "C4's rules on lines and sentences", offsetof(struct filter_conf, c4)},
	{OPT_FLAG, 0, "page-rules", NULL, "leave out error pages, adult and abusive text, lists of places and links", offsetof(struct filter_conf, page_rules), .def = 1},
	PAGE_MOST("max-placeholder", PAGE_PLACEHOLDER, "phrases of error pages a word [0.02]"),
	PAGE_MOST("max-adult", PAGE_ADULT, "adult words a word [0.03]"),
	PAGE_MOST("max-toxic", PAGE_TOXIC, "insults a word [0.03]"),
	PAGE_MOST("max-places", PAGE_PLACES, "place names a word [0.25]"),
	PAGE_MOST("max-links", PAGE_LINKS, "links a word [0.15]"),
	PAGE_MOST("max-key-phrase", PAGE_KEY_PHRASE, "words that are repetitions of one pair, a word [0.15]"),
	PAGE_MOST("max-foreign-words", PAGE_FOREIGN, "function words of another language a word [0.12]"),
	{OPT_REAL, 0, "max-link-density", "X", "most links of the page a word of the text", offsetof(struct filter_conf, page_most) + PAGE_DENSITY * sizeof(double), .def = NAN, .hi = 1e9, .minor = true},
	{OPT_TEXT, 0, "adult-words", "FILE", "adult words, one a line, for the built-in ones", offsetof(struct filter_conf, adult_words), .minor = true},
	{OPT_TEXT, 0, "toxic-words", "FILE", "insults, one a line, for the built-in ones", offsetof(struct filter_conf, toxic_words), .minor = true},
	{OPT_LIST, 0, "decontaminate", "FILE", "leave out what shares long runs of words with these benchmarks (JSON lines or text)", offsetof(struct filter_conf, benchmarks)},
	{OPT_UINT, 0, "decontaminate-words", "N", "length of such a run", offsetof(struct filter_conf, contaminated_words), .def = 13, .lo = 4, .hi = 63},
	{OPT_FLAG, 0, "decontaminate-cut", NULL, "take out the runs and keep the document", offsetof(struct filter_conf, cut_contaminated)},
	{OPT_FLAG, 0, "from-signals", NULL, "judge by the signals and labels in the documents, without reading the texts again", offsetof(struct filter_conf, from_signals)},
	{OPT_FLAG, 0, "mask", NULL, "mask addresses, phone numbers, and numbers of documents and accounts", offsetof(struct filter_conf, mask), .def = 1},
	{OPT_CHOICE, 0, "mask-with", "WHAT", "what stands in their place", offsetof(struct filter_conf, mask_style), .choices = mask_styles},
	{OPT_TEXT, 0, "language-model", "FILE", "another language model than the built-in one", offsetof(struct filter_conf, language_model)},
	{OPT_TEXT, 0, "variety-model", "FILE", "another variety model than the built-in one", offsetof(struct filter_conf, variety_model)},
	{0},
};

struct filter {
	const struct filter_conf *conf;
	struct judge *judge;
	struct lexicon *lexicon;
	struct worth *worth;
	struct perplexity *perplexity;
	struct blocklist *blocked;
	struct decontaminate *benchmarks;
	struct lines_sketch *counted, *counting;
	struct quality_bound bounds[QUALITY_SIGNALS];
	double page_most[PAGE_SIGNALS];
};

struct scratch {
	struct judge_work *judge;
	struct quality_work *quality;
	struct repair *repair;
	struct words title;
	uint32_t *ids; /* for worth_of */
	struct buf text; /* a text as it is being changed */
};

/* The bounds given by option over those of the preset. */
static void own_bounds(struct filter *f)
{
	size_t begin = offsetof(struct filter_conf, bounds), end = begin + sizeof(f->bounds);
	for (const struct opt *o = filter_opts; o->type; o++)
		if (o->at >= begin && o->at < end) {
			double v = *(const double *)((const char *)f->conf + o->at);
			if (!isnan(v))
				*(double *)((char *)f->bounds + (o->at - begin)) = v;
		}
}

/* As signals are kept: a ratio that is the bound itself (3 of 10 lines) is not beyond it. */
static void round_bounds(struct filter *f)
{
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		f->bounds[i] = (struct quality_bound){(float)f->bounds[i].least, (float)f->bounds[i].most};
	for (int i = 0; i < PAGE_SIGNALS; i++)
		f->page_most[i] = (float)f->page_most[i];
}

static void filter_free(struct filter *f)
{
	judge_free(f->judge);
	lexicon_free(f->lexicon);
	worth_free(f->worth);
	perplexity_close(f->perplexity);
	blocklist_free(f->blocked);
	decontaminate_free(f->benchmarks);
	lines_sketch_free(f->counted);
	lines_sketch_free(f->counting);
	free(f);
}

static int open_lists(struct filter *f, struct err *e)
{
	const struct filter_conf *c = f->conf;
	int rc = lexicon_open(&f->lexicon, c->adult_words, c->toxic_words, e);
	if (!rc)
		rc = blocklist_open(&f->blocked, c->blocklists.v, c->blocklists.n, e);
	if (!rc)
		rc = decontaminate_open(&f->benchmarks, c->benchmarks.v, c->benchmarks.n, (uint32_t)c->contaminated_words, e);
	if (!rc && c->quality_model)
		rc = worth_open(&f->worth, c->quality_model, e);
	if (!rc && c->perplexity_model)
		rc = perplexity_open(&f->perplexity, c->perplexity_model, e);
	if (!rc && c->line_counts.n)
		f->counted = lines_sketch_new();
	for (size_t i = 0; !rc && i < c->line_counts.n; i++)
		rc = lines_sketch_read(f->counted, c->line_counts.v[i], e);
	if (!rc && c->count_lines)
		f->counting = lines_sketch_new();
	return rc;
}

static int filter_open(void **shared, const void *conf, struct err *e)
{
	struct filter *f = own_zalloc(sizeof(*f));
	f->conf = conf;
	int rc = judge_open(&f->judge, &(struct judge_conf){f->conf->language_model, f->conf->variety_model, (float)f->conf->low, (float)f->conf->high, 0.5f}, e);
	if (!rc)
		rc = open_lists(f, e);
	if (rc) {
		filter_free(f);
		return rc;
	}
	quality_preset((enum quality_preset)f->conf->preset, f->bounds);
	own_bounds(f);
	for (int i = 0; i < PAGE_SIGNALS; i++) {
		bool rules = f->conf->page_rules && f->conf->preset != QUALITY_NONE;
		f->page_most[i] = !isnan(f->conf->page_most[i]) ? f->conf->page_most[i] : rules ? page_most[i] : NAN;
	}
	if (f->conf->from_signals)
		round_bounds(f);
	*shared = f;
	return 0;
}

static void *filter_start(const void *shared)
{
	const struct filter *f = shared;
	struct scratch *s = own_zalloc(sizeof(*s));
	s->judge = judge_start(f->judge);
	s->quality = quality_start();
	s->repair = repair_start();
	s->ids = f->worth ? own_alloc(2 * WORTH_MOST * sizeof(*s->ids)) : NULL;
	buf_init(&s->text, BUF_NO_MAX);
	return s;
}

static void filter_stop(void *worker)
{
	struct scratch *s = worker;
	judge_stop(s->judge);
	quality_stop(s->quality);
	repair_stop(s->repair);
	words_free(&s->title);
	free(s->ids);
	buf_free(&s->text);
	free(s);
}

static struct str host_of(struct str url)
{
	size_t at = str_find(url, STR("://")), n = 0;
	struct str host = at < url.n ? str_from(url, at + 3) : (struct str){0};
	while (n < host.n && host.p[n] != '/' && host.p[n] != ':' && host.p[n] != '?' && host.p[n] != '#')
		n++;
	return str_head(host, n);
}

/* "PT" from "www.x.pt"; generic top-level domains tell nothing. */
static struct str country_of(struct str host, struct arena *a)
{
	char two[2];
	if (host.n < 4 || host.p[host.n - 3] != '.')
		return (struct str){0};
	for (int i = 0; i < 2; i++) {
		two[i] = (char)str_lower1((unsigned char)host.p[host.n - 2 + (size_t)i]);
		if (two[i] < 'a' || two[i] > 'z')
			return (struct str){0};
		two[i] = (char)(two[i] - 32);
	}
	return arena_str(a, (struct str){two, 2});
}

/* What the host says of the variety: an option, never part of variety_score. Where Portuguese is official outside Brazil, the norm is the
 * European one. */
static float host_prior(const struct filter *f, struct str country)
{
	static const char europe[][3] = {"PT", "AO", "MZ", "CV", "GW", "ST", "TL", "MO"};
	float p = (float)f->conf->host_prior;
	for (size_t i = 0; i < sizeof(europe) / sizeof(*europe); i++)
		if (str_eq(country, (struct str){europe[i], 2}))
			return p;
	return str_eq(country, STR("BR")) ? 1 - p : 0.5f;
}

/* Language and variety into the document. */
static void tell(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	struct verdict v;
	judge_text(f->judge, s->judge, d->text, &v);
	d->language = str_of(v.language);
	d->language_score = v.language_score;
	d->variety_score = v.variety[0] ? v.variety_score : NAN;
	float prior = host_prior(f, d->country);
	if (v.variety[0] && prior != 0.5f) {
		judge_prior(f->judge, prior, &v);
		doc_signal(d, b->arena, "variety_prior", prior);
	}
	d->variety = str_of(v.variety);
	if (f->conf->portuguese_lines > 0 && v.variety[0])
		doc_signal(d, b->arena, "portuguese_lines", judge_lines(f->judge, s->judge, d->text));
}

static bool wanted(const struct filter *f, const struct doc *d)
{
	switch (f->conf->keep) {
	case KEEP_PORTUGAL:
		return str_eq(d->variety, STR("pt-PT")) || (str_eq(d->variety, STR("pt")) && str_eq(d->country, STR("PT")));
	case KEEP_STRICT:
		return str_eq(d->variety, STR("pt-PT"));
	default:
		return true;
	}
}

/* A number in the tally as "filter.NAME", and in the document's signals. */
static void note(struct doc *d, struct batch *b, const char *name, uint32_t n)
{
	char text[48] = "filter.";
	strncat(text, name, 32);
	tally_note(b->tally, text, n);
	doc_signal(d, b->arena, name, (float)n);
}

static void note_all(struct doc *d, struct batch *b, const char *const *names, const uint32_t *counts)
{
	for (int i = 0; names[i]; i++)
		if (counts[i])
			note(d, b, names[i], counts[i]);
}

/* What is in s->text becomes the document's. */
static void take_text(struct scratch *s, struct doc *d, struct batch *b)
{
	d->text = arena_str(b->arena, buf_view(&s->text));
}

static void repair_and_clean(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b, struct str host)
{
	uint32_t counts[LINES_KINDS] = {0}, lines = f->conf->repair ? repair_text(s->repair, d->text, &s->text) : 0;
	const struct lines_rules rules = {f->conf->clean_cookies, f->conf->clean_menus, f->counted, host, (uint32_t)f->conf->line_pages};
	if (lines) {
		take_text(s, d, b);
		note(d, b, "repaired_lines", lines);
	}
	if (f->counting)
		lines_sketch_add(f->counting, host, d->text, &s->quality->repeat);
	if (lines_clean(d->text, &rules, &s->text, counts)) {
		take_text(s, d, b);
		note_all(d, b, lines_names, counts);
	}
}

static void by_c4(struct scratch *s, struct doc *d, struct batch *b)
{
	static const int reasons[] = {[C4_LOREM] = LOREM, [C4_CURLY] = CURLY, [C4_SENTENCES] = SENTENCES};
	uint32_t sentences;
	enum c4_verdict v = c4_clean(d->text, &s->title, &s->text, &sentences);
	if (v == C4_KEEP)
		take_text(s, d, b);
	else
		doc_drop(d, &filter_why[reasons[v]]);
	if (v == C4_LOREM || v == C4_CURLY)
		doc_signal(d, b->arena, v == C4_LOREM ? "c4_lorem" : "c4_curly", 1);
	else
		doc_signal(d, b->arena, "c4_sentences", (float)sentences);
}

/* The words of the text and all that is counted over them. */
static void measure(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b, double q[QUALITY_SIGNALS], double page[PAGE_SIGNALS])
{
	uint32_t counts[LINES_KINDS] = {0};
	const struct words *w = &s->quality->words;
	struct page_facts facts = {.words = w, .links = doc_signal_get(d, "links")};
	uint32_t *found = facts.found;
	quality_measure(s->quality, d->text, q);
	lexicon_count(f->lexicon, w, 0, w->n, found);
	if (f->conf->clean_foreign && found[LEX_FOREIGN] >= LINES_FOREIGN_LEAST && lines_foreign(d->text, w, f->lexicon, &s->text, counts)) {
		take_text(s, d, b);
		note_all(d, b, lines_names, counts);
		quality_measure(s->quality, d->text, q);
		lexicon_count(f->lexicon, w, 0, w->n, found);
	}
	facts.text = d->text;
	facts.title_hits = page_title(f->lexicon, &s->title, d->title);
	page_measure(&facts, &s->quality->repeat, page);
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (!isnan(q[i]))
			doc_signal(d, b->arena, quality_names[i], (float)q[i]);
	for (int i = 0; i < PAGE_SIGNALS; i++)
		if (!isnan(page[i]))
			doc_signal(d, b->arena, page_names[i], (float)page[i]);
	if (f->worth)
		doc_signal(d, b->arena, "quality_score", worth_of(f->worth, w, &s->quality->repeat, s->ids));
	if (f->perplexity)
		doc_signal(d, b->arena, "perplexity", (float)perplexity_of(f->perplexity, w));
}

static void decide(const struct filter *f, struct doc *d, const double q[QUALITY_SIGNALS], const double page[PAGE_SIGNALS])
{
	if (!wanted(f, d))
		doc_drop(d, &filter_why[VARIETY]);
	for (int i = 0; i < PAGE_SIGNALS; i++)
		if (page[i] > f->page_most[i])
			doc_drop(d, &filter_why[PAGE + i]);
	if (doc_signal_get(d, "quality_score") < (float)f->conf->quality_score)
		doc_drop(d, &filter_why[WORTH]);
	float p = doc_signal_get(d, "perplexity");
	if (p < (float)f->conf->min_perplexity || (f->conf->max_perplexity > 0 && p > (float)f->conf->max_perplexity))
		doc_drop(d, &filter_why[PERPLEXITY]);
	enum quality_signal bad = quality_judge(q, f->bounds);
	if (bad != QUALITY_SIGNALS)
		doc_drop(d, &filter_why[QUALITY + bad]);
}

static void find_benchmarks(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	uint32_t found = decontaminate_find(f->benchmarks, d->text, f->conf->cut_contaminated ? &s->text : NULL);
	if (!found)
		return;
	note(d, b, "contaminated", found);
	if (f->conf->cut_contaminated)
		take_text(s, d, b);
	else
		doc_drop(d, &filter_why[CONTAMINATED]);
}

static void mask(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	uint32_t counts[PII_KINDS] = {0};
	if (!pii_mask(d->text, (enum pii_style)f->conf->mask_style, &s->text, counts))
		return;
	take_text(s, d, b);
	note_all(d, b, pii_names, counts);
}

static bool right_language(const struct filter *f, const struct doc *d)
{
	if (f->conf->keep == KEEP_ALL)
		return true;
	/* A text without a line long enough to tell has no share, and is not asked for one. */
	bool mixed = doc_signal_get(d, "portuguese_lines") < (float)f->conf->portuguese_lines;
	return str_eq(d->language, str_of(judge_languages[0])) && d->language_score >= (float)f->conf->language_score && !mixed;
}

/* The variety anew, by the score that was kept; a label without one stays. */
static void name_again(const struct filter *f, struct doc *d, struct batch *b)
{
	float prior = host_prior(f, d->country), was = doc_signal_get(d, "variety_prior");
	struct verdict v = {.variety = "pt", .variety_score = d->variety_score};
	if (isnan(d->variety_score) || !d->variety.n)
		return;
	if (prior != 0.5f)
		doc_signal(d, b->arena, "variety_prior", prior);
	else if (!isnan(was))
		prior = was;
	v.variety = judge_variety(f->judge, v.variety_score);
	if (prior != 0.5f)
		judge_prior(f->judge, prior, &v);
	d->variety = str_of(v.variety);
}

static void by_c4_signals(struct doc *d)
{
	if (doc_signal_get(d, "c4_lorem") > 0)
		doc_drop(d, &filter_why[LOREM]);
	if (doc_signal_get(d, "c4_curly") > 0)
		doc_drop(d, &filter_why[CURLY]);
	if (doc_signal_get(d, "c4_sentences") < C4_LEAST_SENTENCES)
		doc_drop(d, &filter_why[SENTENCES]);
}

/* Thresholds over what an earlier run wrote; its reasons for what it left out are judged anew. What it left out was not masked. */
static void by_signals(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	double q[QUALITY_SIGNALS], page[PAGE_SIGNALS];
	if (f->conf->c4)
		by_c4_signals(d);
	name_again(f, d, b);
	if (!right_language(f, d)) {
		doc_drop(d, &filter_why[LANGUAGE]);
		return;
	}
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		q[i] = (double)doc_signal_get(d, quality_names[i]);
	for (int i = 0; i < PAGE_SIGNALS; i++)
		page[i] = (double)doc_signal_get(d, page_names[i]);
	decide(f, d, q, page);
	if (f->benchmarks)
		find_benchmarks(f, s, d, b);
	else if (doc_signal_get(d, "contaminated") > 0 && !f->conf->cut_contaminated)
		doc_drop(d, &filter_why[CONTAMINATED]);
	if (!d->drop && f->conf->mask)
		mask(f, s, d, b);
}

static void one(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	double q[QUALITY_SIGNALS], page[PAGE_SIGNALS];
	struct str host = host_of(d->url);
	d->country = country_of(host, b->arena);
	if (f->blocked && blocklist_has(f->blocked, d->url))
		doc_drop(d, &filter_why[BLOCKED]);
	if (f->conf->from_signals) {
		by_signals(f, s, d, b);
		return;
	}
	if (utf8_valid(d->text) != d->text.n) {
		doc_drop(d, &filter_why[UTF8]);
		return;
	}
	repair_and_clean(f, s, d, b, host);
	if (f->conf->c4)
		by_c4(s, d, b);
	tell(f, s, d, b);
	if (!right_language(f, d)) {
		doc_drop(d, &filter_why[LANGUAGE]);
		if (!d->variety.n)
			return;
	}
	measure(f, s, d, b, q, page);
	decide(f, d, q, page);
	if (f->benchmarks)
		find_benchmarks(f, s, d, b);
	if (!d->drop && f->conf->mask)
		mask(f, s, d, b);
}

static int filter_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)e;
	BATCH_EACH(b, d)
	one(shared, worker, d, b);
	return 0;
}

static int filter_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct filter *f = shared;
	(void)t;
	int rc = f->counting && done ? lines_sketch_write(f->counting, f->conf->count_lines, e) : 0;
	filter_free(f);
	return rc;
}

const struct stage filter_stage = {
	.name = "filter",
	.summary = "text in, verdicts out",
	.reads = DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_URL),
	.writes = DOC_BIT(DOC_LANGUAGE) | DOC_BIT(DOC_LANGUAGE_SCORE) | DOC_BIT(DOC_VARIETY) | DOC_BIT(DOC_VARIETY_SCORE) | DOC_BIT(DOC_COUNTRY) | DOC_BIT(DOC_SIGNALS) | DOC_BIT(DOC_TEXT),
	.drops = filter_why,
	.signals = filter_signals,
	.opts = filter_opts,
	.conf_size = sizeof(struct filter_conf),
	.open = filter_open,
	.start = filter_start,
	.map = filter_map,
	.stop = filter_stop,
	.close = filter_close,
};
