/* judge: which language a text is in, and which variety of Portuguese, in one pass over its words.
 *
 * What depends on one word alone is summed once per distinct word and remembered in a cache of the worker, so a word seen before costs one
 * look-up. A text is read only until the evidence is in (JUDGE_FIRST .. JUDGE_MOST): text that is surely in another language is left after its
 * beginning, Portuguese after some pages. Sums are whole numbers and what was cached never shows in them: the same text gets the same answer
 * from every worker. Load once, share among threads; one judge_work a thread. */
#pragma once
#include "filter/gate.h"
#include "filter/gram.h"
#include "filter/linear.h"

struct judge;
struct judge_work;

enum {
	JUDGE_FIRST = 32,    /* tokens read before the first look; then as many again as were read */
	JUDGE_FOREIGN = 128, /* after so many, text that is surely in another language is left    */
	JUDGE_MOST = 2048,   /* tokens that decide, at most                                       */
};

struct judge_conf {
	const char *language_path, *variety_path; /* NULL: the models built in */
	float low, high;			  /* pt-BR at or below, pt-PT at or above */
	float prior;				  /* of pt-PT where the text comes from; 0.5: nothing is known */
};

struct verdict {
	const char *language; /* ISO 639-3 and script: "por_Latn"; "und" where there are no words */
	float language_score; /* probability */
	const char *variety;  /* "pt-PT", "pt-BR", "pt"; "" when the language is not Portuguese */
	float variety_score;  /* calibrated probability of pt-PT; says little when the language is another */
	uint32_t words;	      /* that were read */
};

int judge_open(struct judge **out, const struct judge_conf *c, struct err *e);
struct judge *judge_free(struct judge *j);
struct judge_work *judge_start(const struct judge *j);
struct judge_work *judge_stop(struct judge_work *w);
void judge_text(const struct judge *j, struct judge_work *w, struct str text, struct verdict *out);
/* The same with another prior than the judge's own. */
void judge_prior(const struct judge *j, float prior, struct verdict *v);
/* What a score that was kept is called by this judge's bounds: "pt-PT", "pt-BR", "pt". */
const char *judge_variety(const struct judge *j, float score);

/* What the gate is asked by the beginning of a text, for training; false when there are no words. */
bool judge_gate(const struct judge *j, struct judge_work *w, struct str text, float in[GATE_INPUTS]);

/* Share of Portuguese among the words of lines that are long enough to tell (JUDGE_LINE_WORDS); NAN when none is. */
enum { JUDGE_LINE_WORDS = 5 };
float judge_lines(const struct judge *j, struct judge_work *w, struct str text);

/* What decided the variety, strongest first. */
enum judge_kind { JUDGE_WORD, JUDGE_PAIR, JUDGE_ORDER };
extern const char *const judge_kinds[]; /* "word", "pair", "order" */
struct judge_reason {
	enum judge_kind kind;
	float weight; /* in the logit: above 0 speaks for pt-PT, below for pt-BR */
	struct str name; /* "autocarro", "a fazer", "está a -zer"; in w until its next call */
};
unsigned judge_explain(const struct judge *j, struct judge_work *w, struct str text, struct judge_reason *out, unsigned most);

/* The classes of the language model, in order; [0] is Portuguese. */
enum { JUDGE_LANGUAGES = GATE_CLASSES };
extern const char *const judge_languages[JUDGE_LANGUAGES];      /* "por_Latn", ..., "other" */
extern const char *const judge_language_codes[JUDGE_LANGUAGES]; /* as training data writes them: "pt", ..., "" */
