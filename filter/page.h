/* page: what kind of page a text comes from: error and placeholder pages, adult and abusive text, lists of places and of links, text written for
 * search engines (one phrase over and over, many more links than words), leftovers of machine translation (words of another language).
 *
 * Rates over the words, never single hits: a novel may swear and an article may say "página não encontrada". */
#pragma once
#include "filter/lexicon.h"
#include "filter/repeat.h"

enum page_signal { PAGE_PLACEHOLDER, PAGE_ADULT, PAGE_TOXIC, PAGE_PLACES, PAGE_LINKS, PAGE_KEY_PHRASE, PAGE_FOREIGN, PAGE_DENSITY, PAGE_SIGNALS };
extern const char *const page_names[PAGE_SIGNALS + 1]; /* ended by NULL */
/* A signal above this leaves the document out, unless an option says otherwise. */
extern const double page_most[PAGE_SIGNALS];

/* What is known of a text. */
struct page_facts {
	struct str text;
	const struct words *words;
	uint32_t found[LEX_KINDS]; /* lexicon_count, of all words */
	uint32_t title_hits;	   /* page_title */
	float links;		   /* of the page; NAN: not known */
};
/* NAN: there is no such number. seen: scratch. */
void page_measure(const struct page_facts *f, struct repeat *seen, double out[PAGE_SIGNALS]);
/* Phrases of placeholder pages in a title; scratch is overwritten. */
uint32_t page_title(const struct lexicon *l, struct words *scratch, struct str title);
