/* signs: files of signatures, in the order of the documents.
 *
 * A sealed file (sealed.h): the conf, then groups of up to SIGNS_GROUP documents, each a block per column: heads, keys (of documents
 * with shingles), coded sets, names, spans. A reader takes the columns that it needs and steps over the others; a set can also be read by
 * itself, from its offset in the file (it carries its own check). Writing holds one group in memory. */
#pragma once
#include "dedup/sign.h"
#include "dedup/spans.h"

enum { SIGNS_GROUP = 1024, SIGNS_KEYS = 1, SIGNS_NAMES = 2, SIGNS_SETS = 4, SIGNS_SPANS = 8 };

struct signs_out;
/* lasting: see sealed_create. */
int signs_create(struct signs_out **out, const char *path, const struct sign_conf *c, bool lasting, struct err *e);
/* One document. names: "id\0file\0", kept when the conf says so. */
int signs_put(struct signs_out *s, const struct sign *v, struct str names, struct err *e);
/* Bytes written so far. */
uint64_t signs_bytes(const struct signs_out *s);
/* Make it final; frees s in any case. */
int signs_commit(struct signs_out *s, struct err *e);
struct signs_out *signs_out_free(struct signs_out *s);

struct signs_in;
int signs_open(struct signs_in **in, const char *path, struct err *e);
struct signs_in *signs_in_free(struct signs_in *s);
const struct sign_conf *signs_conf(const struct signs_in *s);
uint64_t signs_count(const struct signs_in *s);

struct signs_group {
	unsigned n;
	const struct sign_head *heads;
	const uint64_t *keys;  /* conf.bands for each document with shingles */
	const unsigned char *sets; /* one behind the other */
	const char *names;     /* one behind the other */
	const struct span *spans;
	uint64_t at;           /* for signs_seek */
	uint64_t grams;        /* offset in the file of the first set; each is heads[i].grams long */
};
/* The next group with the columns wanted (SIGNS_KEYS and so on). 1; 0 at the end; ERR_DATA, ERR_IO. Valid until the next call. */
int signs_next(struct signs_in *s, unsigned want, struct signs_group *g, struct err *e);
/* Go to a group: signs_next reads it. */
void signs_seek(struct signs_in *s, uint64_t at);
