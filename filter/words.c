#include "filter/words.h"

#include "core/utf8.h"
#include "filter/affix.h"
#include "filter/letters.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct words_scratch {
	struct affix_work affix;
	struct letters letters;
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

/* Words of up to 16 bytes, zeros behind them, by one wide product; the rest by XXH3. */
static inline uint64_t hash_short(uint64_t a, uint64_t b, size_t n)
{
	__uint128_t m = (__uint128_t)(a ^ 0x2D358DCCAA6C78A5u) * (b ^ 0x8BB84B93962EACC9u);
	return (uint64_t)m ^ (uint64_t)(m >> 64) ^ n * 0x9E3779B97F4A7C15u;
}

uint64_t words_hash(struct str s)
{
	uint64_t v[2] = {0};
	if (s.n > sizeof(v))
		return XXH3_64bits(s.p, s.n);
	memcpy(v, s.p, s.n);
	return hash_short(v[0], v[1], s.n);
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

static const char *piece_end(const char *p, const char *end)
{
	while (p < end && affix_kinds[(unsigned char)*p] != AFFIX_K_BLANK && !(affix_kinds[(unsigned char)*p] == AFFIX_K_FAR && far_blank(p, end)))
		p++;
	return p;
}

/* How many of 16 bytes are inside a character, not its first. */
static inline uint32_t inside(uint64_t a, uint64_t b)
{
	const uint64_t ones = 0x0101010101010101u;
	return (uint32_t)((((a >> 7 & ~a >> 6 & ones) + (b >> 7 & ~b >> 6 & ones)) * ones) >> 56);
}

/* A word of letters. The length is what nobody can foresee: no branch on it, where 16 bytes can be read. */
static inline void letters_word(struct words *w, struct str text, size_t at, size_t n)
{
	struct word *k = &w->v[w->n++];
	const char *p = text.p + at;
	if (__builtin_expect(n <= 16 && at + 16 <= text.n, 1)) {
		uint64_t a, b, all = ~0ull;
		memcpy(&a, p, 8);
		memcpy(&b, p + 8, 8);
		size_t off = n < 8 ? 8 * (8 - n) : 0, cut = n > 8 ? 8 * (16 - n) : 63;
		a &= all >> off;
		b = n > 8 ? b & all >> cut : 0;
		uint32_t more = inside(a, b);
		*k = (struct word){.hash = hash_short(a, b, n), .at = (uint32_t)at, .n = (uint32_t)n, .chars = (uint32_t)n - more, .alpha = true, .wide = more != 0};
	} else {
		uint32_t chars = (uint32_t)utf8_count((struct str){p, n});
		*k = (struct word){.hash = words_hash((struct str){p, n}), .at = (uint32_t)at, .n = (uint32_t)n, .chars = chars, .alpha = true, .wide = chars != n};
	}
}

/* Does the mark behind n letters at p come off? */
static bool comes_off(const char *p, size_t n)
{
	return affix_kinds[(unsigned char)p[n]] == AFFIX_K_MARK && (p[n] != '.' || (low(p, n) && (n > 5 || !affix_special(p, n + 1))));
}

/* A piece of letters alone, or of letters and a mark, with a blank or the end behind it, within the bits b; its length, or 0 when it is another. */
static inline size_t plain_piece(struct words *w, struct str text, size_t at, struct letters_bits b)
{
	if (b.letter == ~0ull || !(b.letter & 1))
		return 0;
	unsigned n = (unsigned)__builtin_ctzll(~b.letter);
	if (b.blank >> n & 1) {
		letters_word(w, text, at, n);
		return n;
	}
	if (n == 63 || !(b.blank >> (n + 1) & 1) || !comes_off(text.p + at, n))
		return 0;
	letters_word(w, text, at, n);
	w->v[w->n++] = (struct word){.hash = words_hash((struct str){text.p + at + n, 1}), .at = (uint32_t)at + n, .n = 1, .chars = 1, .symbol = true};
	return n + 1;
}

/* Any piece; its length. */
static size_t piece(struct words *w, struct str text, size_t at)
{
	size_t end = (size_t)(piece_end(text.p + at, text.p + text.n) - text.p);
	if (end - at > WORDS_PIECE_MAX)
		add(w, text, at, end);
	else
		by_rules(w, text, at, end);
	return end - at;
}

size_t words_split(struct words *w, struct str text)
{
	size_t at = 0;
	w->n = 0;
	if (!w->scratch)
		w->scratch = own_zalloc(sizeof(*w->scratch));
	struct letters *l = &w->scratch->letters;
	w->scratch->n_joins = 0;
	for (letters_init(l, text); at < text.n && w->n < WORDS_MAX;) {
		struct letters_bits b = letters_at(l, at);
		if (b.blank & 1) {
			at += b.blank == ~0ull ? 64 : (size_t)__builtin_ctzll(~b.blank);
			continue;
		}
		if (w->n + 2 > w->cap)
			w->v = room(w->v, &w->cap, w->n + 1024, sizeof(*w->v));
		size_t n = plain_piece(w, text, at, b);
		if (n) {
			at += n + 1; /* and the blank */
			continue;
		}
		n = far_blank(text.p + at, text.p + text.n);
		at += n ? n : piece(w, text, at);
	}
	if (w->scratch->n_joins)
		join(w, text);
	return at < text.n ? w->v[w->n - 1].at + w->v[w->n - 1].n : text.n;
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
