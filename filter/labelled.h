/* labelled: a line of examples to learn from: {"text": "...", "label": "good"}. Other fields are skipped; what is no such line gives no text. */
#pragma once
#include "core/arena.h"
#include "core/str.h"

struct labelled {
	struct str text, label; /* in the arena or the line; empty: there was none */
};
/* The text is valid UTF-8. */
struct labelled labelled_line(struct str line, struct arena *a);
