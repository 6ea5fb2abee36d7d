/* cut: lines and passages that several of the documents that stay have, taken out of all but the oldest of them.
 *
 * Decided by sorting: each span of each document that stays is a record {hash, scope, date, id, document, span}; of a group that
 * enough documents share, the first one keeps it. What is to be cut is a sorted run (sorter.h) of {document, span}, which can be
 * read from any document on. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"
#include "dedup/signs.h"

struct cut_conf {
	uint32_t lines, host_lines; /* documents that must have a line: of all, of one host; 0 = never cut */
	uint32_t passage;           /* words; 0 = never cut */
	size_t memory;
	const char *folder;         /* for scratch files */
};

/* How many were decided to go: lines that are frequent overall, or on their host (a line can be both), and windows of passages. */
struct cut_report {
	uint64_t lines, host_lines, passages;
};

/* Decide for the documents of these files, with the verdicts on them, into the file `out`. lasting: see sealed_create. */
int cut_decide(const char *const *signs, size_t n, const char *verdicts, const struct cut_conf *c, const char *out, int lasting, struct cut_report *report, struct err *e);

struct cut_in;
int cut_open(struct cut_in **in, const char *path, struct err *e);
struct cut_in *cut_in_free(struct cut_in *c);
struct cut {
	uint32_t from, to; /* words */
};
/* The cuts of document number doc, in order; documents are asked for in any order, cheap in ascending order. n = 0: none. *v is valid until the
 * next call. */
int cut_get(struct cut_in *c, uint64_t doc, const struct cut **v, size_t *n, struct err *e);
/* The text without them: lines of which no word is left go, too; empty when no word is left at all. *words: how many words were taken out. */
struct str cut_text(struct str text, const struct cut *v, size_t n, struct arena *a, uint32_t *words);
