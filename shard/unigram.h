/* unigram: the likeliest way to write a word in pieces (Kudo 2018, "Subword Regularization"; Viterbi).
 *
 * Every piece has a score, the logarithm of its probability; a character that no piece begins with costs the least of them less 10. Ids are those of
 * tokenizers/src/models/unigram (sums in double) or of SentencePiece itself (sums in single precision). Unknown
 * characters next to each other are one unk, or the bytes of all of them. */
#pragma once
#include "shard/bpe.h"

struct unigram_pieces;

/* The trie of the pieces. score, skip: by id; skip: pieces that are not found in a text (NULL = none). single: as SentencePiece. */
struct unigram_pieces *unigram_pieces_new(const struct vocab *v, uint32_t n, const double *score, const unsigned char *skip, bool single);
struct unigram_pieces *unigram_pieces_free(struct unigram_pieces *p);

struct unigram;
struct unigram *unigram_new(const struct vocab *v);
struct unigram *unigram_free(struct unigram *x);
/* Append the ids of a word (valid UTF-8). false: a character is unknown and the vocabulary has no unk. */
bool unigram_word(struct unigram *x, struct str word, struct bpe_ids *out);
