/* zin: a byte stream to read: plain, gzip (any number of members) or zstd (any number of frames; skippable frames are
 * skipped) told by its first bytes; xz, bzip2 and lz4 through libarchive. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct zin;

int zin_open(struct zin **out, const char *path, struct err *e);
struct zin *zin_free(struct zin *z);
OWN_FREEP(struct zin, zin)

/* At least min decoded bytes ahead, fewer only at the end; valid until the next call. min above 256 MiB: ERR_LIMIT. */
int zin_ahead(struct zin *z, size_t min, struct str *out, struct err *e);
void zin_skip(struct zin *z, size_t n); /* n <= what zin_ahead gave */
/* The next line without its LF (and CR before it). 1; 0 at the end; ERR_LIMIT when longer than max: the line is then skipped
 * and reading can go on. */
int zin_line(struct zin *z, size_t max, struct str *out, struct err *e);
/* Offset in the file as stored: exact in plain files, of what was last taken for decoding in compressed ones. */
uint64_t zin_offset(const struct zin *z);
const char *zin_name(const struct zin *z);
/* The whole file, decoded, at most max bytes, malloc'ed into *out (free with free). */
int zin_slurp(const char *path, size_t max, char **out, size_t *n, struct err *e);
