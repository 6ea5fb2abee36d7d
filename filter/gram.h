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
	GRAM_NAMES_BELOW = 4, /* distinct words that are no names: with fewer, names tell the language too */
	GRAM_WORD_MAX = 96,	 /* bytes; longer words are cut    */
	GRAM_FEATURES_MAX = 5 * GRAM_WORD_MAX + 8,
};

struct gram_token {
	uint64_t key; /* of the word, for caches; hash, the feature's, is never below 4 */
	uint32_t hash, bone;
	uint32_t at; /* in gram.low */
	uint8_t n;
	bool name, mark, clitic;
};

struct gram {
	char *low; /* lower-cased words, end to end */
	size_t low_cap;
	struct gram_token *v;
	uint32_t n, words, names;
	bool cut; /* there was more text */
};

/* A feature and how much it counts for, in halves, by its kind. */
struct gram_feature {
	uint32_t id;
	uint32_t halves;
};

void gram_init(struct gram *g);
void gram_free(struct gram *g);
/* Words of UTF-8 text (URLs and e-mail addresses left out), at most `most` tokens. Returns where it stopped. */
const char *gram_read(struct gram *g, struct str text, uint32_t most);
/* What a word is in the skeleton of a sentence: itself when it is a function word or a clitic; a number; otherwise its last letters. */
uint32_t gram_bone(struct str word, uint32_t hash, bool clitic);

/* The last three letters of a word of six or more, two of a shorter one. */
struct str gram_ending(struct str word);

/* Features of one word by itself: the word and its character 3- to 6-grams (variety), 1- to 5-grams (language). Returns how many. */
unsigned gram_of_word(struct str word, bool language, struct gram_feature f[GRAM_FEATURES_MAX]);
/* Features of a token with those before it; all with their bones. Variety: word pairs, and pairs and triples of the skeleton; language: word
 * pairs. */
enum { GRAM_PLACE_MAX = 3, GRAM_PAIR = 2, GRAM_ORDER = 1, GRAM_WORD = 2, GRAM_LETTERS = 1, GRAM_LETTERS_LANGUAGE = 2 }; /* halves by kind */
extern const struct gram_token gram_begin; /* what stands before the first token */

static inline uint32_t gram_mix(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	h ^= h >> 31;
	return (uint32_t)((h * 0xFF51AFD7ED558CCDu) >> 32);
}

static inline unsigned gram_of_place(const struct gram_token *v, const struct gram_token *u, const struct gram_token *t, bool language, struct gram_feature f[GRAM_PLACE_MAX])
{
	unsigned k = 0;
	if (t->mark & u->mark)
		return 0;
	uint32_t pair = gram_mix(u->hash, t->hash);
	if (!(t->name | u->name))
		f[k++] = (struct gram_feature){pair ^ 0x2545F491u, GRAM_PAIR};
	if (language)
		return k;
	uint32_t bones = gram_mix(u->bone, t->bone);
	f[k++] = (struct gram_feature){bones, GRAM_ORDER};
	f[k++] = (struct gram_feature){gram_mix(v->bone, bones), GRAM_ORDER};
	return k;
}
