/* group: who stays.
 *
 * Verified: in the order of ranks; a document stays unless one that stays is paired with it and similar enough, which then is its leader. Pairs with
 * documents that do not stay are not compared. Not verified: all that pairs connect is a group, its leader the first rank. */
#pragma once
#include "dedup/solve.h"

/* Fills s->leaders from s->pairs. */
int group_documents(struct solve *s, struct err *e);
