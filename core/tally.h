/* tally: counts per stage and reason, and named notes.
 *
 * Each worker has one; they are merged once at the end. in = kept + sum(reasons) is asserted for every stage. The text
 * (last line on stderr) and the JSON (--report) come from here. */
#pragma once
#include "core/buf.h"
#include "core/doc.h"

struct stage;
struct tally;

/* For a chain of stages, in order. */
struct tally *tally_new(const struct stage *const *stages, unsigned n);
struct tally *tally_free(struct tally *t);
OWN_FREEP(struct tally, tally)

/* Stage number s saw `in` documents and dropped one for `why`. */
void tally_in(struct tally *t, unsigned s, uint64_t in);
void tally_drop(struct tally *t, unsigned s, const struct why *why);
/* A named count of anything else ("crawl.skipped_bytes", "filter.pii_email"). name is a literal; kept by value of its text. */
void tally_note(struct tally *t, const char *name, uint64_t n);
uint64_t tally_noted(const struct tally *t, const char *name);
/* What stage s saw, and dropped for reasons[i]. */
uint64_t tally_seen(const struct tally *t, unsigned s);
uint64_t tally_dropped(const struct tally *t, unsigned s, unsigned i);

/* A message worth showing ("FILE:OFFSET: text"); the first few by file and offset are kept, whoever says them first. */
enum { TALLY_SAID = 8 };
void tally_say(struct tally *t, const char *text);
/* The i-th, in that order; NULL behind the last. */
const char *tally_said(const struct tally *t, unsigned i);
/* Damage: every reason and note whose name ends in ".damaged". */
uint64_t tally_damaged(const struct tally *t);

/* Add `from` into `to`; both over the same stages. */
void tally_merge(struct tally *to, const struct tally *from);
/* First stage with in != kept + sum(reasons) or a gap to the next stage; -1 when all add up. */
int tally_check(const struct tally *t);
/* {"stages":[{"name","in","kept","dropped":{...}}],"notes":{...}} without a final newline. Numbers only, keys in order. */
void tally_json(const struct tally *t, struct buf *out);
/* Read such an object back and add it (resume, cluster tasks). 0, ERR_DATA. */
int tally_add_json(struct tally *t, struct str json, struct err *e);
/* "in 1500  kept 900 (60.0 %)  dropped 600: extract.empty 12, ..." */
void tally_line(const struct tally *t, struct buf *out);
