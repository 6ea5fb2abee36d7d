/* places: which document is at which position of the tokens of a split: FORMAT/SPLIT.documents.jsonl.zst, one line a document (or a piece of one,
 * when documents are packed into sequences), in order of position:
 *
 *     {"document":7,"position":5120,"tokens":311,"id":"<urn:uuid:...>","url":"http://..."}
 *
 * position counts from 0 over the whole split, padding included. A page is found by its URL, and taken down by it (remove.h). */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct place {
	uint64_t document, position, tokens;
	struct str id, url;
};

enum { PLACES_LINE_MAX = 1 << 20 };

/* A line of the index: strings borrowed from it or in a; id and URL are NULL where the document was taken out. false: it is none. */
bool places_read(struct place *out, struct str line, struct arena *a);

struct places;
int places_open(struct places **out, const char *path, struct err *e);
int places_put(struct places *p, const struct place *one, struct err *e);
int places_commit(struct places *p, struct err *e); /* frees p in any case */
struct places *places_free(struct places *p);
