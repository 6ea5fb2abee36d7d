/* pretok: the regular expressions of byte-level tokenizers, written out as scanners.
 *
 * GPT-2:   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * Llama-3: (?i:'s|...)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * Qwen-2:  the same with \p{N}. */
#pragma once
#include "shard/vocab.h"

/* Length of the piece at the start of s (valid UTF-8, not empty). */
size_t pretok_next(enum vocab_pretok kind, struct str s);
