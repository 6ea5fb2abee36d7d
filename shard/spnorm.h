/* spnorm: what SentencePiece does to a text before it cuts it (sentencepiece/src/normalizer.cc): compiled rules, white space, a space in front, U+2581
 * for spaces; user-defined symbols pass as they are. */
#pragma once
#include "core/buf.h"
#include "shard/added.h"
#include "shard/charsmap.h"

struct spnorm {
	struct charsmap *map; /* owned; NULL = none */
	struct added symbols;
	bool prefix, extra_spaces, escape; /* a space in front; white space is removed at the ends and where it repeats; spaces become U+2581 */
	bool suffix; /* the space goes behind instead */
};

void spnorm_text(const struct spnorm *r, struct str text, struct buf *out);
struct spnorm *spnorm_free(struct spnorm *r);
