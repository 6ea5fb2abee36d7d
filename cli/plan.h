/* plan: what a run has to do: its units of work, in the order in which their documents end up in the corpus.
 *
 * A unit is one archive file (or a slice of one). Its name comes from its path and begin, never from its place in the list, so that
 * adding inputs to a finished run leaves the names of the others as they were. Units are ordered by path and begin. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

#include <stdbool.h>

struct unit {
	char name[17]; /* 16 hex digits: XXH3-64 of "path\nbegin" */
	char *path;
	uint64_t begin, end; /* bytes of the file as stored; end UINT64_MAX = to the end */
	uint64_t size;       /* of the file */
	int64_t mtime;       /* of the file, ns since 1970 */
	bool touched;        /* mtime is another than the list of earlier calls says: look whether its bytes changed */
};

struct plan {
	struct unit *units;
	size_t n;
	uint64_t bytes; /* of all inputs, each file once */
	uint64_t slice; /* files above this are cut */
};

/* From file and folder names (folders: every regular file below, hidden ones left out). Files above `slice` bytes are cut about every `slice`
 * bytes where they can be (crawl/slice.h); 0 = never. ERR_USAGE when there is nothing. */
int plan_make(struct plan *p, const char *const *paths, size_t n, uint64_t slice, struct err *e);
void plan_free(struct plan *p);
/* Stored bytes of a unit. */
uint64_t plan_bytes(const struct unit *u);

/* The units of earlier calls, from a list as plan_save writes it, added to p: those that p names too are not added again. A file that is
 * not there is an empty list. 0; ERR_DATA; ERR_USAGE: a file of the list is now cut elsewhere, so it has changed. */
int plan_add_saved(struct plan *p, const char *list, struct err *e);
/* "begin end size mtime path" a line. */
int plan_save(const struct plan *p, const char *list, struct err *e);
