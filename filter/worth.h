/* worth: how much a text is like the good examples that a user gave, beside the bad ones: a linear model over its words and pairs of words.
 *
 * Every distinct word and pair counts once a text, so that length says little. Trained by train_quality.c, kept as linear.h has it
 * with one class; the notes hold the slope that makes a score a probability. Words are those of words.h, as the rules count them. */
#pragma once
#include "filter/linear.h"
#include "filter/repeat.h"

struct worth;
/* A model from a file. ERR_IO, ERR_DATA. */
int worth_open(struct worth **out, const char *path, struct err *e);
struct worth *worth_free(struct worth *m);
/* Probability that the text of these words is a good one; NAN without words. seen, id[2 * WORTH_MOST]: the
 * caller's, overwritten. */
float worth_of(const struct worth *m, const struct words *w, struct repeat *seen, uint32_t *id);

enum { WORTH_MOST = 20000 }; /* words of a text that are asked */
/* Ids of the distinct words and pairs, the first WORTH_MOST words of them, into id[2 * WORTH_MOST]; how many. */
uint32_t worth_features(const struct words *w, struct repeat *seen, uint32_t *id);
