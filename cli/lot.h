/* lot: neighbouring units whose documents end up in one file of docs and one of meta: the unit of work of the reduce phase.
 *
 * Where a lot ends is told by the name of its last unit, its size, and the size of all (in powers of four): with archives added to a corpus, the
 * other lots stay what they were, and those whose documents have the same verdicts need not be written again (content-defined cutting, as of
 * Muthitacharoen, Chen, Mazieres 2001, "A Low-bandwidth Network File System"). A lot's name comes from the names of its units. */
#pragma once
#include "cli/plan.h"

enum { LOT_BYTES = 1 << 30, LOT_UNIT_BYTES = 64 << 10, LOTS_MANY = 4096 };

struct lot {
	char name[17];
	size_t first, n; /* units of the plan */
	uint64_t bytes;  /* of archives as stored; a unit counts at least LOT_UNIT_BYTES */
};

/* The lots of a plan, in its order; malloc'ed. bytes: of a lot on average, 0 = LOT_BYTES, and four times that, and so on, until there are about
 * LOTS_MANY of them at most. Returns how many. */
size_t lots_of(const struct plan *p, uint64_t bytes, struct lot **out);
