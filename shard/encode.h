/* encode: text to token ids, equal to Hugging Face tokenizers with add_special_tokens=False.
 *
 * Words are remembered with their ids in a cache of the worker: Portuguese repeats its words. */
#pragma once
#include "shard/vocab.h"

struct encode;
struct encode *encode_start(const struct vocab *v);
struct encode *encode_stop(struct encode *x);

struct encode_ids {
	uint32_t *v;
	size_t n, cap;
};

/* Append the ids of text (valid UTF-8) to out. special: is the text of special tokens ("<s>") taken as the token? */
void encode_text(struct encode *x, struct str text, bool special, struct encode_ids *out);
