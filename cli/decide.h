/* decide: the dedup phase: the signatures of all units into DIR/work/map/verdicts; DIR/work/decided says of which state they are. */
#pragma once
#include "cli/run.h"

#define DECIDE_VERDICTS "work/map/verdicts"

/* Unless the verdicts are there for this state (manifest_state): make them. */
int decide_phase(struct run *r, uint64_t state, struct err *e);
/* Are there verdicts? For a task that comes behind. */
bool decide_done(const struct run *r);
/* Are they those of this state? */
bool decide_holds(const struct run *r, uint64_t state);
/* Before a phase that changes what they rest on. */
int decide_forget(const struct run *r, struct err *e);
