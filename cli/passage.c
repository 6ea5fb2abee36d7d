#include "cli/passage.h"

#include "core/utf8.h"

#include <math.h>
#include <stdlib.h>

enum { WORDS = 4000, LINES = 2000, SENTENCES = 200 };

/* ---- pieces of a text ---- */

static unsigned split(struct str text, struct str *out, unsigned max, bool (*ends)(struct str text, size_t i))
{
	unsigned n = 0;
	size_t from = 0;
	for (size_t i = 0; i <= text.n && n < max; i++) {
		if (i < text.n && !ends(text, i))
			continue;
		struct str s = str_trim((struct str){text.p + from, i - from});
		if (s.n)
			out[n++] = s;
		from = i;
	}
	return n;
}

static bool line_ends(struct str text, size_t i)
{
	return text.p[i] == '\n';
}

static bool word_ends(struct str text, size_t i)
{
	return (unsigned char)text.p[i] <= ' ';
}

static bool sentence_ends(struct str text, size_t i)
{
	if (text.p[i] == '\n')
		return true;
	return i && text.p[i] == ' ' && (text.p[i - 1] == '.' || text.p[i - 1] == '!' || text.p[i - 1] == '?');
}

/* Back to the first byte of a character, at most to `floor`. */
static size_t character(struct str s, size_t at, size_t floor)
{
	while (at > floor && at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	return at;
}

/* About PASSAGE_BYTES around `centre`, a slice of text. */
static void around(struct passage *p, struct str text, struct str centre)
{
	size_t at = (size_t)(centre.p - text.p), before = PASSAGE_BYTES / 4;
	size_t from = at > before ? character(text, at - before, 0) : 0;
	/* Not in the middle of a word. */
	if (from)
		while (from < at && (unsigned char)text.p[from] > ' ')
			from++;
	size_t to = from + PASSAGE_BYTES < text.n ? character(text, from + PASSAGE_BYTES, from) : text.n;
	if (to < text.n)
		for (size_t i = to; i > from + PASSAGE_BYTES - 60; i--)
			if ((unsigned char)text.p[i] <= ' ') {
				to = i;
				break;
			}
	p->text = (struct str){text.p + from, to - from};
	p->cut_before = from > 0;
	p->cut_after = to < text.n;
}

static void mark(struct passage *p, struct str s)
{
	const char *end = p->text.p + p->text.n;
	if (s.p < p->text.p || s.p >= end || p->n == PASSAGE_MARKS)
		return;
	if (s.p + s.n > end)
		s.n = (size_t)(end - s.p);
	if (p->n && s.p < p->marks[p->n - 1].p + p->marks[p->n - 1].n) {
		/* Overlapping ones become one. */
		struct str *last = &p->marks[p->n - 1];
		if (s.p + s.n > last->p + last->n)
			last->n = (size_t)(s.p + s.n - last->p);
		return;
	}
	p->marks[p->n++] = s;
}

/* ---- repeated lines and word groups ---- */

struct piece {
	struct str s;
	unsigned at; /* place in the text */
};

static int by_text(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int c = str_cmp(x->s, y->s);
	return c ? c : x->at < y->at ? -1 : 1;
}

/* The text that fills most by being there more than once; {NULL, 0} when nothing is. */
static struct str most_repeated(struct piece *v, unsigned n)
{
	struct str best = {0};
	size_t most = 0;
	qsort(v, n, sizeof(*v), by_text);
	for (unsigned i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && str_eq(v[k].s, v[i].s); k++)
			;
		size_t fills = (size_t)(k - i) * v[i].s.n;
		if (k - i > 1 && fills > most) {
			most = fills;
			best = v[i].s;
		}
	}
	return best;
}

static void repeated(struct passage *p, struct str text, unsigned words)
{
	unsigned max = words ? WORDS : LINES;
	struct str *one = own_alloc(max * sizeof(*one));
	struct piece *v = own_alloc(max * sizeof(*v));
	unsigned n = split(text, one, max, words ? word_ends : line_ends), pieces = 0;
	unsigned each = words ? words : 1;
	for (unsigned i = 0; i + each <= n; i++)
		v[pieces++] = (struct piece){str_range(one[i].p, one[i + each - 1].p + one[i + each - 1].n), i};
	struct str best = most_repeated(v, pieces);
	if (best.p) {
		/* The first places where it is. */
		around(p, text, best);
		size_t at = 0;
		for (struct str rest = p->text; (at = str_find(rest, best)) < rest.n; rest = str_from(rest, at + best.n))
			mark(p, (struct str){rest.p + at, best.n});
	}
	free(v);
	free(one);
}

/* ---- rules about lines ---- */

static bool breaks_rule(struct str line, struct str rule)
{
	unsigned char last = (unsigned char)line.p[line.n - 1];
	bool ellipsis = str_ends(line, STR("...")) || str_ends(line, STR("\u2026"));
	if (str_eq(rule, STR("line_punct")))
		return last != '.' && last != '!' && last != '?' && last != '"' && last != '\'' && last < 0x80;
	if (str_eq(rule, STR("short_lines")))
		return utf8_count(line) <= 30;
	if (str_eq(rule, STR("bullet_lines")))
		return str_starts(line, STR("\u2022")) || str_starts(line, STR("-"));
	if (str_eq(rule, STR("ellipsis_lines")) || str_eq(rule, STR("ellipsis_ratio")))
		return ellipsis;
	return false;
}

static void lines(struct passage *p, struct str text, struct str rule)
{
	struct str *one = own_alloc(LINES * sizeof(*one));
	unsigned n = split(text, one, LINES, line_ends), first = 0;
	while (first < n && !breaks_rule(one[first], rule))
		first++;
	if (first < n) {
		around(p, text, one[first]);
		for (unsigned i = first; i < n; i++)
			if (breaks_rule(one[i], rule))
				mark(p, one[i]);
	}
	free(one);
}

/* ---- language and variety: which sentence says it ---- */

static double clear(const struct verdict *v, struct str reason, double whole)
{
	if (str_eq(reason, STR("filter.language")))
		return strcmp(v->language, "por_Latn") != 0 ? (double)v->language_score : 0;
	if (!v->variety[0])
		return 0;
	/* In the direction in which the whole text leans. */
	return whole >= 0.5 ? (double)v->variety_score : 1 - (double)v->variety_score;
}

static void sentence(struct passage *p, struct str text, struct str reason, const struct judge *j, struct judge_work *w)
{
	struct str *one = own_alloc(SENTENCES * sizeof(*one)), best = {0};
	struct verdict v;
	double most = 0;
	judge_text(j, w, text, &v);
	double whole = (double)v.variety_score;
	unsigned n = split(text, one, SENTENCES, sentence_ends);
	for (unsigned i = 0; i < n; i++) {
		if (one[i].n < 30 || one[i].n > PASSAGE_BYTES)
			continue;
		judge_text(j, w, one[i], &v);
		double x = clear(&v, reason, whole);
		if (x > most) {
			most = x;
			best = one[i];
		}
	}
	if (best.p) {
		around(p, text, best);
		mark(p, best);
	}
	free(one);
}

static unsigned gram_words(struct str rule)
{
	static const struct {
		const char *name;
		unsigned words;
	} grams[] = {{"top_2_gram", 2}, {"top_3_gram", 3}, {"top_4_gram", 4}, {"dup_5_grams", 5}, {"dup_6_grams", 6}, {"dup_7_grams", 7}, {"dup_8_grams", 8},
		     {"dup_9_grams", 9}, {"dup_10_grams", 10}};
	for (size_t i = 0; i < sizeof(grams) / sizeof(*grams); i++)
		if (str_eq(rule, str_of(grams[i].name)))
			return grams[i].words;
	return 0;
}

void passage_find(struct passage *p, struct str text, struct str reason, const struct judge *j, struct judge_work *w)
{
	struct str rule, stage = str_cut(reason, '.', &rule);
	*p = (struct passage){0};
	text = str_trim(text);
	around(p, text, (struct str){text.p, 0});
	if (!text.n)
		return;
	if (!reason.n || str_eq(rule, STR("language")) || str_eq(rule, STR("variety")))
		sentence(p, text, reason, j, w);
	else if (!str_eq(stage, STR("filter")))
		return;
	else if (gram_words(rule))
		repeated(p, text, gram_words(rule));
	else if (str_starts(rule, STR("dup_")) || str_eq(rule, STR("char_dup_ratio")))
		repeated(p, text, 0);
	else
		lines(p, text, rule);
}
