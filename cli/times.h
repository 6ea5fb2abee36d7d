/* times: what the calls of a run cost, in DIR/work/times.jsonl: a line for each call or task that came to its end, beside the corpus and not of it, for
 * the corpus has the same bytes however long it took. Calls that were killed leave no line. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct times {
	uint64_t calls;
	double seconds, cpu; /* of the clock and of processors, over all calls */
	uint64_t threads;    /* the most that a call had */
	uint64_t peak;	     /* the most memory that a call had resident, in bytes */
};

/* Add this process, which began at `began` (of common_now) as `what`. Nothing is said when that is not possible. */
void times_add(const char *dir, const char *what, double began, uint64_t threads);
/* false: there are none. A line that is torn is passed over. */
bool times_read(struct times *out, const char *dir);
