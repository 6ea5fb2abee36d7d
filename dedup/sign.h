/* sign: a document's signature: what deciding about copies needs to know of it, in a fixed number of bytes.
 *
 * Normalised words (lower case, no accents, a run of digits is one 0, punctuation gone) make shingles of five; each shingle is hashed to 32
 * bits and permuted 112 ways; the least value of each permutation is kept (Broder 1997). Texts of fewer than five words have one shingle of
 * what they have. Two signatures agree in a place with the probability of the texts' Jaccard similarity. */
#pragma once
#include "core/err.h"
#include "core/str.h"

enum { SIGN_HASHES = 112, SIGN_SHINGLE = 5 };

struct sign {
	uint64_t text; /* XXH3 of the normalised words: equal for equal texts */
	uint64_t id;   /* XXH3 of the document's id                           */
	int64_t date;
	uint32_t length, words;
	uint32_t min[SIGN_HASHES];
};

struct sign_work;
struct sign_work *sign_start(void);
struct sign_work *sign_stop(struct sign_work *w);
/* text: valid UTF-8. Fills text, length, words, min. */
void sign_text(struct sign_work *w, struct str text, struct sign *out);
/* Share of places in which two signatures agree: an estimate of Jaccard, standard error sqrt(J(1-J)/112). */
float sign_like(const struct sign *a, const struct sign *b);

/* A file of signatures: "PNSIGN01", u64 count, the structs, u64 XXH3-64 of all before it. Little-endian. */
int sign_write(const char *path, const struct sign *v, size_t n, struct err *e);
/* malloc'ed. ERR_DATA when it is cut short or damaged. */
int sign_read(const char *path, struct sign **v, size_t *n, struct err *e);

/* The two forms of the kernel that must agree: out[k] = min(out[k], permutation k of x). */
void sign_kernel_plain(const uint32_t *x, size_t n, uint32_t out[SIGN_HASHES]);
void sign_kernel_avx2(const uint32_t *x, size_t n, uint32_t out[SIGN_HASHES]);
