/* drive: carries batches through a chain of stages.
 *
 *     each worker:  lock the source; pull a batch, take a number; unlock
 *                   for each stage: map; if it folds: wait until it is my number's turn; fold; the next number may go
 *
 * No queues: memory in flight = workers x one batch, back-pressure by itself, and the oldest batch never waits, so there is
 * no deadlock. The idea is minimap2's kt_pipeline; the names are libvips'. */
#pragma once
#include "core/crew.h"
#include "core/source.h"
#include "core/stage.h"

struct link {
	const struct stage *stage;
	const void *conf;
	void *shared; /* filled by drive_run, unless it is lent */
	bool lent;    /* shared is the caller's, who opens and closes the stage: for one that many runs share, which must not fold */
};

struct drive {
	const struct source *source;
	const char *const *paths;
	size_t n_paths;
	const void *source_conf;
	struct link *links; /* the chain, in order */
	unsigned n_links;
	unsigned threads;   /* 0 = 1; not counting who comes from the crew */
	struct crew *crew;  /* whose idle threads may come and help; NULL = none */
	const char *spool;  /* folder for the documents between two passes; NULL = $TMPDIR or /tmp */
	struct progress *progress; /* may be NULL */
	struct tally *tally; /* out: merged counts; the caller frees it. Filled also after an error. */
	uint64_t stored;     /* out: bytes of input as stored */
};

/* 0, or the first error of any worker: the others stop at their next batch. Stages are opened and closed here.
 * ERR_STOP when stop_asked() was seen: batches in flight are finished first. */
int drive_run(struct drive *d, struct err *e);
/* Do the fields that each stage reads exist by then? 0; ERR_USAGE naming the stage and the field. `have`: DOC_BIT()s that the
 * source gives. */
int drive_check(const struct drive *d, uint64_t have, struct err *e);
