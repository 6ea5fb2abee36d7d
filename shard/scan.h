/* scan: the regular expressions of byte-level tokenizers, written out as scanners.
 *
 * GPT-2:   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * CL100K:  (?i:'s|...)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+     (Llama-3)
 * QWEN2:   the same with \p{N};  QWEN35: and with [\p{L}\p{M}]+ and [^\s\p{L}\p{M}\p{N}]
 * O200K:   words cut where lower case turns to upper, contractions joined to the word, \p{N}{1,3}, [\r\n/]*       (GPT-4o)
 * TEKKEN:  the same without contractions, \p{N}                                                               (Mistral) */
#pragma once
#include "core/str.h"

enum scan { SCAN_NONE, SCAN_GPT2, SCAN_CL100K, SCAN_QWEN2, SCAN_QWEN35, SCAN_O200K, SCAN_TEKKEN };

/* The scanner that does what this regular expression does; SCAN_NONE. */
enum scan scan_known(struct str regex);
/* The end of the piece that begins at p (< end; valid UTF-8). charclass_prepare has been called. */
const char *scan_next(enum scan kind, const char *p, const char *end);
