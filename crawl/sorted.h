/* sorted: any number of lines, sorted by bytes, in bounded memory: sorted runs in unlinked temporary files, merged at the end. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct sorted;
enum { SORTED_RUNS = 64, SORTED_LINE_MAX = 1 << 20 }; /* runs merged at a time; a longer line is ERR_LIMIT */

/* memory: bytes of lines held before a run is written. tmp: folder; NULL = $TMPDIR or /tmp. */
struct sorted *sorted_new(const char *tmp, size_t memory);
struct sorted *sorted_free(struct sorted *s);
OWN_FREEP(struct sorted, sorted)
/* A line without its end. 0, ERR_IO, ERR_LIMIT. */
int sorted_add(struct sorted *s, struct str line, struct err *e);
/* When all are added: the next in order (equal ones follow each other), valid until the next call. 1; 0 at the end; < 0. */
int sorted_next(struct sorted *s, struct str *line, struct err *e);
