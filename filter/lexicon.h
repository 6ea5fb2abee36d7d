/* lexicon: words and phrases that tell what kind of page a text is, counted in one pass over its words.
 *
 * Built in: vulgar adult words and insults of Portugal and Brazil, place names of both, phrases of error, placeholder and parked pages,
 * function words of Portuguese and of its neighbours. Every word is known by the hash that words.h gives it, in lower case, with a capital and
 * in capitals, with accents and without; so looking one up is a load or two from a small bit map for most words. */
#pragma once
#include "core/err.h"
#include "filter/words.h"

enum lexicon_kind { LEX_ADULT, LEX_TOXIC, LEX_PLACE, LEX_PLACEHOLDER, LEX_FOREIGN, LEX_KINDS };

struct lexicon;
/* adult, toxic: files with a word or phrase a line, in the place of those built in; NULL: built in. */
int lexicon_open(struct lexicon **out, const char *adult, const char *toxic, struct err *e);
struct lexicon *lexicon_free(struct lexicon *l);
/* Words and phrases of each kind among words[from..to). A phrase counts once. */
void lexicon_count(const struct lexicon *l, const struct words *w, uint32_t from, uint32_t to, uint32_t counts[LEX_KINDS]);
/* How many of words[from..to) are function words of Portuguese. */
uint32_t lexicon_portuguese(const struct lexicon *l, const struct words *w, uint32_t from, uint32_t to);
