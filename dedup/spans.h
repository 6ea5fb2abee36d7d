/* spans: the parts of a text that may be repeated in other texts: its lines, and passages of words.
 *
 * A line counts by its words (bare.h). Passages: of all runs of `passage` - SPANS_WINDOW + 1 words, those whose hash is the least among
 * SPANS_WINDOW neighbours (winnowing: Schleimer, Wilkerson, Aiken 2003), so that two texts which share a passage of `passage` words
 * choose at least one common run in it, wherever it stands. Spans are given in words. */
#pragma once
#include "core/str.h"
#include "dedup/bare.h"

enum { SPANS_WINDOW = 8, SPANS_MAX = 1 << 16, SPANS_PASSAGE_LEAST = 20 };

struct span {
	uint64_t hash;
	uint32_t from;
	uint32_t to : 31, line : 1;
};

struct spans {
	struct span *v;
	size_t n, cap;
	struct bare line; /* of the line at hand */
	uint64_t *runs;
	size_t runs_cap;
};

/* The lines of a text, added to s. */
void spans_lines(struct spans *s, struct str text);
/* Its passages, from its words. passage >= SPANS_PASSAGE_LEAST. */
void spans_passages(struct spans *s, const uint64_t *words, size_t n, unsigned passage);
void spans_clear(struct spans *s);
void spans_free(struct spans *s);
