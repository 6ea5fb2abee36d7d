#include "filter/quality.h"

#include "core/utf8.h"
#include "filter/affix.h"
#include "filter/ending.h"

#include <math.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *const quality_names[QUALITY_SIGNALS + 1] = {
	"words", "word_length", "hash_ratio", "ellipsis_ratio", "bullet_lines", "ellipsis_lines", "alpha_words", "stop_words",
	"dup_line_frac", "dup_line_chars", "dup_para_frac", "dup_para_chars", "top_2_gram", "top_3_gram", "top_4_gram",
	"dup_5_grams", "dup_6_grams", "dup_7_grams", "dup_8_grams", "dup_9_grams", "dup_10_grams",
	"line_punct", "short_lines", "char_dup_ratio", "new_line_ratio", "third_line", NULL};

enum { SHORT_LINE = 30 }; /* characters */

static void place_stops(struct quality_work *w);

struct quality_work *quality_start(void)
{
	struct quality_work *w = own_zalloc(sizeof(*w));
	place_stops(w);
	return w;
}

struct quality_work *quality_stop(struct quality_work *w)
{
	if (!w)
		return NULL;
	words_free(&w->words);
	repeat_free(&w->repeat);
	free(w);
	return NULL;
}

/* ---- lines ---- */

struct counts {
	uint64_t chars, breaks, hashes; /* of the text: characters, LFs, # signs                    */
	uint32_t lines, dup_lines;	/* between runs of LFs (Gopher); those that were there before */
	uint64_t dup_chars;
	uint32_t filled, punct, brief; /* lines that are not blank (FineWeb); of them: end in punctuation, short */
	uint64_t filled_dup_chars;
	uint32_t split, bullets, ellipses; /* lines as str.splitlines cuts them */
	uint32_t dots_char, empty;	   /* ellipsis characters; empty lines */
	uint32_t dots;			   /* ellipses of three dots */
	bool other_ends;		   /* there are line ends other than LF */
	uint32_t longest[3];		   /* characters of the longest lines, longest first */
};

struct signs {
	uint32_t chars, hashes; /* characters, # signs                                   */
	bool dots, odd;		/* two dots in a row; what may be a line end, or a far … */
};

static void scan_bytes(struct str s, struct signs *x)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char b = (unsigned char)s.p[i];
		x->chars += (b & 0xC0) != 0x80;
		x->hashes += b == '#';
		x->odd |= (b < 0x1F && b != '\t') || b == 0xC2 || b == 0xE2;
		x->dots |= b == '.' && i + 1 < s.n && s.p[i + 1] == '.';
	}
}

static void scan(struct str s, struct signs *x)
{
#ifdef __SSE2__
	const __m128i zero = _mm_setzero_si128();
	__m128i inside = zero; /* bytes inside characters */
	size_t bytes = 0;
	/* A byte more than the block, for pairs of dots. */
	while (s.n > 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)s.p), next = _mm_loadu_si128((const __m128i *)(s.p + 1)), dot = _mm_set1_epi8('.');
		__m128i control = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')), _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1E)), v));
		__m128i lead = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC2)), _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xE2)));
		__m128i dots = _mm_and_si128(_mm_cmpeq_epi8(v, dot), _mm_cmpeq_epi8(next, dot));
		int hashes = _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('#')));
		inside = _mm_add_epi64(inside, _mm_sad_epu8(_mm_sub_epi8(zero, _mm_cmplt_epi8(v, _mm_set1_epi8(-64))), zero));
		if (hashes)
			x->hashes += (uint32_t)__builtin_popcount((unsigned)hashes);
		x->odd |= _mm_movemask_epi8(_mm_or_si128(control, lead)) != 0;
		x->dots |= _mm_movemask_epi8(dots) != 0;
		s = str_from(s, 16);
		bytes += 16;
	}
	/* The last bytes, as a part of the 16 that end with them. */
	if (bytes && s.n) {
		__m128i v = _mm_loadu_si128((const __m128i *)(s.p + s.n - 16)), dot = _mm_cmpeq_epi8(v, _mm_set1_epi8('.'));
		__m128i control = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')), _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1E)), v));
		__m128i lead = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC2)), _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xE2)));
		unsigned old = 16 - (unsigned)s.n, hashes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('#'))) >> old;
		unsigned cont = (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(v, _mm_set1_epi8(-64))) >> old;
		x->hashes += (uint32_t)__builtin_popcount(hashes);
		x->odd |= (unsigned)_mm_movemask_epi8(_mm_or_si128(control, lead)) >> old != 0;
		x->dots |= (unsigned)_mm_movemask_epi8(_mm_and_si128(dot, _mm_srli_si128(dot, 1))) >> old != 0;
		x->chars += (uint32_t)s.n - (uint32_t)__builtin_popcount(cont);
		s.n = 0;
	}
	x->chars += (uint32_t)(bytes - (size_t)_mm_cvtsi128_si64(_mm_add_epi64(inside, _mm_unpackhi_epi64(inside, inside))));
#endif
	scan_bytes(s, x);
}

/* The character before p, and where it begins. */
static const char *last_char(const char *from, const char *p, uint32_t *c)
{
	const char *q = p - 1;
	while (q > from && ((unsigned char)*q & 0xC0) == 0x80)
		q--;
	const char *at = q;
	*c = utf8_next(&at, p);
	return q;
}

/* Without white space at either end, as str.strip does it. */
static struct str strip(struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		const char *q = p;
		if (!words_is_space(utf8_next(&q, end)))
			break;
		p = q;
	}
	while (end > p) {
		uint32_t c;
		const char *q = last_char(p, end, &c);
		if (!words_is_space(c))
			break;
		end = q;
	}
	return str_range(p, end);
}

static void split_line(struct str stripped, struct counts *c)
{
	c->split++;
	c->bullets += str_starts(stripped, STR("•")) || str_starts(stripped, STR("-"));
	c->ellipses += str_ends(stripped, STR("...")) || str_ends(stripped, STR("…"));
}

static void look_closer(struct str s, struct counts *c)
{
	for (const char *p = s.p, *end = s.p + s.n; p < end; p++) {
		unsigned char b = (unsigned char)*p;
		if (b >= 0x20 && b != 0xC2 && b != 0xE2)
			continue;
		c->other_ends |= ending_at(p, end) != 0;
		c->dots_char += end - p >= 3 && memcmp(p, "…", 3) == 0;
	}
}

/* The lines of a text that holds other line ends than LF. */
static void split_again(struct str text, struct counts *c)
{
	const char *from = text.p, *end = text.p + text.n;
	c->split = c->bullets = c->ellipses = 0;
	for (const char *p = from; p < end;) {
		size_t n = ending_at(p, end);
		if (n) {
			split_line(strip(str_range(from, p)), c);
			from = p + n;
		}
		p += n ? n : 1;
	}
	if (from < end)
		split_line(strip(str_range(from, end)), c);
}

static void keep_longest(struct counts *c, uint32_t chars)
{
	uint32_t *l = c->longest;
	for (int i = 0; i < 3; i++)
		if (chars > l[i]) {
			uint32_t t = l[i];
			l[i] = chars;
			chars = t;
		}
}

static uint32_t count_of(struct str text, struct str what)
{
	uint32_t n = 0;
	for (size_t at; (at = str_find(text, what)) < text.n; n++)
		text = str_from(text, at + what.n);
	return n;
}

static void one_line(struct repeat *r, struct str line, bool last, struct counts *c)
{
	struct signs x = {0};
	uint32_t known = r->n_keys, end;
	scan(line, &x);
	uint32_t chars = x.chars;
	c->hashes += x.hashes;
	c->dots += x.dots ? count_of(line, STR("...")) : 0;
	c->empty += line.n == 0 && !last;
	c->chars += chars;
	keep_longest(c, chars);
	struct str bare = strip(line);
	if (x.odd)
		look_closer(line, c);
	if (line.n || !last)
		split_line(bare, c);
	if (!line.n)
		return;
	c->lines++;
	bool fresh = repeat_find(r, XXH3_64bits(line.p, line.n)) == known;
	c->dup_lines += !fresh;
	c->dup_chars += fresh ? 0 : chars;
	if (!bare.n)
		return;
	last_char(line.p, line.p + line.n, &end);
	c->filled++;
	c->punct += words_is_terminal(end);
	c->brief += chars <= SHORT_LINE;
	c->filled_dup_chars += fresh ? 0 : chars;
}

static void count_lines(struct repeat *r, struct str text, struct counts *c)
{
	for (const char *p = text.p, *end = p + text.n; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		c->breaks++;
	repeat_forget(r, (uint32_t)c->breaks + 1);
	struct str rest = text;
	for (bool last = false; !last;) {
		struct str line = str_cut(rest, '\n', &rest);
		last = !rest.p;
		one_line(r, line, last, c);
	}
	if (c->other_ends)
		split_again(text, c);
	c->chars += c->breaks;
	/* Splitting at runs of LFs leaves an empty string where the text begins or ends with one; the second of them is a repeated one. */
	uint32_t outer = text.n ? (text.p[0] == '\n') + (text.p[text.n - 1] == '\n') : 0;
	if (text.n == c->breaks)
		outer = 2;
	c->lines += outer;
	c->dup_lines += outer == 2;
}

/* Paragraphs of the stripped text, between runs of two LFs or more. */
static void count_paragraphs(struct repeat *r, struct str text, uint64_t breaks, double chars, double *frac, double *share)
{
	uint64_t n = 0, dup = 0, dup_chars = 0;
	repeat_forget(r, (uint32_t)(breaks / 2) + 1);
	text = strip(text);
	for (struct str rest = text;;) {
		size_t at = str_find(rest, STR("\n\n"));
		struct str para = str_head(rest, at);
		uint32_t known = r->n_keys;
		bool fresh = repeat_find(r, XXH3_64bits(para.p, para.n)) == known;
		n++;
		dup += !fresh;
		dup_chars += fresh ? 0 : utf8_count(para);
		if (at == rest.n)
			break;
		while (at < rest.n && rest.p[at] == '\n')
			at++;
		rest = str_from(rest, at);
	}
	*frac = (double)dup / (double)n;
	*share = (double)dup_chars / chars;
}

/* ---- words ---- */

/* The stop words of FineWeb-2, by hash: a place for each that none of the others has. */
static const char stop_words[][5] = {"de", "a", "e", "o", "em", "do", "da", "que", "um", "no", "uma", "com", "para", "na", "é", "foi"};

static void place_stops(struct quality_work *w)
{
	bool apart = false;
	for (w->stop_factor = 0x9E3779B97F4A7C15u; !apart; w->stop_factor += 2) {
		apart = true;
		memset(w->stops, 0, sizeof(w->stops));
		for (size_t i = 0; i < sizeof(stop_words) / sizeof(*stop_words); i++) {
			uint64_t hash = words_hash(str_of(stop_words[i])), *place = &w->stops[hash * w->stop_factor >> 58];
			apart &= !*place;
			*place = hash;
		}
		if (apart)
			break;
	}
}

static void measure_words(const struct quality_work *work, double out[QUALITY_SIGNALS])
{
	const struct words *w = &work->words;
	uint64_t length = 0, stops = 0;
	uint32_t symbols = 0, alpha = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		const struct word *k = &w->v[i];
		uint64_t place = k->hash * work->stop_factor >> 58;
		symbols += k->symbol;
		length += k->symbol ? 0 : k->chars;
		alpha += k->alpha;
		stops |= (uint64_t)(work->stops[place] == k->hash) << place;
	}
	uint32_t real = w->n - symbols, kinds = 0;
	for (; stops; stops &= stops - 1)
		kinds++;
	out[Q_WORDS] = real;
	out[Q_WORD_LENGTH] = real ? (double)length / real : NAN; /* as numpy has it: no bound holds it back */
	out[Q_ALPHA_WORDS] = (double)alpha / w->n;
	out[Q_STOP_WORDS] = kinds;
}

void quality_measure(struct quality_work *w, struct str text, double out[QUALITY_SIGNALS])
{
	uint64_t top[REPEAT_TOP], dup[REPEAT_DUP];
	struct counts c = {0};
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		out[i] = 0;
	text.n = words_split(&w->words, text);
	if (!w->words.n)
		return;
	measure_words(w, out);
	repeat_count(&w->repeat, &w->words, text, top, dup);
	count_lines(&w->repeat, text, &c);
	double n = w->words.n, chars = (double)c.chars;
	out[Q_HASH_RATIO] = (double)c.hashes / n;
	out[Q_ELLIPSIS_RATIO] = (double)(c.dots + c.dots_char) / n;
	out[Q_BULLET_LINES] = (double)c.bullets / c.split;
	out[Q_ELLIPSIS_LINES] = (double)c.ellipses / c.split;
	out[Q_DUP_LINES] = (double)c.dup_lines / c.lines;
	out[Q_DUP_LINE_CHARS] = (double)c.dup_chars / chars;
	if (c.empty)
		count_paragraphs(&w->repeat, text, c.breaks, chars, &out[Q_DUP_PARAS], &out[Q_DUP_PARA_CHARS]);
	for (int i = 0; i < REPEAT_TOP; i++)
		out[Q_TOP_2 + i] = (double)top[i] / chars;
	for (int i = 0; i < REPEAT_DUP; i++)
		out[Q_DUP_5 + i] = (double)dup[i] / chars;
	out[Q_LINE_PUNCT] = (double)c.punct / c.filled;
	out[Q_SHORT_LINES] = (double)c.brief / c.filled;
	out[Q_CHAR_DUP] = (double)c.filled_dup_chars / (double)(c.chars - c.breaks);
	out[Q_NEW_LINES] = (double)c.breaks / n;
	out[Q_THIRD_LINE] = c.longest[2];
}

/* ---- verdict ---- */

void quality_preset(enum quality_preset p, struct quality_bound b[QUALITY_SIGNALS])
{
	static const struct {
		enum quality_signal signal;
		double least, most;
	} por[] = {
		{Q_WORDS, 50, 100000}, {Q_WORD_LENGTH, 3, 13}, {Q_HASH_RATIO, NAN, .1}, {Q_ELLIPSIS_RATIO, NAN, .1}, {Q_BULLET_LINES, NAN, .9},
		{Q_ELLIPSIS_LINES, NAN, .3}, {Q_ALPHA_WORDS, .814, NAN}, {Q_STOP_WORDS, 2, NAN}, {Q_DUP_LINES, NAN, .287},
		{Q_TOP_2, NAN, .371}, {Q_TOP_3, NAN, .191}, {Q_TOP_4, NAN, .163}, {Q_DUP_5, NAN, .163}, {Q_DUP_6, NAN, .153}, {Q_DUP_7, NAN, .141},
		{Q_DUP_8, NAN, .13}, {Q_DUP_9, NAN, .119}, {Q_DUP_10, NAN, .108}, {Q_LINE_PUNCT, .077, NAN}, {Q_CHAR_DUP, NAN, .1},
		{Q_NEW_LINES, NAN, .186},
	};
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		b[i] = (struct quality_bound){NAN, NAN};
	if (p == QUALITY_NONE)
		return;
	for (size_t i = 0; i < sizeof(por) / sizeof(*por); i++)
		b[por[i].signal] = (struct quality_bound){por[i].least, por[i].most};
	if (p == QUALITY_PENEIRA)
		b[Q_ALPHA_WORDS].least = .7;
	if (p == QUALITY_AMALIA)
		b[Q_WORDS].least = 15;
}

enum quality_signal quality_judge(const double s[QUALITY_SIGNALS], const struct quality_bound b[QUALITY_SIGNALS])
{
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (s[i] < b[i].least || s[i] > b[i].most)
			return (enum quality_signal)i;
	return QUALITY_SIGNALS;
}
