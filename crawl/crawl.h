/* crawl: the stage. What comes in, what goes out and why something is left out: crawl/README.md. */
#pragma once
#include "core/stage.h"
#include "crawl/rules.h"

extern const struct stage crawl_stage;

struct crawl_conf {
	const char *dump;         /* collection name; NULL = the file's name without its endings */
	const char *from, *to;    /* capture dates: first, and last (inclusive), as 4 to 14 digits or ISO 8601 */
	struct rules_conf rules;  /* which URLs */
	struct opt_list status, mime; /* HTTP statuses ("200", "3*"); declared media types. Empty: 200, and HTML */
	uint64_t min_size, max_size;  /* bytes of body */
	unsigned set;             /* named rules: 1 = brazil */
	bool any_status, any_mime, noai, tdm;
	bool resolve;             /* revisits are given what they repeat */
	uint64_t begin, end;      /* of each file, only members that begin in this range of stored offsets; end 0 = all. No option: run cuts files. */
};

struct cdx;
/* For callers that have lines of an index instead of records: does the opened stage want this capture, as far as the line tells? */
bool crawl_wants_line(const void *shared, const struct cdx *c);
/* The last second of "2004", "200402" ...; DATE_NONE when it is no date. */
int64_t crawl_last_moment(struct str s);
