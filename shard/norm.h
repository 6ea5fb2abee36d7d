/* norm: the normalizers of a tokenizer, in order: text in, text out.
 *
 * Semantics are those of Hugging Face tokenizers (tokenizers/src/normalizers/): Unicode normalization forms, Lowercase character by character,
 * StripAccents (all marks, without decomposing), Strip, Prepend (not to an empty text), Replace, Bert. */
#pragma once
#include "core/buf.h"
#include "shard/split.h"

enum norm_kind { NORM_NFC, NORM_NFD, NORM_NFKC, NORM_NFKD, NORM_LOWERCASE, NORM_STRIP_ACCENTS, NORM_STRIP, NORM_PREPEND, NORM_REPLACE, NORM_BERT, NORM_BYTES };

struct norm_step {
	enum norm_kind kind;
	struct str from, to;	   /* Replace; Prepend: to */
	struct split *regex;	   /* Replace by a regular expression; owned */
	bool left, right;	   /* Strip */
	bool clean, chinese, accents, lower; /* Bert */
};

enum { NORM_STEPS = 32 };

struct norm {
	struct norm_step step[NORM_STEPS];
	unsigned n;
};

void norm_free(struct norm *n);

/* What a worker needs: two buffers, clones of the regular expressions. */
struct norm_work {
	struct buf a, b;
	struct split *regex[NORM_STEPS];
	struct split_spans spans;
};

void norm_start(struct norm_work *w, const struct norm *n);
void norm_stop(struct norm_work *w);
/* *out: valid until the next call; text itself when nothing changes. */
int norm_text(const struct norm *n, struct norm_work *w, struct str text, struct str *out, struct err *e);
/* GPT-2's printable character for a byte (openai/gpt-2, encoder.py, bytes_to_unicode), and back: -1 for other characters. */
uint32_t norm_char_of_byte(unsigned char b);
int norm_byte_of_char(uint32_t c);
