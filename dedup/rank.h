/* rank: the order in which documents may stay, and which of them have the same text. */
#pragma once
#include "dedup/solve.h"

/* Fills s->first and old. ERR_USAGE when signatures were made with other options than s->conf says. */
int rank_count(struct solve *s, struct err *e);
/* Fills s->first, ranks, places, urls, reps and members. */
int rank_documents(struct solve *s, struct err *e);
