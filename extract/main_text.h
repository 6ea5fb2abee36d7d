/* main_text: which blocks are the page's own text.
 *
 * A learned model: a forest judges each block by its features.
 * How it was made, on what, and how well it does: docs/internals/main_text.md. */
#pragma once
#include "extract/block.h"

enum { MAIN_TEXT_MIN_WORDS = 25 }; /* fewer: try again with a lower bar */

struct main_text; /* memory of a worker, kept from page to page */
struct main_text *main_text_new(void);
struct main_text *main_text_free(struct main_text *m);
OWN_FREEP(struct main_text, main_text)

/* Sets keep, comment and p of every block. url: as captured, may be empty. Returns the words kept. */
uint32_t main_text_choose(struct main_text *m, struct blocks *b, struct str url);
/* How sure it is, 0 to 1: the mean likelihood of the words that are kept. Listings and scattered pages are below .7. */
float main_text_score(const struct blocks *b);
/* "article", "forum", "product", "listing", "index", "frameset" or "other": from where the kept words stand. */
const char *main_text_type(const struct blocks *b);
