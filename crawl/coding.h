/* coding: transfer and content codings of HTTP: chunked, gzip, deflate (zlib and raw), br, zstd. */
#pragma once
#include "core/arena.h"

enum { CODING_OK, CODING_CUT, CODING_NOT, CODING_NONE };

/* Undo the coding `name` over `in` into *out (in a), at most max bytes. CODING_OK; CODING_CUT: it ended too soon, or passed max: what
 * there is is in *out; CODING_NOT: the bytes are not in that coding; CODING_NONE: nothing to undo ("identity", or a name not known). */
int coding_undo(struct str name, struct str in, size_t max, struct arena *a, struct str *out);
