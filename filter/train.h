/* train: the language and the variety model from labelled JSON lines (lessons.h says which). Deterministic: one thread, fixed seed, input order.
 * Figures of what was held back are printed on the way; recipe, digests and figures go into the model. docs/internals/variety.md tells why. */
#pragma once
#include "core/err.h"
#include "filter/linear.h"

#include <stdbool.h>

struct train_conf {
	double c;	     /* cost of an error on a row; 0: the task's own */
	uint64_t bits;	     /* log2 of the buckets; 0: the task's own */
	uint64_t seed;
	const char *leave;   /* sources or domains that begin so are left out of the variety model, and scored by it; NULL: none */
	const char *classes; /* language: take the classes from this model, and learn the gate alone; NULL: learn both */
	bool no_calibration; /* leave no domain out: for trials */
};

typedef void train_say(const char *line);

int train_variety(const char *const *paths, size_t n, const char *out, const struct train_conf *c, train_say *say, struct err *e);
/* Good and bad examples (worth.h): {"text", "label": "good"|"bad"}; a tenth is held back. */
int train_quality(const char *const *paths, size_t n, const char *out, const struct train_conf *c, train_say *say, struct err *e);
/* A reference text, {"text"}, those with the label "bad" left out (perplexity.h); a tenth is held back. At most 20 million words are read. */
int train_perplexity(const char *const *paths, size_t n, const char *out, const struct train_conf *c, train_say *say, struct err *e);
int train_language(const char *const *paths, size_t n, const char *out, const struct train_conf *c, train_say *say, struct err *e);
