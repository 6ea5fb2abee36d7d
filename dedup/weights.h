/* weights: how often a document should be seen in training, by how many copies of it there were: "1:1,2:2,3:3,5:5,100:8,1000:1" gives a document of a
 * group of 5 to 99 the weight 5. `fineweb2` is the table that FineWeb-2 was made with (Penedo et al. 2025), which is this one. */
#pragma once
#include "core/err.h"

#include <stdint.h>

enum { WEIGHTS_MAX = 32 };

struct weights {
	unsigned n; /* 0: no weights */
	uint64_t size[WEIGHTS_MAX]; /* ascending */
	float weight[WEIGHTS_MAX];
};

/* text: NULL = none. ERR_USAGE. */
int weights_parse(struct weights *w, const char *text, struct err *e);
/* That of the last line of the table whose size is not above this one; 1 when there is none. */
float weights_of(const struct weights *w, uint64_t size);
