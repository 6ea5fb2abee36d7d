/* train: the language and the variety model from labelled JSON lines. Deterministic: one thread, fixed seed, input order.
 *
 * Rows: {"text", "lang"} or {"text", "label": "pt-PT"|"pt-BR", "domain", "source"}. docs/internals/variety.md tells the recipe. */
#pragma once
#include "core/err.h"

#include <stdbool.h>
#include <stddef.h>

struct train_conf {
	double c;           /* cost of the support vector machine */
	uint64_t bits;      /* log2 of the buckets */
	uint64_t seed;
	bool no_calibration; /* keep the calibration of nothing: for trials */
};

/* Print figures on the way through `say`. */
int train_variety(const char *const *paths, size_t n, const char *out, const struct train_conf *c, void (*say)(const char *), struct err *e);
int train_language(const char *const *paths, size_t n, const char *out, const struct train_conf *c, void (*say)(const char *), struct err *e);
