/* curve: a score to a probability: p = 1 / (1 + exp(-exp(slope + by_length l) (score + shift))), l = min(ln(words / 50), 3): long texts make
 * larger scores surer. Fitted on scores by models that have not seen the text's domain, every domain and label weighing the same. */
#pragma once
#include "filter/lessons.h"

enum { CURVE_WORDS_MIN = 8 }; /* shorter texts are not asked: words of a lexicon */

struct curve {
	double slope, by_length, shift;
};

double curve_length(double words);
double curve_at(const struct curve *k, double score, double words);
/* held[i]: score[i] is of a model that has not seen the row. */
struct curve curve_fit(const struct lessons *c, const float *score, const bool *held);
