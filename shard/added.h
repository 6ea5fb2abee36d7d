/* added: tokens that are found in the text before anything else is done to it ("<s>", "<|endoftext|>").
 *
 * As tokenizers/src/tokenizer/added_vocabulary.rs: leftmost, then longest; a special token that is not wanted takes its place in the search
 * all the same; single_word, lstrip, rstrip. One set holds the tokens that are looked for in the text as it came, another those that are
 * looked for in the normalized text. */
#pragma once
#include "core/str.h"

struct added_token {
	struct str content; /* borrowed */
	uint32_t id;
	bool special, lstrip, rstrip, single_word, normalized;
};

struct added {
	struct added_token *v; /* longest first */
	uint32_t n;
	size_t longest, shortest;
	uint32_t *slot, mask;	  /* by hash of the content: index + 1, 0 = free */
	uint64_t lengths;	  /* bit i: a token of i bytes; bit 63: of 63 or more */
	uint64_t pairs[1024];	  /* bit b0 << 8 | b1: a token begins so */
	bool begins[256];
	int only;		  /* the only first byte there is, or -1 */
};

/* Add; later ones replace equal ones. added_ready when all are in. */
void added_put(struct added *a, const struct added_token *t);
void added_ready(struct added *a);
void added_free(struct added *a);

struct added_match {
	size_t from, to; /* with the white space that the token takes */
	const struct added_token *token;
};

/* The longest token that s begins with; NULL. */
const struct added_token *added_at(const struct added *a, struct str s);
/* The next token at or behind *at, where the search goes on; taken: where the last match ended (white space before it is not given back).
 * special: are special tokens wanted? false: none is left. */
bool added_next(const struct added *a, struct str text, bool special, size_t *at, size_t taken, struct added_match *out);
