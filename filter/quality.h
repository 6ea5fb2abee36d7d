/* quality: the rules of Gopher (Rae et al. 2021, table A1 and A.1.1), FineWeb (Penedo et al. 2024) and C4's paragraph rule (Xue et al.
 * 2021), each number as datatrove 0.10 defines it, with the thresholds of FineWeb-2 for Portuguese. Signals first, verdict second: every
 * number is computed and kept, then compared.
 *
 * Texts of more than WORDS_MAX words are measured on the part up to there. */
#pragma once
#include "filter/repeat.h"
#include "filter/words.h"

enum quality_signal {
	Q_WORDS, Q_WORD_LENGTH, Q_HASH_RATIO, Q_ELLIPSIS_RATIO, Q_BULLET_LINES, Q_ELLIPSIS_LINES, Q_ALPHA_WORDS, Q_STOP_WORDS,
	Q_DUP_LINES, Q_DUP_LINE_CHARS, Q_DUP_PARAS, Q_DUP_PARA_CHARS, Q_TOP_2, Q_TOP_3, Q_TOP_4, Q_DUP_5, Q_DUP_6, Q_DUP_7, Q_DUP_8, Q_DUP_9,
	Q_DUP_10, Q_LINE_PUNCT, Q_SHORT_LINES, Q_CHAR_DUP, Q_NEW_LINES, Q_THIRD_LINE, QUALITY_SIGNALS
};
extern const char *const quality_names[QUALITY_SIGNALS + 1]; /* ended by NULL */

/* One per worker. words holds the words of the text last measured. */
struct quality_work {
	struct words words;
	struct repeat repeat;
	uint64_t stops[64], stop_factor; /* stop words: the hash of each at hash * factor >> 58 */
};
struct quality_work *quality_start(void);
struct quality_work *quality_stop(struct quality_work *w);
/* All signals of a text (valid UTF-8); NAN: there is none. Linear in it. */
void quality_measure(struct quality_work *w, struct str text, double out[QUALITY_SIGNALS]);

/* One comparison: the signal must be >= least and <= most. NAN = not compared. */
struct quality_bound {
	double least, most;
};
/* FineWeb-2's and AMALIA's as published; ours is FineWeb-2's but for alpha_words (docs/decisions.md). */
enum quality_preset { QUALITY_PENEIRA, QUALITY_FINEWEB2_POR, QUALITY_AMALIA, QUALITY_NONE };
void quality_preset(enum quality_preset p, struct quality_bound bounds[QUALITY_SIGNALS]);
/* The first signal out of bounds; QUALITY_SIGNALS when all hold. */
enum quality_signal quality_judge(const double s[QUALITY_SIGNALS], const struct quality_bound bounds[QUALITY_SIGNALS]);
