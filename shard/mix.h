/* mix: how often a document is taken: weights by what is known of it, from a file of sections:
 *
 *     [portugal]            # the first section whose conditions all hold decides; a document that none holds for is taken once
 *     variety = "pt-PT"
 *     weight = 3
 *     [old]
 *     years = "1996-2003"
 *     host = "gov.pt"       # this host and those below it
 *     weight = 0.5          # half of them, by the hash of the id
 *
 * Conditions: variety, language, country, dump, page_type, host, years (one or FROM-TO, of the capture), above.SIGNAL and below.SIGNAL. General
 * text to be replayed is one more input file with a dump of its own. */
#pragma once
#include "core/doc.h"
#include "core/own.h"

struct mix;
/* ERR_DATA with file and offset. */
int mix_open(struct mix **out, const char *path, struct err *e);
struct mix *mix_free(struct mix *m);
/* Copies of d to take. hash: of its id. */
unsigned mix_copies(const struct mix *m, const struct doc *d, uint64_t hash);
