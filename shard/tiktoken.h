/* tiktoken: a file of base64 tokens and their ranks (openai/tiktoken; Llama-3's tokenizer.model, Qwen's qwen.tiktoken).
 *
 * Such a file holds no regular expression and no special tokens: both are told by how many tokens there are, for the vocabularies that are
 * known; others are refused. */
#pragma once
#include "shard/build.h"

/* Do these first bytes look like one? */
bool tiktoken_probe(struct str first);
int tiktoken_read(struct build *b, struct str text);
