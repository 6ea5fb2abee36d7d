/* life: what a corpus knows of one captured page: its row of meta, its line in docs or rejects, its copies, its place in the shards. */
#pragma once
#include "cli/corpus.h"
#include "cli/place.h"
#include "core/doc.h"

struct sqlite3;

struct life_field {
	const char *name;
	struct str text; /* as the table shows it */
};

struct life_mate {
	struct str id, url, date, reason;
};

struct life {
	struct arena *a;
	uint64_t row; /* of the corpus */
	struct life_field *fields; /* the row of captures, nulls left out */
	unsigned n_fields;
	bool has_doc;
	struct doc doc; /* from docs or rejects; strings in a */
	struct life_mate *mates;
	unsigned n_mates, all_mates;
	struct place_lines places; /* in the shards */
};

enum { LIFE_MATES_MAX = 20 };

struct life_ask {
	const char *id, *url, *file;
	uint64_t offset; /* UINT64_MAX: not asked for */
	struct place_ask token; /* instead of all the others */
};

/* The captures that match, in the order of capture dates: life of the one that is number `which` of them, and how many there are.
 * 1: there is none. */
int life_find(struct corpus *c, const struct life_ask *ask, unsigned which, struct life *out, unsigned *n, struct err *e);
void life_free(struct life *l);
/* {NULL, 0}: null or no such column. */
struct str life_get(const struct life *l, const char *name);
