/* pretok: the pre-tokenizers of a tokenizer, in order: a text cut into the pieces that the model sees.
 *
 * Semantics are those of Hugging Face tokenizers (tokenizers/src/pre_tokenizers/). ByteLevel as the last one leaves bytes as they are: the
 * vocabulary then holds real bytes; before another one it writes GPT-2's printable characters, as the original does. */
#pragma once
#include "core/arena.h"
#include "shard/scan.h"
#include "shard/split.h"

enum pretok_kind {
	PRETOK_SPLIT, PRETOK_BYTES, PRETOK_METASPACE, PRETOK_DIGITS, PRETOK_PUNCTUATION, PRETOK_WHITESPACE, PRETOK_WHITESPACE_SPLIT, PRETOK_BERT, PRETOK_DELIMITER, PRETOK_SCRIPTS, PRETOK_LENGTH
};
enum pretok_behavior { PRETOK_REMOVED, PRETOK_ISOLATED, PRETOK_MERGED_WITH_PREVIOUS, PRETOK_MERGED_WITH_NEXT, PRETOK_CONTIGUOUS };
enum pretok_prepend { PRETOK_ALWAYS, PRETOK_FIRST, PRETOK_NEVER };

struct pretok_step {
	enum pretok_kind kind;
	enum pretok_behavior behavior;
	enum scan scan;	     /* Split and ByteLevel: by a scanner */
	struct split *regex; /* Split: by ICU; owned */
	struct str text;     /* Split by a string; Metaspace's replacement; the delimiter */
	bool invert, individual, split;
	bool add_prefix;     /* ByteLevel */
	bool map;	     /* ByteLevel: write printable characters */
	enum pretok_prepend prepend; /* Metaspace */
	uint64_t length;	     /* FixedLength: characters */
};

enum { PRETOK_STEPS = 16 };

struct pretok {
	struct pretok_step step[PRETOK_STEPS];
	unsigned n;
};

void pretok_free(struct pretok *p);

struct pretok_piece {
	struct str s;
	bool first; /* begins where the whole text begins */
};

struct pretok_pieces {
	struct pretok_piece *v;
	size_t n, cap;
};

struct pretok_work {
	struct pretok_pieces a, b;
	struct split *regex[PRETOK_STEPS];
	struct split_spans spans;
	struct arena *arena; /* pieces that had to be written anew */
};

void pretok_start(struct pretok_work *w, const struct pretok *p);
void pretok_stop(struct pretok_work *w);
/* *out: valid until the next call. first: does text begin where the whole text does? */
int pretok_text(const struct pretok *p, struct pretok_work *w, struct str text, bool first, const struct pretok_pieces **out, struct err *e);
