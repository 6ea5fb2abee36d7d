/* encode: text to token ids, equal to Hugging Face tokenizers with add_special_tokens=False.
 *
 * Three ways, chosen when a worker starts, all with the same ids: SentencePiece-like vocabularies cut the text wherever no merge can reach over
 * (docs/internals/shard.md has the proof); byte-level ones by the scanner of their regular expression; all others step by step, as the
 * tokenizer's file says. Words go through a memory of words. */
#pragma once
#include "shard/bpe.h"

struct encode;
struct encode *encode_start(const struct vocab *v);
struct encode *encode_stop(struct encode *x);

/* Append the ids of text (valid UTF-8) to out. special: is the text of special tokens ("<s>") taken as the token? ERR_LIMIT when a regular
 * expression of the tokenizer gives up; ERR_DATA when something is unknown and there is no unk for it. */
int encode_text(struct encode *x, struct str text, bool special, struct bpe_ids *out, struct err *e);
