/* dedup: the stage. What comes in, what goes out and why something is left out: dedup/README.md. */
#pragma once
#include "core/stage.h"
#include "dedup/solve.h"

/* Alone it makes two passes: sign, solve, mark. */
extern const struct stage dedup_stage;

struct dedup_conf {
	uint64_t bands, rows;
	double threshold;
	unsigned preset;
};

/* In parts, for `run`: dedup_sign_stage writes the signatures of one unit; dedup_load reads those of all units, in order, and solves;
 * dedup_mark_stage (its conf is the struct dedup_verdicts) marks the same documents in the same order. */
extern const struct stage dedup_sign_stage, dedup_mark_stage;

struct dedup_sign_conf {
	const char *path;
};

struct dedup_verdicts {
	struct solve_verdict *v;
	size_t n, next;
};
int dedup_load(struct dedup_verdicts *out, const char *const *paths, size_t n, const struct dedup_conf *c, struct err *e);
void dedup_unload(struct dedup_verdicts *v);
