/* vocab: a tokenizer, ready to encode: its tokens and merges in tables, and what is done to a text before they see it.
 *
 * Read from a tokenizer.json of Hugging Face (BPE, Unigram, WordPiece, WordLevel), a SentencePiece .model (BPE, Unigram) or a tiktoken file. What is in such a file and is
 * not supported is an error that names it: never a silent difference. Shared by all workers; nothing changes after vocab_open. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "shard/added.h"
#include "shard/normalizer.h"
#include "shard/pretok.h"

enum { VOCAB_FILE_MAX = 256 << 20, VOCAB_NONE = UINT32_MAX, VOCAB_ID_MAX = 1 << 24, VOCAB_AROUND = 16, VOCAB_JOINS = 1024 };

enum vocab_model { VOCAB_BPE, VOCAB_WORDPIECE, VOCAB_WORDLEVEL, VOCAB_UNIGRAM };
struct unigram_pieces;
struct vocab_first;

struct vocab_slot {
	uint32_t hash, id; /* hash 0 = free */
};

struct vocab_pair {
	uint32_t left, right; /* left VOCAB_NONE = free */
	uint32_t rank, id;
};

/* Ids that a template puts around a text (BOS, EOS). */
struct vocab_around {
	uint32_t *v;
	unsigned n;
};

struct vocab {
	struct arena *a;
	enum vocab_model model;
	uint32_t size;	    /* ids are below this */
	const uint32_t *at; /* token id is text[at[id]] to text[at[id + 1]] */
	const char *text;
	bool bytes; /* tokens are real bytes: ByteLevel */
	bool byte_fallback, fuse_unk, ignore_merges, all_bytes;
	uint32_t unk, bos, eos;
	uint32_t byte[256]; /* byte-level: the token of one byte; else its fallback token; VOCAB_NONE */
	struct normalizer norm;
	struct pretok pretok;
	struct added added, added_normalized;
	struct vocab_around before, after;
	struct str prefix;   /* of tokens inside a word: WordPiece, BPE of the first years */
	struct str suffix;   /* of tokens that end a word: BPE of the first years */
	struct str unk_name; /* as the file says it; empty = it says none */
	struct unigram_pieces *pieces; /* Unigram */
	uint32_t word_chars; /* WordPiece: longer words are unknown */
	uint64_t digest;     /* XXH3-64 of the file */
	const char *kind;    /* "tokenizer.json", "SentencePiece", "tiktoken", "built-in" */
	/* Hash tables, open addressing. */
	const struct vocab_slot *by_text;
	uint32_t text_mask;
	const struct vocab_pair *by_pair;
	uint32_t pair_mask;
	/* Bit b << 8 | c: some merge joins what ends in byte b with what begins with byte c (a space stands for U+2581). */
	const uint64_t *joins;
	const struct vocab_first *firsts; /* BPE: joins.h */
	void *owned[6]; /* what the tables above point into; NULL in the built-in one */
};

/* path NULL = the built-in tokenizer. */
int vocab_open(struct vocab **out, const char *path, struct err *e);
/* The same from the bytes of such a file; name: for messages. */
int vocab_read(struct vocab **out, struct str bytes, const char *name, struct err *e);
struct vocab *vocab_free(struct vocab *v);
/* Id of a token by its bytes; VOCAB_NONE. */
uint32_t vocab_find(const struct vocab *v, struct str token);
uint32_t vocab_hash_text(struct str s);
/* Id of a token by its name, added ones included; VOCAB_NONE. */
uint32_t vocab_id(const struct vocab *v, struct str name);

static inline struct str vocab_token(const struct vocab *v, uint32_t id)
{
	return (struct str){v->text + v->at[id], v->at[id + 1] - v->at[id]};
}

static inline uint32_t vocab_hash_pair(uint32_t left, uint32_t right)
{
	return (uint32_t)((((uint64_t)left << 32 | right) * 0x9E3779B97F4A7C15u) >> 32);
}

static inline const struct vocab_pair *vocab_merge_of(const struct vocab *v, uint32_t left, uint32_t right)
{
	for (uint32_t i = vocab_hash_pair(left, right) & v->pair_mask;; i = (i + 1) & v->pair_mask) {
		const struct vocab_pair *m = &v->by_pair[i];
		if (m->left == left && m->right == right)
			return m;
		if (m->left == VOCAB_NONE)
			return NULL;
	}
}

static inline bool vocab_joins(const struct vocab *v, unsigned char b, unsigned char c)
{
	return v->joins[b << 2 | c >> 6] >> (c & 63) & 1;
}
