/* raw: the bytes of a file or of stdin as stored, with the offset of each, and a look ahead.
 *
 * "-" is stdin: one object however often it is opened, so that a peek at its first bytes loses nothing. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct raw;
enum { RAW_AHEAD_MAX = 64 << 20 }; /* raw_ahead never buffers more than this */

int raw_open(struct raw **out, const char *path, struct err *e);
struct raw *raw_free(struct raw *r);
OWN_FREEP(struct raw, raw)

/* At least `min` bytes at the current offset, more when they are buffered; fewer only at the end of the file. Valid until
 * the next call. 0, ERR_IO, ERR_LIMIT. */
int raw_ahead(struct raw *r, size_t min, struct str *out, struct err *e);
/* The next n bytes to `to`, without a stop in the buffer where they are not there already; *got < n at the end of the file. 0, ERR_IO. */
int raw_read(struct raw *r, char *to, size_t n, size_t *got, struct err *e);
/* Step over n bytes (beyond what is buffered: seeks or reads on). Past the end: stops at the end, and *skipped says so. */
int raw_skip(struct raw *r, uint64_t n, uint64_t *skipped, struct err *e);
/* Absolute; ERR_IO on a pipe when `offset` is behind. */
int raw_seek(struct raw *r, uint64_t offset, struct err *e);
uint64_t raw_offset(const struct raw *r);
/* Bytes in the file; 0 when it is a pipe. */
uint64_t raw_size(const struct raw *r);
const char *raw_name(const struct raw *r);
/* XXH3-64 of a file's bytes as stored from begin to before end (UINT64_MAX: to its end), and how many there are (bytes may be NULL). 0, ERR_IO. */
int raw_digest(const char *path, uint64_t begin, uint64_t end, uint64_t *digest, uint64_t *bytes, struct err *e);
