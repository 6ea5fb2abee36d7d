/* slice: where a large archive file can be cut, so that several workers read parts of it.
 *
 * Only gzip files in which every record is a member of its own can be: a cut is the stored offset of a member that begins like a record (RFC
 * 1952; ISO 28500:2017 annex D). Cuts depend on the file's bytes and `size` alone. The part between two cuts is read with stream_open's
 * range; the parts together hold every member once. */
#pragma once
#include "core/err.h"

#include <stddef.h>

enum {
	SLICE_SEARCH_MAX = 64 << 20, /* from a place on, a member is looked for in so many stored bytes */
	SLICE_HEAD = 1024,	     /* decoded bytes that tell a record */
};

/* Cuts about every `size` stored bytes: cuts[0] = 0, then ascending offsets; malloc'ed, n >= 1. A file that cannot be cut has the first only.
 * 0, ERR_IO. */
int slice_file(const char *path, uint64_t size, uint64_t **cuts, size_t *n, struct err *e);
