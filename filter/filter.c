/* The order of tests: language, variety, then the quality rules; personal data is masked last, in what is kept. */
#include "filter/filter.h"

#include "core/utf8.h"
#include "filter/judge.h"
#include "filter/pii.h"
#include "filter/repair.h"

enum { UTF8, LANGUAGE, VARIETY, QUALITY }; /* QUALITY + i: quality signal i */
static const struct why filter_why[] = {
	[UTF8] = {"filter.utf8", "the text is not valid UTF-8"},
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
	{0},
};

static const char *const keeps[] = {"pt", "pt-PT", "pt-PT-strict", "all", NULL};
static const char *const presets[] = {"fineweb2-por", "amalia", "none", NULL};
static const char *const mask_styles[] = {"tags", "samples", NULL};
enum { KEEP_PT, KEEP_PORTUGAL, KEEP_STRICT, KEEP_ALL };

#define BOUND(name, side, signal, help) {OPT_REAL, 0, name, "X", help, offsetof(struct filter_conf, bounds) + (signal) * sizeof(struct quality_bound) + offsetof(struct quality_bound, side), .def = NAN, .hi = 1e9}
static const struct opt filter_opts[] = {
	{OPT_CHOICE, 0, "keep", "WHAT", "any Portuguese; pt-PT and undetermined text of Portuguese hosts; pt-PT alone; any language", offsetof(struct filter_conf, keep), .choices = keeps},
	{OPT_REAL, 0, "language-score", "P", "least probability of the language", offsetof(struct filter_conf, language_score), .def = 0.5, .hi = 1},
	{OPT_REAL, 0, "brazil-below", "P", "pt-BR at or below this probability of pt-PT", offsetof(struct filter_conf, low), .def = 0.2, .hi = 1},
	{OPT_REAL, 0, "portugal-above", "P", "pt-PT at or above this probability", offsetof(struct filter_conf, high), .def = 0.8, .hi = 1},
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
	{OPT_FLAG, 0, "repair", NULL, "put garbled characters, entities, ligatures and line ends right first", offsetof(struct filter_conf, repair), .def = 1},
	{OPT_FLAG, 0, "mask", NULL, "mask addresses, phone numbers, and numbers of documents and accounts", offsetof(struct filter_conf, mask), .def = 1},
	{OPT_CHOICE, 0, "mask-with", "WHAT", "what stands in their place", offsetof(struct filter_conf, mask_style), .choices = mask_styles},
	{OPT_TEXT, 0, "language-model", "FILE", "another language model than the built-in one", offsetof(struct filter_conf, language_model)},
	{OPT_TEXT, 0, "variety-model", "FILE", "another variety model than the built-in one", offsetof(struct filter_conf, variety_model)},
	{0},
};

struct filter {
	const struct filter_conf *conf;
	struct judge *judge;
	struct quality_bound bounds[QUALITY_SIGNALS];
};

struct scratch {
	struct judge_work *judge;
	struct quality_work *quality;
	struct repair *repair;
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

static int filter_open(void **shared, const void *conf, struct err *e)
{
	struct filter *f = own_zalloc(sizeof(*f));
	f->conf = conf;
	int rc = judge_open(&f->judge, f->conf->language_model, f->conf->variety_model, (float)f->conf->low, (float)f->conf->high, e);
	if (rc) {
		free(f);
		return rc;
	}
	quality_preset((enum quality_preset)f->conf->preset, f->bounds);
	own_bounds(f);
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
	buf_init(&s->text, BUF_NO_MAX);
	return s;
}

static void filter_stop(void *worker)
{
	struct scratch *s = worker;
	judge_stop(s->judge);
	quality_stop(s->quality);
	repair_stop(s->repair);
	buf_free(&s->text);
	free(s);
}

/* "PT" from "http://www.x.pt:80/..."; generic top-level domains tell nothing. */
static struct str country_of(struct str url, struct arena *a)
{
	size_t at = str_find(url, STR("://"));
	struct str host = at < url.n ? str_from(url, at + 3) : (struct str){0};
	size_t n = 0;
	while (n < host.n && host.p[n] != '/' && host.p[n] != ':' && host.p[n] != '?' && host.p[n] != '#')
		n++;
	host.n = n;
	if (n < 4 || host.p[n - 3] != '.')
		return (struct str){0};
	char two[2];
	for (int i = 0; i < 2; i++) {
		two[i] = (char)str_lower1((unsigned char)host.p[n - 2 + (size_t)i]);
		if (two[i] < 'a' || two[i] > 'z')
			return (struct str){0};
		two[i] = (char)(two[i] - 32);
	}
	return arena_str(a, (struct str){two, 2});
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

static void repair(struct scratch *s, struct doc *d, struct batch *b)
{
	uint32_t lines = repair_text(s->repair, d->text, &s->text);
	if (!lines)
		return;
	d->text = arena_str(b->arena, buf_view(&s->text));
	tally_note(b->tally, "filter.repaired_lines", lines);
	doc_signal(d, b->arena, "repaired_lines", (float)lines);
}

static void mask(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	uint32_t counts[PII_KINDS] = {0};
	if (!pii_mask(d->text, (enum pii_style)f->conf->mask_style, &s->text, counts))
		return;
	d->text = arena_str(b->arena, buf_view(&s->text));
	for (int i = 0; i < PII_KINDS; i++)
		if (counts[i]) {
			char note[48] = "filter.";
			strncat(note, pii_names[i], 32);
			tally_note(b->tally, note, counts[i]);
			doc_signal(d, b->arena, pii_names[i], (float)counts[i]);
		}
}

static void one(const struct filter *f, struct scratch *s, struct doc *d, struct batch *b)
{
	struct verdict v;
	double q[QUALITY_SIGNALS];
	if (utf8_valid(d->text) != d->text.n) {
		doc_drop(d, &filter_why[UTF8]);
		return;
	}
	if (f->conf->repair)
		repair(s, d, b);
	d->country = country_of(d->url, b->arena);
	judge_text(f->judge, s->judge, d->text, &v);
	d->language = str_of(v.language);
	d->language_score = v.language_score;
	d->variety = str_of(v.variety);
	d->variety_score = v.variety[0] ? v.variety_score : NAN;
	if (f->conf->keep != KEEP_ALL && (v.language != judge_languages[0] || v.language_score < (float)f->conf->language_score)) {
		doc_drop(d, &filter_why[LANGUAGE]);
		return;
	}
	quality_measure(s->quality, d->text, q);
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (!isnan(q[i]))
			doc_signal(d, b->arena, quality_names[i], (float)q[i]);
	if (!wanted(f, d))
		doc_drop(d, &filter_why[VARIETY]);
	enum quality_signal bad = quality_judge(q, f->bounds);
	if (bad != QUALITY_SIGNALS)
		doc_drop(d, &filter_why[QUALITY + bad]);
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
	(void)done, (void)t, (void)e;
	judge_free(f->judge);
	free(f);
	return 0;
}

const struct stage filter_stage = {
	.name = "filter",
	.summary = "text in, verdicts out",
	.reads = DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_URL),
	.writes = DOC_BIT(DOC_LANGUAGE) | DOC_BIT(DOC_LANGUAGE_SCORE) | DOC_BIT(DOC_VARIETY) | DOC_BIT(DOC_VARIETY_SCORE) | DOC_BIT(DOC_COUNTRY) | DOC_BIT(DOC_SIGNALS) | DOC_BIT(DOC_TEXT),
	.drops = filter_why,
	.signals = quality_names,
	.opts = filter_opts,
	.conf_size = sizeof(struct filter_conf),
	.open = filter_open,
	.start = filter_start,
	.map = filter_map,
	.stop = filter_stop,
	.close = filter_close,
};
