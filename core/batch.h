/* batch: some documents, their memory, and their place in line.
 *
 * A worker carries a batch through all stages. What is in a batch depends on the input alone, never on threads: that is
 * half of "same bytes for any number of threads"; folding in the order of `number` is the other half. */
#pragma once
#include "core/arena.h"
#include "core/doc.h"
#include "core/tally.h"

enum {
	BATCH_DOCS = 128,       /* documents at most            */
	BATCH_BYTES = 4 << 20,  /* raw bytes after which it is full */
};

struct batch {
	struct arena *arena;
	struct doc docs[BATCH_DOCS];
	unsigned n;
	size_t bytes;       /* raw bytes of its documents, to know when it is full    */
	uint64_t number;    /* place in line, from 0; set by the driver               */
	uint64_t stored;    /* bytes of input, as stored, that the pull consumed      */
	struct tally *tally; /* the worker's: for tally_note                          */
	void *out;           /* what a stage hands from its map to its own fold       */
};

/* The next free document, initialised; the source fills it. NULL when the batch is full. */
static inline struct doc *batch_add(struct batch *b)
{
	if (b->n == BATCH_DOCS || b->bytes >= BATCH_BYTES)
		return NULL;
	struct doc *d = &b->docs[b->n++];
	doc_init(d);
	return d;
}

/* Take back the newest document (the source found nothing for it). */
static inline void batch_take_back(struct batch *b)
{
	b->n--;
}

/* Every document that is not left out yet. */
#define BATCH_EACH(b, d)                                                  \
	for (struct doc *d = (b)->docs, *d##_end = d + (b)->n; d < d##_end; d++) \
		if (!d->drop)
