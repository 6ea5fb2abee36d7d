/* head: the heads of WARC and ARC records, parsed. What record.c walks over. */
#pragma once
#include "core/buf.h"
#include "crawl/record.h"

enum { HEAD_LINE_MAX = 64 << 10 }; /* an ARC line above this is none */

/* Length of a WARC head with its empty line, which ends in CRLF or LF; 0 = its end is not in s. */
size_t head_end(struct str s);
/* Fill *rec from a WARC head (version line and fields; folded, in any case, CRLF or LF). Its strings are slices of *text, which is
 * overwritten. false: there is not a single field in it. */
bool head_warc(struct record *rec, struct str head, struct buf *text);
/* Fill *rec from an ARC line without its line end; version: 1 or 2, what the file says of itself (the other is tried too). Its strings are
 * slices of line. */
bool head_arc(struct record *rec, struct str line, int version);
/* Does what stands here look like the head of a record? For searching: "WARC/1.0" in any case, or an ARC line. */
bool head_starts(struct str s);
