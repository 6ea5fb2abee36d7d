/* source: where batches come from.
 *
 * pull runs alone, under the driver's lock, and only cuts bytes into records: decoding belongs to the first stage's map. */
#pragma once
#include "core/batch.h"
#include "core/err.h"

struct source {
	const char *name; /* "archive", "jsonl" */
	/* Are these (decompressed) first bytes ours? */
	bool (*probe)(struct str first);
	/* paths: n file names, "-" = stdin. conf: what this source takes (see its header), may be NULL. */
	int (*open)(void **self, const char *const *paths, size_t n, const void *conf, struct err *e);
	/* 1: the batch holds documents; 0: end; < 0. A batch may come back with n = 0 and 1 (only damage was read). */
	int (*pull)(void *self, struct batch *b, struct err *e);
	void (*close)(void *self);
};
