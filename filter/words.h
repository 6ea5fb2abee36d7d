/* words: text to words for the quality rules, with their hashes.
 *
 * Split at white space; punctuation at either end of a piece is a word of its own, a character each. This is what spaCy's blank
 * Portuguese tokenizer does but for its list of abbreviations and some infixes (docs/internals/quality.md says how far the two agree). */
#pragma once
#include "core/arena.h"

struct word {
	uint64_t hash;
	uint32_t at, n;	 /* bytes in the text */
	uint32_t chars;
	bool symbol; /* punctuation only */
	bool alpha;  /* holds a letter */
};

struct words {
	struct word *v;
	uint32_t n, cap;
};

/* Reuses w's memory; free(w->v) at the end. */
void words_split(struct words *w, struct str text);
