/* judge: which language a text is in, and which variety of Portuguese, in one pass over its words.
 *
 * What depends on one word alone is summed once per distinct word of a text, and remembered in a cache of the worker, so that a word seen
 * before costs one look-up. Load once, share among threads; one judge_work a thread. */
#pragma once
#include "filter/gram.h"
#include "filter/linear.h"

struct judge;
struct judge_work;

struct verdict {
	const char *language; /* ISO 639-3 and script: "por_Latn"; "und" for no words */
	float language_score; /* probability */
	const char *variety;  /* "pt-PT", "pt-BR", "pt"; "" when the language is not Portuguese */
	float variety_score;  /* calibrated probability of pt-PT; says little when the language is another */
	uint32_t words;
};

/* NULL paths: the models built in. low, high: pt-BR at or below, pt-PT at or above. */
int judge_open(struct judge **out, const char *language_path, const char *variety_path, float low, float high, struct err *e);
struct judge *judge_free(struct judge *j);
struct judge_work *judge_start(const struct judge *j);
struct judge_work *judge_stop(struct judge_work *w);
void judge_text(const struct judge *j, struct judge_work *w, struct str text, struct verdict *out);

/* The classes of the language model, in order; [0] is Portuguese. */
enum { JUDGE_LANGUAGES = 12 };
extern const char *const judge_languages[JUDGE_LANGUAGES];      /* "por_Latn", ..., "other" */
extern const char *const judge_language_codes[JUDGE_LANGUAGES]; /* as training data writes them: "pt", ..., "" */
