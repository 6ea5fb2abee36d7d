/* bare: a text to the words that count when texts are compared, as hashes.
 *
 * Lower case, without accents; a run of digits is one 0; everything that is neither letter nor digit separates words.
 * Text: valid UTF-8. */
#pragma once
#include "core/str.h"

struct bare {
	uint64_t *words;
	size_t n;
	unsigned char *letters; /* of the text; memory only */
	size_t cap;
};

/* Fill n->words with a hash of each word, in order; what was there is gone. The array grows to the longest text seen. */
void bare_words(struct bare *n, struct str text);
void bare_free(struct bare *n);
/* The letter that c counts as; 0: it separates words; BARE_NOTHING: as if it were not there. */
#define BARE_NOTHING UINT32_MAX
uint32_t bare_letter(uint32_t c);
