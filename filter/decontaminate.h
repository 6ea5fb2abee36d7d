/* decontaminate: texts that share a long run of words with questions of benchmarks.
 *
 * A run is N words (letters and digits, lower case, accents dropped, whatever stands between), 13 as GPT-3 and its followers take (Brown et
 * al. 2020, appendix C). All runs of the benchmark files are kept as 64-bit hashes; a document's runs are looked up as they roll by. Items
 * of fewer than N words cannot be found. Linear in both. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

struct decontaminate;
enum { DECONTAMINATE_LINE_MAX = 16 << 20 };

/* Files of JSON lines (every string in an object counts, deep too), or of text, an item a line. words: N. NULL in *out when n is 0. */
int decontaminate_open(struct decontaminate **out, const char *const *paths, size_t n, uint32_t words, struct err *e);
struct decontaminate *decontaminate_free(struct decontaminate *d);
/* How many runs of the text are in a benchmark. cut, unless NULL: the text without the words of those runs (cleared first; empty when there
 * are none). */
uint32_t decontaminate_find(const struct decontaminate *d, struct str text, struct buf *cut);
