/* normalizer: the normalizers of a tokenizer, in order: text in, text out.
 *
 * Semantics are those of Hugging Face tokenizers (tokenizers/src/normalizers/): Unicode normalization forms, Lowercase character by character,
 * StripAccents (all marks, without decomposing), Strip, Prepend (not to an empty text), Replace, Bert, Nmt, Precompiled; and what SentencePiece does. */
#pragma once
#include "core/buf.h"
#include "shard/spnorm.h"
#include "shard/split.h"

enum normalizer_kind { NORMALIZER_NFC, NORMALIZER_NFD, NORMALIZER_NFKC, NORMALIZER_NFKD, NORMALIZER_LOWERCASE, NORMALIZER_STRIP_ACCENTS, NORMALIZER_STRIP, NORMALIZER_PREPEND, NORMALIZER_REPLACE, NORMALIZER_BERT, NORMALIZER_BYTES, NORMALIZER_NMT, NORMALIZER_CHARSMAP, NORMALIZER_SPNORM };

struct normalizer_step {
	enum normalizer_kind kind;
	struct str from, to;	   /* Replace; Prepend: to */
	struct split *regex;	   /* Replace by a regular expression; owned */
	struct charsmap *map;	   /* Precompiled; owned */
	struct spnorm *spnorm;	   /* SentencePiece's own; owned */
	bool left, right;	   /* Strip */
	bool clean, chinese, accents, lower; /* Bert */
};

enum { NORMALIZER_STEPS = 32 };

struct normalizer {
	struct normalizer_step step[NORMALIZER_STEPS];
	unsigned n;
};

void normalizer_free(struct normalizer *n);

/* What a worker needs: two buffers, clones of the regular expressions. */
struct normalizer_work {
	struct buf a, b;
	struct split *regex[NORMALIZER_STEPS];
	struct split_spans spans;
};

void normalizer_start(struct normalizer_work *w, const struct normalizer *n);
void normalizer_stop(struct normalizer_work *w);
/* *out: valid until the next call; text itself when nothing changes. */
int normalizer_text(const struct normalizer *n, struct normalizer_work *w, struct str text, struct str *out, struct err *e);
/* GPT-2's printable character for a byte (openai/gpt-2, encoder.py, bytes_to_unicode), and back: -1 for other characters. */
uint32_t normalizer_char_of_byte(unsigned char b);
int normalizer_byte_of_char(uint32_t c);
