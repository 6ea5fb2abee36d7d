/* place: where the coded set of each document lies, by rank, and the set itself.
 *
 * A scratch file of 16 bytes a document, written in the order of ranks and read anywhere; each place carries a check of 40 bits, seeded with
 * its rank. Sets are read from the signature files one by one; each carries its own check, too. The last sets read are kept. */
#pragma once
#include "dedup/grams.h"

#include <stdint.h>

struct place;
enum { PLACE_FILES_MAX = 1 << 24, PLACE_KEPT = 512 };

/* files: borrowed. folder: for the scratch file. */
int place_new(struct place **out, const char *folder, const char *const *files, size_t n, struct err *e);
struct place *place_free(struct place *p);
/* The set of the next rank: bytes at offset of files[file]. */
int place_add(struct place *p, size_t file, uint64_t offset, uint32_t bytes, struct err *e);
/* No more to come. */
int place_ready(struct place *p, struct err *e);
/* Make it last: place_free leaves the file. */
int place_keep(struct place *p, struct err *e);
/* A reader of the `count` places in folder that are ready; ERR_DATA when the file has not that length. open_max: how many files it may hold open. */
int place_open(struct place **out, const char *folder, const char *const *files, size_t n, uint64_t count, unsigned open_max, struct err *e);
/* The same for those of p, for another thread. */
int place_share(struct place **out, const struct place *p, unsigned open_max, struct err *e);
/* *out is valid until PLACE_KEPT other sets were asked for. */
int place_get(struct place *p, uint64_t rank, const struct grams **out, struct err *e);
