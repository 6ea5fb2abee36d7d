/* place: where a document is in the shards, and which document a token of them is of, as lines of a page or of JSON. */
#pragma once
#include "core/buf.h"
#include "shard/lookup.h"

struct place_line {
	const char *label;
	struct str text;
};

struct place_lines {
	struct place_line *v; /* in the arena */
	unsigned n;
	uint64_t all; /* places, of which the first PLACE_MAX are shown */
};

enum { PLACE_MAX = 20 };

/* Places of the document of this id (or, id empty, of this URL) in a folder of shards, each with the files it is in. None: no lines. */
int place_find(const char *shards, struct str id, struct str url, struct arena *a, struct place_lines *out, struct err *e);

/* Is this a folder of shards without the meta of a run? */
bool place_alone(const char *dir);

struct place_ask {
	const char *id, *url, *split;
	uint64_t position; /* UINT64_MAX: not asked for */
};

/* The document that token ask->position of a split is of; an error that says what there is instead. */
int place_of_token(const char *shards, const struct place_ask *ask, struct arena *a, struct place *out, struct err *e);
/* A page, or lines of JSON, about documents of a folder that has shards and nothing else. */
int place_page(const char *shards, const struct place_ask *ask, bool json, struct buf *out, struct err *e);
