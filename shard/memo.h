/* memo: a worker's memory of words and their ids: Portuguese repeats its words.
 *
 * Two tables of fixed size, the newest word wins its place: words of up to 15 bytes and 4 ids, which are most, in 32 bytes each; longer ones
 * beside them. Whether a word was remembered changes nothing but the time. */
#pragma once
#include "shard/bpe.h"

enum { MEMO_SHORT = 15, MEMO_LONG = 40 };

struct memo;
struct memo *memo_new(void);
struct memo *memo_free(struct memo *w);
/* Append the ids of a word that is remembered; false when it is not. Bytes up to limit can be read. */
bool memo_get(struct memo *w, struct str word, const char *limit, struct bpe_ids *out);
/* Remember ids[0..n) of the word that memo_get did not know just now. */
void memo_put(struct memo *w, struct str word, const char *limit, const uint32_t *ids, size_t n);
