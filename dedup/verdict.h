/* verdict: what was decided about each document, in a file that can be read from any document on.
 *
 * A sealed file (sealed.h): first the number of the first document of each unit, then blocks of VERDICT_BLOCK verdicts, in the order of
 * the units and of the documents in them. A task that needs one unit reads that unit's blocks. */
#pragma once
#include "core/err.h"
#include "core/own.h"

#include <stddef.h>
#include <stdint.h>

enum verdict_kind {
	VERDICT_NONE,    /* there was nothing to decide: left out before */
	VERDICT_KEEP,
	VERDICT_CAPTURE, /* the same bytes as the one that stays         */
	VERDICT_EXACT,   /* the same words                               */
	VERDICT_NEAR,    /* nearly the same words                        */
	VERDICT_URL,     /* another capture of its URL stays             */
	VERDICT_AGAINST, /* a copy of a document of the index            */
	VERDICT_KINDS
};

struct verdict {
	uint64_t cluster;  /* below 2^53, from the id of the one that stays; VERDICT_AGAINST: its place in the index */
	uint32_t size;     /* documents in the group; 0 = not clustered */
	uint32_t kind : 8, captures : 24; /* captures: of its URL; 0 = not counted */
};

enum { VERDICT_BLOCK = 4096 };

struct verdict_out;
/* first: n_units + 1 numbers, the last one being the number of documents. lasting: see sealed_create. */
int verdict_create(struct verdict_out **out, const char *path, const uint64_t *first, size_t n_units, int lasting, struct err *e);
int verdict_put(struct verdict_out *v, const struct verdict *one, struct err *e);
/* Make it final, which needs as many verdicts as there are documents; frees v in any case. */
int verdict_commit(struct verdict_out *v, struct err *e);
struct verdict_out *verdict_out_free(struct verdict_out *v);

struct verdict_in;
int verdict_open(struct verdict_in **in, const char *path, struct err *e);
struct verdict_in *verdict_in_free(struct verdict_in *v);
OWN_FREEP(struct verdict_out, verdict_out)
OWN_FREEP(struct verdict_in, verdict_in)
size_t verdict_units(const struct verdict_in *v);
/* Number of the first document of unit i (i <= units). */
uint64_t verdict_first(const struct verdict_in *v, size_t i);
/* That of document number `doc`. Cheap when the one before it was asked last. ERR_DATA when there is none. */
int verdict_get(struct verdict_in *v, uint64_t doc, struct verdict *out, struct err *e);
