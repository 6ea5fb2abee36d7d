/* split: a regular expression that has no scanner of its own, by ICU: where it matches in a text, in bytes.
 *
 * Patterns are those of tokenizer files (Oniguruma); what ICU cannot compile is an error. A pattern is shared; each worker clones it. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct split;

struct split_span {
	size_t from, to;
};

struct split_spans {
	struct split_span *v;
	size_t n, cap;
};

void split_put(struct split_spans *s, size_t from, size_t to);
/* ERR_DATA with ICU's reason. */
int split_open(struct split **out, struct str regex, struct err *e);
struct split *split_clone(const struct split *s);
struct split *split_free(struct split *s);
/* Matches in text (valid UTF-8), in order, not overlapping. ERR_LIMIT when the pattern needs more steps or stack than is reasonable. */
int split_find(struct split *s, struct str text, struct split_spans *out, struct err *e);
