/* crew: threads that do numbered parts of a job, each part once, in the order in which the threads become free.
 *
 * With fewer parts than threads, a part gets several threads for itself; the first ones get what does not divide. The first part that fails
 * ends the job: no further part is begun, those in hand are finished. So does a signal to stop. */
#pragma once
#include "core/err.h"

#include <stddef.h>

struct crew_job {
	int (*part)(void *self, size_t i, unsigned threads, struct err *e);
	void *self;
	size_t n;         /* parts 0..n-1 */
	unsigned threads; /* of all together */
	unsigned most;    /* parts in hand at once; 0 = as many as threads */
};

/* 0; the error of the part that failed first; ERR_STOP. */
int crew_run(const struct crew_job *job, struct err *e);
