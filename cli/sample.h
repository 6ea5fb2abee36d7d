/* sample: captures picked by chance, the same ones each time: of those that were kept, and of each of the main reasons.
 *
 * Chance is the hash of the id: the lowest ones are picked, so that a sample depends on nothing but the corpus. */
#pragma once
#include "cli/corpus.h"
#include "core/doc.h"

enum { SAMPLE_OF_EACH = 20, SAMPLE_REASONS = 12 };

struct sample {
	struct doc doc; /* from docs or rejects where it is there, else from meta, without text */
	bool has_text;
	struct str mate_url, mate_date; /* left out as a copy: the one that stays */
};

struct sample_set {
	struct str reason; /* empty: kept */
	uint64_t captures;
	struct sample *samples;
	unsigned n;
};

struct samples {
	struct arena *a;
	struct sample_set sets[SAMPLE_REASONS + 1]; /* [0] = kept; then reasons, most captures first */
	unsigned n;
};

int sample_pick(struct corpus *c, struct samples *out, struct err *e);
void sample_free(struct samples *s);
