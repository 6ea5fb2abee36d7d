/* http: the HTTP response inside a record: status line, fields, body with its transfer and content codings removed.
 *
 * RFC 9112 as servers of thirty years wrote it: LF for CRLF, no reason phrase, no fields at all. Lengths and codings may lie: a body
 * that is not what the head says is passed on as it is, and counted. */
#pragma once
#include "core/arena.h"

enum { HTTP_BODY_MAX = 64 << 20, HTTP_CODINGS_MAX = 6 };

struct http {
	uint32_t status; /* 0 = no status line was found */
	struct str mime, charset, language; /* mime: lower case, without parameters */
	struct str transfer_coding, content_coding, robots, tdm;
	bool has_length;
	uint64_t length;
	struct str body; /* as stored */
};

/* Parse a block. false when it does not start with "HTTP/" (then all of it is the body). Slices of block; mime is in a. */
bool http_parse(struct http *h, struct str block, struct arena *a);

struct http_body {
	struct str bytes;   /* a slice of the block, or in a */
	bool lied;          /* a coding was declared that the bytes do not have: passed on as they were */
	bool cut;           /* ended too soon, or grew over max */
};
/* max: no more than this many bytes are decoded, nor than HTTP_BODY_MAX. */
void http_decode(const struct http *h, size_t max, struct arena *a, struct http_body *out);
