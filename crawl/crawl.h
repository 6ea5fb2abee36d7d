/* crawl: the stage. What comes in, what goes out and why something is left out: crawl/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage crawl_stage;

struct crawl_conf {
	const char *dump;         /* collection name; NULL = the file's name without its endings */
	const char *from, *to;    /* capture dates: first, and last (inclusive), as 4 to 14 digits or ISO 8601 */
	const char *hosts, *block; /* files of hosts, one a line: only these; none of these. Subdomains count. */
	uint64_t max_size;        /* bytes of body */
	bool any_status, any_mime, optout;
	uint64_t begin, end;      /* of each file, only members that begin in this range of stored offsets; end 0 = all. No option: run cuts files. */
	bool brazil;              /* leave out Brazilian addresses by rule */
};
