/* coding: transfer and content codings of HTTP: chunked, gzip, deflate (zlib and raw), br, zstd. */
#pragma once
#include "core/arena.h"

enum { CODING_OK, CODING_CUT, CODING_NOT, CODING_NONE };

/* Undo the coding `name` over `in` into *out (in a), at most max bytes. CODING_OK; CODING_CUT: it ended too soon, or passed max: what
 * there is is in *out; CODING_NOT: the bytes are not in that coding; CODING_NONE: nothing to undo ("identity", or a name not known). */
int coding_undo(struct str name, struct str in, size_t max, struct arena *a, struct str *out);
/* One line that tells the size of a chunk, at *s, which moves behind it: its value, or -1 (RFC 9112 section 7.1; blanks before and after the
 * number are seen in the wild). */
int64_t coding_chunk(struct str *s);
