/* words: text to words for the quality rules, with their hashes.
 *
 * The cut is that of spaCy 3's blank Portuguese tokenizer, which datatrove counts with: pieces between white space; known
 * abbreviations and smileys whole; punctuation, currencies and units off both ends; then URLs whole, and the rest cut at infixes. Its
 * tables are made by tables/words.py; docs/internals/quality.md tells the algorithm and how the two are compared. Most pieces are
 * letters alone, or letters and one mark, and never see it. Linear in the text. */
#pragma once
#include "core/arena.h"

struct word {
	uint64_t hash;
	uint32_t at, n; /* bytes in the text */
	uint32_t chars;
	bool symbol; /* punctuation only (datatrove's set) */
	bool alpha;  /* holds a letter */
	bool wide;   /* not ASCII throughout */
};

struct words {
	struct word *v;
	uint32_t n, cap;
	struct words_scratch *scratch;
};

enum {
	WORDS_MAX = 1 << 20,	    /* cutting stops behind the piece that reaches this many words    */
	WORDS_PIECE_MAX = 64 << 10, /* bytes without white space that are cut; longer ones are a word */
};
/* Cut valid UTF-8 of less than 4 GiB. Returns the bytes that were cut: all of them, but for WORDS_MAX. Reuses w's memory; a zeroed
 * struct is ready for use, words_free at the end. */
size_t words_split(struct words *w, struct str text);
void words_free(struct words *w);
/* The hash of a word (not empty). */
uint64_t words_hash(struct str word);

/* Character classes of the same tables, for what is counted beside the words. */
bool words_is_space(uint32_t c);    /* Python's str.isspace                         */
bool words_is_terminal(uint32_t c); /* ends a line or sentence: datatrove's set     */
bool words_is_punct(uint32_t c);    /* Unicode category P                           */
bool words_is_sentence(uint32_t c); /* ends a sentence for spaCy's sentencizer      */
