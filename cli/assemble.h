/* assemble: the last step: the sheaves of all lots, in order, into shards (DIR/work/shards), and everything that is finished to its place. */
#pragma once
#include "cli/run.h"

/* Unless they are there for this state (manifest_state): make the shards. Counts are added to r->tally. */
int assemble_shards(struct run *r, uint64_t state, struct err *e);
/* The old corpus goes as a whole before the first file of the new one appears: then docs, meta and rejects are linked (copied, where the file
 * system has no links) from the lots, and the shards are renamed. Whatever happens in between, the next call does it again. */
int assemble_publish(struct run *r, struct err *e);
