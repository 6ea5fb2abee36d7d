/* memento: what an answer of an archive server is: the capture asked for, its neighbour, nothing, or a plea to come back later; and the
 * captured response rebuilt from it (RFC 7089; X-Archive-Orig-* as pywb sends original fields). */
#pragma once
#include "crawl/client.h"

enum memento {
	MEMENTO_IT,    /* the capture asked for                                        */
	MEMENTO_OTHER, /* a capture of another moment                                  */
	MEMENTO_NONE,  /* the server has none                                          */
	MEMENTO_LATER, /* no answer, too many requests, trouble: try again             */
	MEMENTO_LARGE, /* the body is larger than was allowed                          */
};

enum memento memento_judge(const struct reply *r, int64_t date);
/* Seconds to wait before the next try: what Retry-After says, at least 2, 4, 8 ... */
double memento_pause(const struct reply *r, unsigned tries);
/* Status line, original fields, body as sent. Chunks are gone, so is the field that spoke of them. */
void memento_response(const struct reply *r, struct buf *out);
/* "Thu, 12 Mar 1998 09:29:00 GMT" (RFC 9110, section 5.6.7); DATE_NONE when it is not that. */
int64_t memento_date(struct str s);
