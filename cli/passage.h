/* passage: the part of a text that a decision hangs on, so that a person can judge whether it was right.
 *
 * For repetition: what is repeated. For rules about lines: the lines. For language and variety: the sentence that speaks most clearly. Else
 * the beginning. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "filter/judge.h"

enum { PASSAGE_BYTES = 700, PASSAGE_MARKS = 64 };

struct passage {
	struct str text; /* the part, a slice of the document */
	struct str marks[PASSAGE_MARKS]; /* slices of text, in order, not overlapping */
	unsigned n;
	bool cut_before, cut_after;
};

/* reason: "" for what was kept. low: look for what speaks against pt-PT (kept as undetermined or left out), else for it. */
void passage_find(struct passage *p, struct str text, struct str reason, const struct judge *j, struct judge_work *w);
