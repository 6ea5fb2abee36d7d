/* measure: what the words of a block say of it, in one walk over its bytes. */
#pragma once
#include "extract/block.h"

/* Words of a title or description, to know them again in a block: a bit for each word of four letters or more. */
struct measure_words {
	uint64_t bits[32];
	uint32_t n;
};

void measure_words(struct measure_words *w, struct str text);
/* Sets words, caps, digits, ... hash and cues of k, whose text is s. */
void measure_block(struct block *k, struct str s, const struct measure_words *title, const struct measure_words *description);
