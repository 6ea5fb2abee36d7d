/* crew: threads that do numbered parts of a job, each part once, in the order in which the threads become free.
 *
 * A part is begun by one thread. A thread that finds no part to begin helps with those in hand: what leads a part holds its work open (crew_hold;
 * a drive does), and hands come in, to where the fewest are. So one part uses every thread, and so does the last one of many. The first part
 * that fails ends the job: no further part is begun, those in hand are finished. So does a signal to stop. */
#pragma once
#include "core/err.h"

#include <stdbool.h>
#include <stddef.h>

struct crew;

struct crew_job {
	int (*part)(void *self, size_t i, struct crew *crew, struct err *e);
	void *self;
	size_t n;         /* parts 0..n-1 */
	unsigned threads; /* of all together */
	unsigned most;    /* parts in hand at once; 0 = as many as threads */
};

/* 0; the error of the part that failed first; ERR_STOP. */
int crew_run(const struct crew_job *job, struct err *e);

/* Work that more hands make lighter. help is called by any number of threads at once, and comes back when there is nothing left to begin. */
struct crew_work {
	void (*help)(void *self);
	void *self;
	/* the crew's own */
	unsigned hands;
	bool over;
	struct crew_work *next;
};
/* crew NULL: nobody comes. */
void crew_hold(struct crew *c, struct crew_work *w);
/* Comes back when all that came have left. */
void crew_release(struct crew *c, struct crew_work *w);
