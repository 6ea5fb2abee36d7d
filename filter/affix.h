/* affix: one piece of text between white space, cut as spaCy 3's blank Portuguese tokenizer cuts it.
 *
 * Known abbreviations and smileys stay whole; a prefix and a suffix a turn come off until none is left; then URLs whole, and the rest
 * cut at infixes. The expressions are written out as code over character classes; the classes and lists are made by tables/words.py,
 * which asks the compiled expressions themselves. Linear in the piece. */
#pragma once
#include "core/str.h"

enum {
	AFFIX_SPACE = 1 << 0,	    /* Python's str.isspace                       */
	AFFIX_ALPHA = 1 << 1,	    /* spaCy's ALPHA, ALPHA_LOWER, ALPHA_UPPER    */
	AFFIX_LOWER = 1 << 2,
	AFFIX_UPPER = 1 << 3,
	AFFIX_WORD = 1 << 4,	    /* \\w                                        */
	AFFIX_DIGIT = 1 << 5,	    /* \\d                                        */
	AFFIX_PREFIX = 1 << 6,	    /* comes off the front, whatever follows      */
	AFFIX_SUFFIX = 1 << 7,	    /* comes off the end, whatever is before      */
	AFFIX_QUOTE = 1 << 8,
	AFFIX_BEFORE_DOT = 1 << 9,  /* a full stop behind it comes off            */
	AFFIX_ICON = 1 << 10,
	AFFIX_CURRENCY = 1 << 11,
	AFFIX_LETTER = 1 << 12,	    /* Python's str.isalpha                       */
	AFFIX_SYMBOL = 1 << 13,	    /* datatrove's PUNCTUATION_SET                */
	AFFIX_TERMINAL = 1 << 14,   /* datatrove's TERMINAL_PUNCTUATION           */
	AFFIX_PUNCT = 1 << 15,	    /* Unicode category P                         */
	AFFIX_SENTENCE = 1 << 16,   /* ends a sentence for spaCy's sentencizer    */
};
/* What a byte is for the fast way of words.c: a letter, a mark that every rule takes off the end, white space, the lead of a Latin-1
 * letter, the lead of any other character, or what needs a closer look. */
enum { AFFIX_K_LETTER, AFFIX_K_MARK, AFFIX_K_BLANK, AFFIX_K_LATIN, AFFIX_K_FAR, AFFIX_K_OTHER };

extern const uint8_t affix_kinds[256];
extern const uint8_t affix_index[0x110000 / 128];
extern const uint32_t affix_flags[][128];
static inline uint32_t affix_flags_of(uint32_t c)
{
	return affix_flags[affix_index[c >> 7]][c & 127];
}

/* A string that is kept whole, or cut as its rule says. */
struct affix_special {
	const char *s;
	uint8_t n, parts[3]; /* bytes; bytes of each token that it becomes */
};
/* NULL when it is none. */
const struct affix_special *affix_special(const char *p, size_t n);

/* Specials that the rules cut are put together again wherever their tokens stand in a row: a trie over tokens, from node 0. */
struct affix_edge {
	const char *s;
	uint8_t n, final; /* final: a special ends here */
	uint16_t from, to;
};
enum { AFFIX_PHRASE_MAX = 11 }; /* tokens of the longest */
const struct affix_edge *affix_edge(uint32_t node, struct str token);

struct affix_span {
	uint32_t from, to; /* bytes in the text */
};
struct affix_work {
	struct affix_span *spans; /* what the last affix_cut gave */
	uint32_t n_spans, cap_spans;
	struct str text;
	uint32_t *c, *flags, *at, cap;	    /* the piece, decoded: characters, flags, where each begins */
	uint32_t *suffixes, n_suffixes, cap_suffixes; /* begins of the suffixes taken off, outermost first */
};
/* The piece text[from..to) of valid UTF-8, without white space. A zeroed work is ready for use, affix_free at the end. */
void affix_cut(struct affix_work *w, struct str text, size_t from, size_t to);
void affix_free(struct affix_work *w);
