/* sentencepiece: a SentencePiece .model (sentencepiece_model.proto) of the BPE kind, ids as its own library gives them.
 *
 * Pieces with scores: of two neighbours those merge first whose piece has the highest score. Normalization rules other than identity, and
 * Unigram, are refused by name. */
#pragma once
#include "shard/build.h"

bool sentencepiece_probe(struct str first);
int sentencepiece_read(struct build *b, struct str bytes);
