/* page: what kind of page a text comes from: error and placeholder pages, adult and abusive text, lists of places and of links.
 *
 * Rates over the words, never single hits: a novel may swear and an article may say "página não encontrada". */
#pragma once
#include "filter/lexicon.h"

enum page_signal { PAGE_PLACEHOLDER, PAGE_ADULT, PAGE_TOXIC, PAGE_PLACES, PAGE_LINKS, PAGE_SIGNALS };
extern const char *const page_names[PAGE_SIGNALS + 1]; /* ended by NULL */
/* A signal above this leaves the document out, unless an option says otherwise. */
extern const double page_most[PAGE_SIGNALS];

/* w: the words of the text; found: what lexicon_count gives for all of them. title_hits: see page_title. */
void page_measure(const struct words *w, const uint32_t found[LEX_KINDS], struct str text, uint32_t title_hits, double out[PAGE_SIGNALS]);
/* Phrases of placeholder pages in a title; scratch is overwritten. */
uint32_t page_title(const struct lexicon *l, struct words *scratch, struct str title);
