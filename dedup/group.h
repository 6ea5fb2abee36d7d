/* group: who stays.
 *
 * Verified: in the order of ranks; a document stays unless one that stays is paired with it and similar enough, which then is its leader. Pairs with
 * documents that do not stay are not compared. Not verified: all that pairs connect is a group, its leader the first rank. */
#pragma once
#include "dedup/solve.h"

/* Are the documents of ranks a and b as similar as the threshold asks? */
int group_alike(struct place *places, uint64_t a, uint64_t b, double threshold, bool *yes, struct err *e);
/* Fills s->leaders from s->pairs, and compares those unless that was done (s->compared). */
int group_documents(struct solve *s, struct err *e);
