/* sign: a document's signature: what deciding about copies needs to know of it.
 *
 * Its words (bare.h) make shingles of `shingle` words; a text of fewer words has one shingle of what it has. Their set is hashed in
 * `bands` times `rows` permutations (minhash.h), and the least images of a band make one key: two texts of Jaccard similarity J share at
 * least one key with the probability 1 - (1 - J^rows)^bands. `grams` keeps the set itself (grams.h), to compare for true.
 * The scheme SIGN_DATATROVE makes the keys of datatrove's MinHash (datatrove.h): same words, same permutations, same groups. */
#pragma once
#include "core/err.h"
#include "core/str.h"

#include <stdbool.h>

enum { SIGN_BANDS_MAX = 256, SIGN_SHINGLE_MAX = 64 };
enum sign_scheme { SIGN_OWN, SIGN_DATATROVE };

/* What signatures depend on: two files of signatures can be used together when these are equal. */
struct sign_conf {
	uint32_t scheme, shingle, bands, rows;
	uint32_t grams; /* keep the sets */
	uint32_t names; /* keep id and file of each document, for an index */
	uint32_t lines, passage; /* keep spans (spans.h): of lines; of passages of so many words */
	uint64_t policy; /* digest of what `prefer` and `quality` were made from */
};

struct sign_head {
	uint64_t text;    /* of the normalised words: equal for equal texts                     */
	uint64_t id, url; /* XXH3 of the document's; url without scheme, www. and final slash   */
	uint64_t host;    /* XXH3; 0 = not known */
	uint64_t digest;  /* of the payload digest; 0 = not known                               */
	int64_t date;
	uint32_t length;  /* bytes of text */
	uint32_t words;
	uint32_t shingles; /* distinct ones; 0 = has no keys */
	uint32_t grams;    /* bytes of the coded set */
	uint32_t prefer;   /* place of the host in the list of preferred ones; SIGN_NOT_PREFERRED */
	float quality;     /* NAN = not measured */
	uint32_t names;    /* bytes of "id\0file\0" */
	uint32_t spans;    /* how many */
	uint32_t reserved; /* 0 */
	uint32_t absent;   /* 1: only holds the place of a document that had been left out before */
};
#define SIGN_NOT_PREFERRED UINT32_MAX

struct sign {
	struct sign_head head;
	const uint64_t *keys; /* one a band; undefined when there are no shingles */
	const unsigned char *grams;
	const struct span *spans;
};

struct sign_work;
/* ERR_USAGE when bands * rows or the shingle is beyond what can be. */
int sign_check(const struct sign_conf *c, struct err *e);
struct sign_work *sign_start(const struct sign_conf *c);
struct sign_work *sign_stop(struct sign_work *w);
/* Fills text, length, words, shingles, grams of the head, and keys and grams, which are valid until the next call; spans when the conf asks for them. text: valid UTF-8. */
void sign_text(struct sign_work *w, struct str text, struct sign *out);
/* The hash of a URL, as in the head. */
uint64_t sign_url(struct str url);
