/* manifest: DIR/manifest.json: what the corpus was made from, with what, and what came out. Written last: a corpus that has one is whole. */
#pragma once
#include "cli/run.h"

/* A digest of everything that the corpus depends on: configuration, tools, the marks of all units. 0, or an error. */
int manifest_state(const struct run *r, uint64_t *state, struct err *e);
/* Does DIR hold the finished corpus of this state? Then its counts are added to r->tally, and true. */
bool manifest_holds(struct run *r, uint64_t state);
int manifest_write(struct run *r, uint64_t state, struct err *e);
