/* vocab: a tokenizer.json of Hugging Face of the BPE kind, ready to encode.
 *
 * SentencePiece-like (byte fallback, spaces as U+2581, no pre-tokenizer: Llama-2, EuroLLM) and byte-level (ByteLevel, or Split by one of the
 * regular expressions that are written out in pretok.c, then ByteLevel: GPT-2, Llama-3, Qwen). Anything else in the file is an error that
 * names the component: never a silent difference. */
#pragma once
#include "core/arena.h"
#include "core/err.h"

enum { VOCAB_FILE_MAX = 256 << 20, VOCAB_NONE = UINT32_MAX };

enum vocab_pretok { VOCAB_WHOLE, VOCAB_GPT2, VOCAB_LLAMA3, VOCAB_QWEN2 };

struct vocab_added {
	struct str content;
	uint32_t id;
	bool special;
};

struct vocab {
	struct arena *a;
	uint32_t size;	   /* ids are below this */
	struct str *token; /* by id: its bytes (byte-level: the real bytes) */
	enum vocab_pretok pretok;
	bool byte_level, byte_fallback, fuse_unk, ignore_merges, prepend, replace_space, nfc;
	bool splits_at_space; /* no token has U+2581 behind another character: words are independent */
	uint32_t unk, bos, eos;
	uint32_t byte[256]; /* id of a single byte: its fallback token, or its byte-level token; VOCAB_NONE */
	struct vocab_added *added;
	uint32_t n_added;
	uint64_t digest; /* XXH3-64 of the file */
	/* Hash tables, open addressing. */
	struct vocab_slot *by_text;
	uint32_t text_mask;
	struct vocab_merge *by_pair;
	uint32_t pair_mask;
};

struct vocab_slot {
	uint32_t hash, id;
};

struct vocab_merge {
	uint64_t pair; /* left << 32 | right; UINT64_MAX = free */
	uint32_t rank, id;
};

/* path NULL = the built-in tokenizer. */
int vocab_open(struct vocab **out, const char *path, struct err *e);
struct vocab *vocab_free(struct vocab *v);
/* Id of a token by its bytes; VOCAB_NONE. */
uint32_t vocab_find(const struct vocab *v, struct str token);

static inline const struct vocab_merge *vocab_merge_of(const struct vocab *v, uint32_t left, uint32_t right)
{
	uint64_t pair = (uint64_t)left << 32 | right;
	uint32_t i = (uint32_t)((pair * 0x9E3779B97F4A7C15u) >> 32) & v->pair_mask;
	while (v->by_pair[i].pair != pair) {
		if (v->by_pair[i].pair == UINT64_MAX)
			return NULL;
		i = (i + 1) & v->pair_mask;
	}
	return &v->by_pair[i];
}
