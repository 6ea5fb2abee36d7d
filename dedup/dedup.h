/* dedup: the stage. What comes in, what goes out and why something is left out: dedup/README.md. */
#pragma once
#include "core/stage.h"
#include "dedup/audit.h"
#include "dedup/cut.h"
#include "dedup/solve.h"

/* Alone it makes two passes: sign and write to a scratch file; solve; mark. */
extern const struct stage dedup_stage;

struct dedup_conf {
	unsigned preset;
	uint64_t bands, rows, ngram; /* 0 = the preset's  */
	double verify;               /* NAN = the preset's */
	unsigned survivor, same_url;
	const char *survivor_signal, *prefer_hosts;
	uint64_t repeated_lines, repeated_host_lines, repeated_words;
	const char *against, *index, *weights;
	uint64_t audit;
	uint64_t memory, threads; /* threads: 0 = 1 */
	const char *tmp; /* NULL = the folder of the signatures, or $TMPDIR or /tmp */
};

/* In parts, for `run`: dedup_sign_stage writes the signatures of one unit; dedup_solve reads those of all units, in order, and writes a
 * file of verdicts; dedup_mark_stage (its conf is a struct dedup_verdicts, which is opened on a range of units) marks the same
 * documents in the same order. */
extern const struct stage dedup_sign_stage, dedup_mark_stage;

struct dedup_sign_conf {
	const char *path;
	const struct dedup_conf *conf; /* NULL = all defaults. Must be what dedup_solve is given. */
};

/* The file of verdicts is written beside the signatures or elsewhere; scratch files lie in its folder, where nobody else may be at work. */
int dedup_solve(const char *verdicts, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e);

/* dedup_solve in steps that tasks of a cluster can share: dedup_rank once; dedup_pairs for each k of `of`, at the same time if need be; dedup_settle
 * when all of those are done. They meet in files of `folder` (parts.h), which exists; the verdicts are those of dedup_solve for any `of`.
 * A step whose output is whole does nothing; the folder can go when the verdicts are there. */
int dedup_rank(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e);
int dedup_pairs(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, uint64_t k, uint64_t of, struct err *e);
int dedup_settle(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, uint64_t of, const char *verdicts, struct err *e);

/* Draw c->audit documents and compare them with all others (audit.h). The signatures must have sets. */
int dedup_audit(const char *verdicts, const char *const *signs, size_t n, const struct dedup_conf *c, struct audit_report *out, struct err *e);

struct dedup_verdicts {
	struct mark *mark;
	struct index *against;
	uint64_t next, end; /* documents */
};
/* For the units [first, first + n). conf: for --against. */
int dedup_open(struct dedup_verdicts *out, const char *verdicts, size_t first, size_t n, const struct dedup_conf *c, struct err *e);
void dedup_unload(struct dedup_verdicts *v);
