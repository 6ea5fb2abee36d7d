/* decide: the dedup phase: the signatures of all units into DIR/work/map/verdicts; DIR/work/decided says of which state they are. */
#pragma once
#include "cli/run.h"

#define DECIDE_VERDICTS "work/map/verdicts"

/* Unless the verdicts are there for this state (manifest_state): make them. */
int decide_phase(struct run *r, uint64_t state, struct err *e);
/* --index is made anew with the verdicts; work/indexed says that it is of this run. ERR_USAGE: it is another's, or one of --against. anew: take away
 * what is to be made again. */
int decide_index(const struct run *r, bool anew, struct err *e);
/* Are there verdicts? For a task that comes behind. */
bool decide_done(const struct run *r);
/* Are they those of this state? */
bool decide_holds(const struct run *r, uint64_t state);
/* Before a phase that changes what they rest on. */
int decide_forget(const struct run *r, struct err *e);

/* The same in steps for the tasks of a cluster (dedup_rank, dedup_pairs, dedup_settle), which meet in DIR/work/dedup. The first and the last are for a
 * state, the ones between take what the first left. Each does nothing when its output is there. ERR_DATA: the step before has not ended. */
int decide_rank(struct run *r, uint64_t state, struct err *e);
int decide_pairs(struct run *r, uint64_t k, uint64_t of, struct err *e);
int decide_settle(struct run *r, uint64_t state, uint64_t of, struct err *e);
/* Are they done, or not needed any more? For decide_ranked_for: of this state. */
bool decide_ranked(const struct run *r);
bool decide_ranked_for(const struct run *r, uint64_t state);
bool decide_paired(const struct run *r, uint64_t k, uint64_t of);
