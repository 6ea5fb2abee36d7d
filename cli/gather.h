/* gather: what `peneira crawl` does besides carrying records through the sieve: an index of archives. */
#pragma once
#include "cli/common.h"

struct gather_conf {
	bool cdxj;
};
extern const struct opt gather_opts[];

/* Is this what the options ask for? */
bool gather_wanted(const struct gather_conf *g);
/* Do it; the exit status. */
int gather(const struct common_conf *common, const struct gather_conf *g, const char *const *paths, size_t n);
