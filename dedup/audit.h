/* audit: is it true? Some documents are drawn, and compared by brute force with all others.
 *
 * The drawn ones are those with the least hashes of their ids: the same ones whatever the order of documents. Every document of the corpus
 * is compared with each of them through an index of all their n-grams, so no pair that has half of its n-grams in common escapes,
 * whatever the bands say. What is found is set against the verdicts, and against what MinHash promises: a pair of similarity J
 * shares a band with the probability 1 - (1 - J^rows)^bands. Intervals are Wilson's at 95 %. Memory: about 8 KB a document drawn. */
#pragma once
#include "core/buf.h"
#include "core/err.h"
#include "dedup/sign.h"

enum { AUDIT_MAX = 20000, AUDIT_STEPS = 5, AUDIT_LINES = AUDIT_STEPS + 3 };

struct audit_report {
	uint64_t documents, drawn;
	struct audit_step {
		uint64_t pairs, together; /* of pairs of a similarity in this step, those that share a band */
		double theory;            /* mean of the curve over these pairs */
	} step[AUDIT_STEPS];              /* from 0.5 on, 0.1 each */
	uint64_t alike, missed;           /* pairs at least as similar as threshold; both of them stay */
	uint64_t left_out, unlike;        /* drawn documents left out; without a survivor so similar */
	double threshold;
};

/* signs must have sets. threshold: what counts as a copy. */
int audit_files(const char *const *signs, size_t n, const char *verdicts, unsigned draw, double threshold, struct audit_report *out, struct err *e);
/* Line i (< AUDIT_LINES) of the report, as text. */
void audit_line(const struct audit_report *r, unsigned i, struct buf *out);
