#include "extract/measure.h"

enum { SMALL = 1, CAPITAL, DIGIT, HIGH, COMMA, STOP, MARK, QUOTE, BRACKET, COLON, BLANK };

__extension__ static const uint8_t class[256] = {
	['a' ... 'z'] = SMALL, ['A' ... 'Z'] = CAPITAL, ['0' ... '9'] = DIGIT, [0x80 ... 0xFF] = HIGH, [','] = COMMA, [';'] = COMMA, ['.'] = STOP,
	['!'] = STOP, ['?'] = STOP, ['|'] = MARK, ['>'] = MARK, ['/'] = MARK, ['@'] = MARK, ['#'] = MARK, ['$'] = MARK, ['*'] = MARK, ['+'] = MARK,
	['='] = MARK, ['_'] = MARK, ['"'] = QUOTE, ['\''] = QUOTE, ['('] = BRACKET, [')'] = BRACKET, ['['] = BRACKET, [']'] = BRACKET, [':'] = COLON,
	[' '] = BLANK, ['\n'] = BLANK, ['\t'] = BLANK,
};

/* Letters above ASCII: C2 80 to C2 BF are signs, E2 80 to E2 BF punctuation and arrows; the rest counts as letters. */
static bool is_sign(const char *p)
{
	unsigned char c = (unsigned char)*p;
	return c == 0xC2 || c == 0xE2;
}

static size_t width(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

struct word {
	uint32_t hash, letters, digits;
	bool capital;
};

/* ASCII letters in lower case and digits; 0 for what ends a word or is not ASCII. */
static const uint8_t lower[256] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
#define BOTH(c) [c] = c, [c - 32] = c
	BOTH('a'), BOTH('b'), BOTH('c'), BOTH('d'), BOTH('e'), BOTH('f'), BOTH('g'), BOTH('h'), BOTH('i'), BOTH('j'), BOTH('k'), BOTH('l'), BOTH('m'),
	BOTH('n'), BOTH('o'), BOTH('p'), BOTH('q'), BOTH('r'), BOTH('s'), BOTH('t'), BOTH('u'), BOTH('v'), BOTH('w'), BOTH('x'), BOTH('y'), BOTH('z'),
#undef BOTH
};

/* The word at p, which is there. Small letters of Latin-1 are those of its capitals with bit 5 (C3 80 to C3 9E). */
static const char *word_at(const char *p, const char *end, struct word *w)
{
	uint32_t hash = CUE_HASH, digits = 0, more = 0;
	const char *from = p;
	unsigned char c;
	w->capital = class[(unsigned char)*p] == CAPITAL || ((unsigned char)*p == 0xC3 && p + 1 < end && (unsigned char)p[1] < 0x9F);
	for (; p < end; p++) {
		while (p < end && (c = lower[(unsigned char)*p])) {
			hash = cue_hash(hash, c);
			digits += c < 'a';
			p++;
		}
		if (p == end || (unsigned char)*p < 0x80 || is_sign(p))
			break;
		/* A character of several bytes: all of them go into the hash, one counts as a letter. */
		bool latin = (unsigned char)*p == 0xC3;
		hash = cue_hash(hash, (unsigned char)*p);
		while (p + 1 < end && ((unsigned char)p[1] & 0xC0) == 0x80) {
			c = (unsigned char)*++p;
			hash = cue_hash(hash, latin && c < 0x9F ? c | 0x20 : c);
			more++;
		}
	}
	w->hash = hash;
	w->digits = digits;
	w->letters = (uint32_t)(p - from) - more;
	return p;
}

static uint32_t slot(uint32_t hash)
{
	return hash * 0x9E3779B1u >> 21; /* of 2048 */
}

void measure_words(struct measure_words *m, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	memset(m, 0, sizeof(*m));
	while (p < end) {
		uint8_t k = class[(unsigned char)*p];
		if (k == 0 || k > HIGH || is_sign(p)) {
			size_t n = width((unsigned char)*p);
			p += n < (size_t)(end - p) ? n : (size_t)(end - p);
			continue;
		}
		struct word w;
		p = word_at(p, end, &w);
		if (w.letters < 4)
			continue;
		m->bits[slot(w.hash) >> 6] |= 1ull << (slot(w.hash) & 63);
		m->n++;
	}
}

static bool knows(const struct measure_words *m, uint32_t hash)
{
	return m->n && m->bits[slot(hash) >> 6] >> (slot(hash) & 63) & 1;
}

static void count_cues(struct block *k, uint32_t groups)
{
	while (groups) {
		uint8_t *n = &k->cues[__builtin_ctz(groups)];
		*n = (uint8_t)(*n + (*n < 255));
		groups &= groups - 1;
	}
}

static uint8_t char_of(const char *p)
{
	static const uint8_t of[] = {[SMALL] = CHAR_SMALL, [CAPITAL] = CHAR_CAPITAL, [DIGIT] = CHAR_DIGIT, [HIGH] = CHAR_SMALL, [COMMA] = CHAR_COMMA, [STOP] = CHAR_STOP,
				     [MARK] = CHAR_MARK, [QUOTE] = CHAR_QUOTE, [BRACKET] = CHAR_BRACKET, [COLON] = CHAR_COLON, [BLANK] = CHAR_OTHER};
	unsigned char c = (unsigned char)*p;
	if (c == 0xC3)
		return (unsigned char)p[1] < 0x9F ? CHAR_CAPITAL : CHAR_SMALL;
	if (c == 0xC2)
		return (unsigned char)p[1] == 0xAB || (unsigned char)p[1] == 0xBB ? CHAR_QUOTE : CHAR_MARK;
	if (c == 0xE2)
		return (unsigned char)p[1] != 0x80                        ? CHAR_MARK
		       : (unsigned char)p[2] == 0xA6                      ? CHAR_STOP
		       : (unsigned char)p[2] >= 0x98 && (unsigned char)p[2] < 0xA0 ? CHAR_QUOTE
									  : CHAR_MARK;
	return of[class[c]];
}

static void add_word(struct block *k, const struct word *w, const struct measure_words *title, const struct measure_words *description)
{
	k->words += 1 + w->letters / 32; /* scripts without spaces */
	k->caps += w->capital;
	k->digits += w->digits;
	k->chars += w->letters;
	k->long_words += w->letters >= 7;
	k->hash = (k->hash ^ w->hash) * 0x85EBCA6Bu;
	k->hash ^= k->hash >> 15;
	if (w->letters >= 4) {
		k->title_words = (uint16_t)(k->title_words + (knows(title, w->hash) && k->title_words < 60000));
		k->description_words = (uint16_t)(k->description_words + (knows(description, w->hash) && k->description_words < 60000));
	}
	count_cues(k, cue_text(w->hash));
}

void measure_block(struct block *k, struct str s, const struct measure_words *title, const struct measure_words *description)
{
	const char *p = s.p, *end = s.p + s.n, *last = s.p;
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		uint8_t what = class[c];
		if (what && what <= HIGH && !is_sign(p)) {
			struct word w;
			p = word_at(p, end, &w);
			last = p - 1;
			while (last > s.p && ((unsigned char)*last & 0xC0) == 0x80)
				last--;
			add_word(k, &w, title, description);
			continue;
		}
		if (what != BLANK) {
			last = p;
			k->chars++;
			k->commas += what == COMMA;
			k->stops += what == STOP && (p + 1 == end || p[1] == ' ' || p[1] == '\n' || p[1] == '"');
			k->marks += what == MARK || (what == HIGH && char_of(p) == CHAR_MARK);
			if (c == 0xC2 && (unsigned char)p[1] == 0xA9)
				count_cues(k, 1u << CUE_RIGHTS);
		}
		size_t n = width(c);
		p += n < (size_t)(end - p) ? n : (size_t)(end - p);
	}
	k->first = s.n ? char_of(s.p) : CHAR_OTHER;
	k->last = s.n ? char_of(last) : CHAR_OTHER;
}
