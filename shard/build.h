/* build: a vocab in the making: readers put in what a file says, build_finish makes the tables.
 *
 * Strings are borrowed from the file's bytes, which the vocab's arena keeps. */
#pragma once
#include "shard/vocab.h"

struct build_merge {
	struct str left, right;
	uint32_t rank;
};

struct build {
	struct vocab *v;
	const char *name; /* of the file, for messages */
	struct err *e;
	int rc; /* the first error */
	struct str *token; /* by id, as written */
	uint32_t cap, n_model; /* entries of the model's own vocabulary */
	bool image; /* the tables are there already (image.h) */
	struct build_merge *merges;
	size_t n_merges, cap_merges;
	double *score; /* Unigram: by id; the vocab's arena has it in the end */
	unsigned char *skip; /* Unigram: by id, pieces that are never found in a text; NULL = none */
	bool single; /* Unigram: as SentencePiece sums */
	uint32_t *rank; /* by id: derive all merges that give a token, with its rank; NULL = merges are given */
	struct added_token *added; /* in the order of the file; ids not yet known */
	uint32_t n_added;
	struct str unk, bos, eos; /* by name; empty = not said */
};

/* "WHAT 'WHICH' is not supported". Returns rc. */
int build_refuse(struct build *b, const char *what, struct str which);
void build_token(struct build *b, struct str s, uint64_t id);
void build_piece(struct build *b, struct str s, uint64_t id, double score);
void build_merge(struct build *b, struct str left, struct str right);
void build_added(struct build *b, const struct added_token *t);
int build_finish(struct build *b);
/* While reading, after build_finish: the id of a token by its name as written in the file. */
uint32_t build_find(const struct build *b, struct str name);
void build_free(struct build *b);
