/* c4: C4's rules on lines and sentences (Raffel et al. 2020), as datatrove 0.10 defines them: lines without final punctuation, of fewer than
 * three words, with a word of more than 1,000 characters, with "javascript" or words of policies go; "lorem ipsum", a curly bracket or fewer
 * than five sentences condemn the page. Sentences are those of spaCy's sentencizer over its Portuguese words. */
#pragma once
#include "core/buf.h"
#include "filter/words.h"

enum c4_verdict { C4_KEEP, C4_LOREM, C4_CURLY, C4_SENTENCES };
enum { C4_LEAST_SENTENCES = 5 };

/* The lines that stay into out (cleared first; what it holds counts only for C4_KEEP). w is scratch. *sentences: of those lines. */
enum c4_verdict c4_clean(struct str text, struct words *w, struct buf *out, uint32_t *sentences);
