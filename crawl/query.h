/* query: the lines of a CDX server about a URL pattern, in spans of time small enough that its ceiling of lines cuts nothing off. */
#pragma once
#include "core/tally.h"
#include "crawl/client.h"

struct query {
	struct client *client;
	const char *server, *pattern; /* pattern as the server takes it: "publico.pt/2004*", "*.publico.pt" */
	const char *from, *to;        /* may be NULL */
	uint64_t most;                /* lines that the server gives at most; a full answer is asked for again in halves */
};

/* Each line is handed to take (0, or an error that ends it). 0, ERR_IO, ERR_STOP, what take returned. */
int query_lines(const struct query *q, int (*take)(void *self, struct str line, struct err *e), void *self, struct tally *t, struct err *e);
