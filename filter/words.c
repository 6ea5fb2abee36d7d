#include "filter/words.h"

#include "core/utf8.h"
#include "filter/affix.h"

#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct words_scratch {
	struct affix_work affix;
	struct span {
		uint32_t from, to; /* words: first and last */
	} *joins;
	uint32_t n_joins, cap_joins;
};

bool words_is_space(uint32_t c)
{
	return affix_flags_of(c) & AFFIX_SPACE;
}

bool words_is_terminal(uint32_t c)
{
	return affix_flags_of(c) & AFFIX_TERMINAL;
}

bool words_is_punct(uint32_t c)
{
	return affix_flags_of(c) & AFFIX_PUNCT;
}

bool words_is_sentence(uint32_t c)
{
	return affix_flags_of(c) & AFFIX_SENTENCE;
}

static void *room(void *p, uint32_t *cap, uint32_t n, size_t size)
{
	if (n <= *cap)
		return p;
	*cap = n > 2 * *cap ? n + 64 : 2 * *cap;
	return own_grow(p, *cap * size);
}

/* Short words by two overlapping reads and one wide product; the rest by XXH3. */
uint64_t words_hash(struct str s)
{
	const char *p = s.p;
	size_t n = s.n;
	uint64_t a, b;
	uint32_t c, d;
	if (n > 16)
		return XXH3_64bits(p, n);
	if (n >= 8) {
		memcpy(&a, p, 8);
		memcpy(&b, p + n - 8, 8);
	} else if (n >= 4) {
		memcpy(&c, p, 4);
		memcpy(&d, p + n - 4, 4);
		a = c, b = d;
	} else {
		a = (unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8;
		b = (unsigned char)p[n - 1];
	}
	__uint128_t m = (__uint128_t)(a ^ 0x2D358DCCAA6C78A5u) * (b ^ 0x8BB84B93962EACC9u);
	return (uint64_t)m ^ (uint64_t)(m >> 64) ^ n * 0x9E3779B97F4A7C15u;
}

static struct word *push(struct words *w, struct str text, size_t from, size_t to)
{
	if (w->n == w->cap)
		w->v = room(w->v, &w->cap, w->n + 1024, sizeof(*w->v));
	struct word *k = &w->v[w->n++];
	*k = (struct word){.at = (uint32_t)from, .n = (uint32_t)(to - from), .hash = words_hash((struct str){text.p + from, to - from})};
	return k;
}

/* A word of any characters. */
static void add(struct words *w, struct str text, size_t from, size_t to)
{
	struct word *k = push(w, text, from, to);
	k->symbol = true;
	for (const char *p = text.p + from, *end = text.p + to; p < end; k->chars++) {
		uint32_t c = utf8_next(&p, end), f = affix_flags_of(c);
		k->symbol &= (f & AFFIX_SYMBOL) != 0;
		k->alpha |= (f & AFFIX_LETTER) != 0;
		k->wide |= c >= 128;
	}
}

static struct str text_of(const struct words *w, struct str text, uint32_t i)
{
	return (struct str){text.p + w->v[i].at, w->v[i].n};
}

/* The specials that were cut by the rules and stand in one piece: words first..last. */
static void find_joins(struct words *w, struct str text, uint32_t first)
{
	struct words_scratch *s = w->scratch;
	for (uint32_t i = first; i < w->n; i++) {
		const struct affix_edge *x = affix_edge(0, text_of(w, text, i));
		for (uint32_t k = i + 1; x && k < w->n; k++) {
			x = affix_edge(x->to, text_of(w, text, k));
			if (!x || !x->final)
				continue;
			s->joins = room(s->joins, &s->cap_joins, s->n_joins + 1, sizeof(*s->joins));
			s->joins[s->n_joins++] = (struct span){i, k};
		}
	}
}

/* spaCy keeps the longest of overlapping matches, then the first, and counts those across a blank too, which change nothing themselves. */
static bool shadowed(const struct words *w, struct str text, struct span j)
{
	uint32_t length = j.to - j.from, begin = j.from > AFFIX_PHRASE_MAX ? j.from - AFFIX_PHRASE_MAX : 0;
	for (uint32_t i = begin; i <= j.to; i++) {
		const struct affix_edge *x = affix_edge(0, text_of(w, text, i));
		for (uint32_t k = i + 1; x && k < w->n; k++) {
			uint32_t end = w->v[k - 1].at + w->v[k - 1].n, gap = w->v[k].at - end;
			if (gap > 1 || (gap && text.p[end] != ' '))
				break;
			x = affix_edge(x->to, text_of(w, text, k));
			bool first = k - i > length || (k - i == length && i < j.from);
			bool covers = (i <= j.from && j.from <= k) || (i <= j.to && j.to <= k);
			if (x && x->final && first && covers)
				return true;
		}
	}
	return false;
}

static void join(struct words *w, struct str text)
{
	struct words_scratch *s = w->scratch;
	struct words old = {.v = w->v, .n = w->n};
	uint32_t kept = 0, done = 0;
	for (uint32_t i = 0; i < s->n_joins; i++)
		if (!shadowed(w, text, s->joins[i]))
			s->joins[kept++] = s->joins[i];
	if (!kept)
		return;
	w->v = NULL;
	w->n = w->cap = 0;
	for (uint32_t i = 0; i <= kept; i++) {
		uint32_t to = i < kept ? s->joins[i].from : old.n;
		w->v = room(w->v, &w->cap, w->n + (to - done) + 4, sizeof(*w->v));
		memcpy(w->v + w->n, old.v + done, (to - done) * sizeof(*w->v));
		w->n += to - done;
		if (i == kept)
			break;
		done = s->joins[i].to + 1;
		uint32_t at = old.v[to].at, end = old.v[done - 1].at + old.v[done - 1].n;
		const struct affix_special *x = affix_special(text.p + at, end - at);
		if (x)
			for (int k = 0; k < 3 && x->parts[k]; at += x->parts[k++])
				add(w, text, at, at + x->parts[k]);
	}
	free(old.v);
}

static void by_rules(struct words *w, struct str text, size_t from, size_t to)
{
	struct affix_work *a = &w->scratch->affix;
	uint32_t first = w->n;
	affix_cut(a, text, from, to);
	for (uint32_t i = 0; i < a->n_spans; i++)
		add(w, text, a->spans[i].from, a->spans[i].to);
	if (w->n > first + 1)
		find_joins(w, text, first);
}

#ifdef __SSE2__
/* How many of the 16 bytes at p are ASCII letters, up to the first that is none. */
static unsigned ascii_letters(const char *p)
{
	__m128i x = _mm_or_si128(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8(32));
	__m128i in = _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8('a' - 1)), _mm_cmplt_epi8(x, _mm_set1_epi8('z' + 1)));
	return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(in) ^ 0xFFFFFFFF);
}
#endif

/* Letters of ASCII and Latin-1 from p on; *chars of them. */
static const char *letters(const char *p, const char *end, uint32_t *chars)
{
	const char *from = p;
	uint32_t two = 0;
	for (; p < end; p++) {
#ifdef __SSE2__
		if (end - p > 16)
			p += ascii_letters(p);
#endif
		unsigned kind = affix_kinds[(unsigned char)*p];
		if (kind == AFFIX_K_LETTER)
			continue;
		/* U+00D7 and U+00F7 are signs. */
		if (kind != AFFIX_K_LATIN || p + 1 >= end || ((unsigned char)p[1] & 0xDF) == 0x97)
			break;
		p++;
		two++;
	}
	*chars = (uint32_t)(p - from) - two;
	return p;
}

static bool low(const char *p, size_t n)
{
	unsigned char c = (unsigned char)p[n - 1];
	return (c >= 'a' && c <= 'z') || (n > 1 && c >= 0x9F && c <= 0xBF && (unsigned char)p[n - 2] == 0xC3);
}

/* Is the white space of more than one byte at p? Its length. */
static size_t far_blank(const char *p, const char *end)
{
	const char *q = p;
	unsigned char c = (unsigned char)*p;
	if (c != 0xC2 && (c < 0xE1 || c > 0xE3))
		return 0;
	return words_is_space(utf8_next(&q, end)) ? (size_t)(q - p) : 0;
}

static void letters_word(struct words *w, struct str text, const char *from, const char *to, uint32_t chars)
{
	struct word *k = push(w, text, (size_t)(from - text.p), (size_t)(to - text.p));
	k->chars = chars;
	k->alpha = true;
	k->wide = chars != k->n;
}

static const char *piece_end(const char *p, const char *end)
{
	while (p < end && affix_kinds[(unsigned char)*p] != AFFIX_K_BLANK && !(affix_kinds[(unsigned char)*p] == AFFIX_K_FAR && far_blank(p, end)))
		p++;
	return p;
}

/* A piece that begins at p; returns its end. */
static const char *piece(struct words *w, struct str text, const char *p)
{
	const char *end = text.p + text.n;
	uint32_t chars;
	const char *q = letters(p, end, &chars);
	if (q > p && (q == end || affix_kinds[(unsigned char)*q] == AFFIX_K_BLANK)) {
		letters_word(w, text, p, q, chars);
		return q;
	}
	size_t n = (size_t)(q - p);
	if (n && affix_kinds[(unsigned char)*q] == AFFIX_K_MARK && (q + 1 == end || affix_kinds[(unsigned char)q[1]] == AFFIX_K_BLANK) &&
	    (*q != '.' || (low(p, n) && (n > 5 || !affix_special(p, n + 1))))) {
		letters_word(w, text, p, q, chars);
		struct word *k = push(w, text, (size_t)(q - text.p), (size_t)(q + 1 - text.p));
		k->chars = 1;
		k->symbol = true;
		return q + 1;
	}
	q = piece_end(q, end);
	if (q - p > WORDS_PIECE_MAX)
		add(w, text, (size_t)(p - text.p), (size_t)(q - text.p));
	else
		by_rules(w, text, (size_t)(p - text.p), (size_t)(q - text.p));
	return q;
}

size_t words_split(struct words *w, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	w->n = 0;
	if (!w->scratch)
		w->scratch = own_zalloc(sizeof(*w->scratch));
	w->scratch->n_joins = 0;
	while (p < end && w->n < WORDS_MAX) {
		unsigned kind = affix_kinds[(unsigned char)*p];
		size_t far = kind == AFFIX_K_FAR ? far_blank(p, end) : 0;
		if (kind == AFFIX_K_BLANK || far)
			p += far ? far : 1;
		else
			p = piece(w, text, p);
	}
	if (w->scratch->n_joins)
		join(w, text);
	return (size_t)(p - text.p);
}

void words_free(struct words *w)
{
	if (w->scratch) {
		affix_free(&w->scratch->affix);
		free(w->scratch->joins);
		free(w->scratch);
	}
	free(w->v);
	*w = (struct words){0};
}
