/* wordpiece: the longest token that a word begins with, then the longest of the rest behind the prefix "##", and so on; a word that does not
 * come out is one unk (tokenizers/src/models/wordpiece). A word of WordLevel is a token or unk. */
#pragma once
#include "shard/bpe.h"

/* false: the word is unknown and there is no unk. */
bool wordpiece_word(const struct vocab *v, struct str word, struct bpe_ids *out);
