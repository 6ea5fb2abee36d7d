/* decode: a response's codings undone while its body passes by, for bodies too large to hold.
 *
 * Gives the bytes that http_decode gives, with two differences that only streams have: there is no ceiling of HTTP_BODY_MAX but the caller's, and
 * a coding is believed once it has given DECODE_TRUST bytes (brotli has no magic number: what is none can give some before it fails). */
#pragma once
#include "crawl/http.h"

enum { DECODE_TRUST = 64 << 10 };

struct decode;
/* Takes a piece of the plain body; the piece is valid within the call only. */
typedef void decode_sink(void *self, struct str piece);

/* For a parsed head: h->body is not looked at. max: no more than this many bytes reach the sink. */
struct decode *decode_new(const struct http *h, uint64_t max, decode_sink *sink, void *self);
void decode_add(struct decode *d, struct str piece);
/* The end of the body: what was held back goes to the sink. *lied, *cut as in struct http_body. Frees d. */
void decode_end(struct decode *d, bool *lied, bool *cut);
