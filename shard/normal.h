/* normal: the normalizers of a tokenizer, in order: text in, text out.
 *
 * Semantics are those of Hugging Face tokenizers (tokenizers/src/normalizers/): Unicode normalization forms, Lowercase character by character,
 * StripAccents (all marks, without decomposing), Strip, Prepend (not to an empty text), Replace, Bert. */
#pragma once
#include "core/buf.h"
#include "shard/split.h"

enum normal_kind { NORM_NFC, NORM_NFD, NORM_NFKC, NORM_NFKD, NORM_LOWERCASE, NORM_STRIP_ACCENTS, NORM_STRIP, NORM_PREPEND, NORM_REPLACE, NORM_BERT, NORM_BYTES };

struct normal_step {
	enum normal_kind kind;
	struct str from, to;	   /* Replace; Prepend: to */
	struct split *regex;	   /* Replace by a regular expression; owned */
	bool left, right;	   /* Strip */
	bool clean, chinese, accents, lower; /* Bert */
};

enum { NORM_STEPS = 32 };

struct normal {
	struct normal_step step[NORM_STEPS];
	unsigned n;
};

void normal_free(struct normal *n);

/* What a worker needs: two buffers, clones of the regular expressions. */
struct normal_work {
	struct buf a, b;
	struct split *regex[NORM_STEPS];
	struct split_spans spans;
};

void normal_start(struct normal_work *w, const struct normal *n);
void normal_stop(struct normal_work *w);
/* *out: valid until the next call; text itself when nothing changes. */
int normal_text(const struct normal *n, struct normal_work *w, struct str text, struct str *out, struct err *e);
/* GPT-2's printable character for a byte (openai/gpt-2, encoder.py, bytes_to_unicode), and back: -1 for other characters. */
uint32_t normal_char_of_byte(unsigned char b);
int normal_byte_of_char(uint32_t c);
