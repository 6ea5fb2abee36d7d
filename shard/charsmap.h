/* charsmap: SentencePiece's compiled normalization rules (precompiled_charsmap), and the two ways in which they are applied.
 *
 * The bytes: u32 size of the trie, the trie as a double array (Darts-clone), then texts ended by NUL; a leaf's value is the place of its text.
 * Untrusted: every step is checked against the ends. Sources: sentencepiece/src/normalizer.cc; the crate spm_precompiled 0.1. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

struct charsmap;

/* bytes: borrowed, and not aligned. NULL when they are no such rules. */
struct charsmap *charsmap_new(struct str bytes);
struct charsmap *charsmap_free(struct charsmap *m);

/* As tokenizers: each grapheme cluster of up to 5 bytes for which there is a rule for a beginning of it, else its characters one by one; the shortest
 * rule that fits. */
void charsmap_clusters(const struct charsmap *m, struct str text, struct buf *out);
/* The longest rule that text begins with: its length in bytes, and what it gives; 0 = none. */
size_t charsmap_longest(const struct charsmap *m, struct str text, struct str *gives);
