/* sentencepiece: a SentencePiece .model (sentencepiece_model.proto) of the BPE or Unigram kind, ids as its own library gives them.
 *
 * Pieces with scores. BPE: of two neighbours those merge first whose piece has the highest score. Models of words or characters, unused pieces in a
 * BPE model, and user-defined ones in a Unigram model, are refused by name. */
#pragma once
#include "shard/build.h"

bool sentencepiece_probe(struct str first);
int sentencepiece_read(struct build *b, struct str bytes);
