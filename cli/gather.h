/* gather: what `peneira crawl` does besides carrying records through the sieve: an index of archives; captures from an archive server. */
#pragma once
#include "cli/common.h"
#include "crawl/crawl.h"

struct gather_conf {
	bool cdxj;
	struct opt_list cdxj_from;
	const char *server, *replay, *contact;
	uint64_t rate, connections, cdx_lines;
};
extern const struct opt gather_opts[];

/* Is this what the options ask for? */
bool gather_wanted(const struct gather_conf *g);
/* Do it; the exit status. */
int gather(const struct common_conf *common, const struct gather_conf *g, const struct crawl_conf *crawl, const char *const *paths, size_t n);
