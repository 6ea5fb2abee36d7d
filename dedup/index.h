/* index: what stays of a corpus, in the form in which new documents are compared with it.
 *
 * A folder of sealed files (sealed.h): `texts` and `bands` are sorted runs (sorter.h); `sets` are the signatures, with id and file
 * of each document (signs.h), its order being the order of ranks; `index` is written last and counts them. Several folders, separated
 * by commas, make one index: their runs are merged as they are read. All of an index stays. */
#pragma once
#include "core/arena.h"
#include "dedup/place.h"
#include "dedup/sign.h"
#include "dedup/sorter.h"

/* A record of `texts`. */
enum { INDEX_TEXT, INDEX_TEXT_RANK, INDEX_TEXT_DOC, INDEX_TEXT_ID, INDEX_TEXT_DIGEST, INDEX_TEXT_WORDS };

struct index;
/* folders: "A" or "A,B,C". c: ERR_USAGE when the index was made with other options. */
int index_open(struct index **out, const char *folders, const struct sign_conf *c, struct err *e);
struct index *index_free(struct index *x);
uint64_t index_count(const struct index *x);
/* The signature files, to be added to a list of n files: at most index_files of them. */
size_t index_files(const struct index *x);
const char *index_file(const struct index *x, size_t i);
/* The places of all sets, the i-th signature file being number first + i of the list. */
int index_places(const struct index *x, struct place *p, size_t first, struct err *e);
int index_join_texts(const struct index *x, struct sorter *texts, struct err *e);
/* Those of the keys within [from, to]. */
int index_join_bands(const struct index *x, struct sorter *bands, uint64_t from, uint64_t to, struct err *e);
/* Id and file of document number `place`, in a. Thread-safe. */
int index_name(struct index *x, uint64_t place, struct arena *a, struct str *id, struct str *file, struct err *e);

/* A new index: all of `old` (may be NULL) and the documents of signs[0..n) that stay by `verdicts`. ERR_USAGE when there is one already.
 * memory, scratch: for sorting. */
int index_write(const char *folder, struct index *old, const char *const *signs, size_t n, const char *verdicts, size_t memory, const char *scratch, struct err *e);
