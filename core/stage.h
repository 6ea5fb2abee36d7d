/* stage: one sieve. The shape that crawl, extract, filter, dedup and shard share.
 *
 * map runs in parallel, on one batch at a time; `shared` is const there, and the compiler guards it. fold runs alone, in
 * input order. A stage that must see everything before it can decide (dedup) also has `turn` and `again`: the driver then
 * makes two passes, spooling the documents between them: map+fold, turn once, then again (parallel) on the same documents
 * in the same order, with the same doc.ordinal.
 *
 * Adding a stage:
 *   1. a folder with its name; NAME.c ends in `const struct stage NAME_stage`; NAME.h declares it;
 *   2. a new annotation: one line in struct doc, one in doc_fields[];
 *   3. new reasons: one line each in its drops[];
 *   4. one line in cli/chain.c (its place in the order), one static_library in meson.build;
 *   5. tests/unit/NAME/, a case in tests/cli/, a fuzz target if it parses anything;
 *   6. docs/man/peneira-NAME.1 and the README's flow table. `meson test` names what is still missing. */
#pragma once
#include "core/batch.h"
#include "core/err.h"
#include "core/opt.h"

struct stage {
	const char *name;         /* "filter": the folder, the subcommand, the prefix of its reasons */
	const char *summary;      /* one line */
	uint64_t reads, writes;   /* DOC_BIT()s: the driver refuses a chain with a gap */
	const struct why *drops;  /* its reasons, ended by {0}; NULL = none */
	const char *const *signals; /* names of the signals it may write, ended by NULL; NULL = none */
	const struct opt *opts;   /* ended by {0}; NULL = none */
	size_t conf_size;         /* of the struct that opts fill */

	/* Once. conf stays valid until close. On error nothing is left open. */
	int (*open)(void **shared, const void *conf, struct err *e);
	/* One per worker: scratch, models' state. Never NULL; NULL pointer = no worker state. */
	void *(*start)(const void *shared);
	int (*map)(const void *shared, void *worker, struct batch *b, struct err *e);
	int (*fold)(void *shared, struct batch *b, struct err *e);
	int (*turn)(void *shared, struct err *e);
	/* Where the documents wait between the two passes: a folder that goes when the stage closes. NULL = the driver's. */
	const char *(*folder)(const void *shared);
	int (*again)(const void *shared, void *worker, struct batch *b, struct err *e);
	void (*stop)(void *worker);
	/* Once, whatever happened before (`done` = everything went well: make outputs final). Frees shared. */
	int (*close)(void *shared, bool done, struct tally *t, struct err *e);
};
