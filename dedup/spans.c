#include "dedup/spans.h"

#include "core/own.h"

#include <xxhash.h>

static void add(struct spans *s, uint64_t hash, size_t from, size_t to, bool line)
{
	if (s->n == SPANS_MAX || to > INT32_MAX)
		return;
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->v = own_grow(s->v, s->cap * sizeof(*s->v));
	}
	s->v[s->n++] = (struct span){hash, (uint32_t)from, to & INT32_MAX, line};
}

void spans_lines(struct spans *s, struct str text)
{
	size_t at = 0;
	while (text.n) {
		bare_words(&s->line, str_cut(text, '\n', &text));
		if (s->line.n)
			add(s, XXH3_64bits_withSeed(s->line.words, s->line.n * sizeof(*s->line.words), 3), at, at + s->line.n, true);
		at += s->line.n;
	}
}

/* Hashes of all runs of `each` words: a polynomial in the words' hashes, carried from one run to the next. */
static size_t roll(struct spans *s, const uint64_t *words, size_t n, unsigned each)
{
	const uint64_t base = 0x9E3779B97F4A7C15u;
	uint64_t h = 0, power = 1;
	size_t runs = n - each + 1;
	if (runs > s->runs_cap) {
		s->runs_cap = runs;
		s->runs = own_grow(s->runs, runs * sizeof(*s->runs));
	}
	for (unsigned i = 0; i < each; i++)
		h = h * base + words[i];
	for (unsigned i = 1; i < each; i++)
		power *= base;
	for (size_t i = 0;; i++) {
		uint64_t mixed = (h ^ h >> 31) * 0xBF58476D1CE4E5B9u;
		s->runs[i] = mixed ^ mixed >> 29;
		if (i + 1 == runs)
			return runs;
		h = (h - words[i] * power) * base + words[i + each];
	}
}

void spans_passages(struct spans *s, const uint64_t *words, size_t n, unsigned passage)
{
	unsigned each = passage - SPANS_WINDOW + 1;
	size_t last = SIZE_MAX;
	if (n < each)
		return;
	size_t runs = roll(s, words, n, each);
	for (size_t i = 0; i == 0 || i + SPANS_WINDOW <= runs; i++) {
		size_t least = i;
		for (size_t k = i + 1; k < i + SPANS_WINDOW && k < runs; k++)
			if (s->runs[k] <= s->runs[least]) /* the last of equals: a text that repeats itself chooses few */
				least = k;
		if (least != last)
			add(s, s->runs[least], least, least + each, false);
		last = least;
	}
}

void spans_clear(struct spans *s)
{
	s->n = 0;
}

void spans_free(struct spans *s)
{
	bare_free(&s->line);
	free(s->v);
	free(s->runs);
	*s = (struct spans){0};
}
