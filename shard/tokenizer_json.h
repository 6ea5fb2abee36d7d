/* tokenizer_json: a tokenizer.json of Hugging Face into a vocab in the making.
 *
 * Model BPE, Unigram, WordPiece or WordLevel; normalizers, pre-tokenizers, added tokens; of the post-processor only which ids go around a text. Whatever else
 * the file asks for is refused by name. */
#pragma once
#include "shard/build.h"

/* text is kept by the vocab's arena, or lives longer. */
int tokenizer_json_read(struct build *b, struct str text);
