/* gram: text to words, and words to the hashed features that the language and variety models weigh.
 *
 * A word is a run of letters and digits, in lower case, digits as 0; one right behind a hyphen keeps the hyphen ("disse-me" gives "disse"
 * and "-me": the clitic is a feature of its own). Marks (. ! ? : ; " and line ends; comma and brackets) are tokens in pairs. A word that
 * begins with a capital where no sentence begins is a NAME: it must not decide. */
#pragma once
#include "core/own.h"
#include "core/str.h"

enum {
	GRAM_TOKENS_MAX = 16384, /* the evidence is in long before */
	GRAM_WORD_MAX = 96,	 /* bytes; longer words are cut    */
	GRAM_IDS_MAX = 4 * GRAM_WORD_MAX,
};

struct gram_token {
	uint32_t at, n; /* in gram.low */
	uint32_t hash;
	bool name, mark, clitic;
};

struct gram {
	char *low; /* lower-cased words, end to end */
	size_t low_cap;
	struct gram_token *v;
	uint32_t n, words, names;
	bool cut; /* there was more text */
};

void gram_init(struct gram *g);
void gram_free(struct gram *g);
/* Words of UTF-8 text (URLs and e-mail addresses left out). */
void gram_read(struct gram *g, struct str text);

/* Features of one word by itself: the word and its character 3- to 6-grams (variety), 1- to 5-grams (language). Returns how many. */
unsigned gram_of_word(struct str word, bool language, uint32_t ids[GRAM_IDS_MAX]);
/* Features of the token i with those before it: word pairs, and pairs and triples of the skeleton (function words as they are, endings of
 * the rest). At most 3. */
unsigned gram_of_place(const struct gram *g, uint32_t i, uint32_t ids[3]);
