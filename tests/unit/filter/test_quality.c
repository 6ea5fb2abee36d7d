/* The rules' numbers on texts small enough to count by hand. */
#include "filter/quality.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>

struct expect {
	const char *name, *text;
	enum quality_signal signal;
	double value;
};

static const struct expect cases[] = {
	{"words", "Era uma vez um rei.", Q_WORDS, 5},
	{"word length", "Era uma vez um rei.", Q_WORD_LENGTH, 14.0 / 5},
	{"hash signs a word", "# um # dois", Q_HASH_RATIO, 2.0 / 4},
	{"ellipses a word", "um... dois… fim", Q_ELLIPSIS_RATIO, 2.0 / 5},
	{"a pair that is there once counts", "bom dia", Q_TOP_2, 1},
	{"no triple in two words", "bom dia", Q_TOP_3, 0},
	{"the first among equals", "aa bb cc aa bb dddd e dddd e", Q_TOP_2, 10.0 / 28},
	{"repeated 5-grams are joined by nothing", "ab c d e f g a bc d e f", Q_DUP_5, 6.0 / 23},
	{"the first and the last line are empty", "\num\n", Q_DUP_LINES, 1.0 / 3},
	{"repeated paragraphs", "um\n\ndois\n\n\num\n", Q_DUP_PARAS, 1.0 / 3},
	{"characters in them", "um\n\ndois\n\n\num\n", Q_DUP_PARA_CHARS, 2.0 / 14},
	{"short lines", "um\numa linha de mais de trinta caracteres", Q_SHORT_LINES, 1.0 / 2},
	{"a carriage return ends a line too", "- um\r- dois\r\ntrês", Q_BULLET_LINES, 2.0 / 3},
	{"third longest line", "um\ndois\ntrês\nquatro", Q_THIRD_LINE, 4},
	{"bullets", "- um\n• dois\ntrês\n  - quatro", Q_BULLET_LINES, 3.0 / 4},
	{"lines with an ellipsis", "um...\ndois…  \ntrês", Q_ELLIPSIS_LINES, 2.0 / 3},
	{"words with a letter", "um 2 três 4", Q_ALPHA_WORDS, 2.0 / 4},
	{"stop words", "o rei de copas e o de ouros", Q_STOP_WORDS, 3},
	{"repeated lines", "um\ndois\num\num", Q_DUP_LINES, 2.0 / 4},
	{"most frequent pair", "a b c a b d", Q_TOP_2, 6.0 / 11},
	{"repeated 5-grams", "a b c d e f a b c d e", Q_DUP_5, 5.0 / 21},
	{"no 5-gram twice", "a b c d e f g h i j k", Q_DUP_5, 0},
	{"lines that end in punctuation", "Um.\ndois\nTrês!\n\n", Q_LINE_PUNCT, 2.0 / 3},
	{"line ends a word", "um\ndois\ntrês", Q_NEW_LINES, 2.0 / 3},
};

static void numbers(void)
{
	struct quality_work *w = quality_start();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double out[QUALITY_SIGNALS];
		quality_measure(w, str_of(cases[i].text), out);
		double got = out[cases[i].signal];
		if (!tap(fabs(got - cases[i].value) < 1e-6, "%s", cases[i].name))
			printf("# %g, not %g\n", got, cases[i].value);
	}
	quality_stop(w);
}

/* Bounds hold both ways, and a number that there is not passes. */
static void verdicts(void)
{
	struct quality_bound b[QUALITY_SIGNALS];
	double s[QUALITY_SIGNALS] = {0};
	quality_preset(QUALITY_NONE, b);
	tap(quality_judge(s, b) == QUALITY_SIGNALS, "no preset, no verdict");
	b[Q_WORDS] = (struct quality_bound){2, 5};
	s[Q_WORDS] = 2;
	tap(quality_judge(s, b) == QUALITY_SIGNALS, "the bound itself passes");
	s[Q_WORDS] = 1;
	tap(quality_judge(s, b) == Q_WORDS, "too few");
	s[Q_WORDS] = 6;
	tap(quality_judge(s, b) == Q_WORDS, "too many");
	s[Q_WORDS] = NAN;
	tap(quality_judge(s, b) == QUALITY_SIGNALS, "a number that there is not");
	quality_preset(QUALITY_AMALIA, b);
	tap(b[Q_WORDS].least == 15 && b[Q_DUP_10].most == .108, "presets");
}

/* Long input: time and memory stay in bounds. */
static void large(void)
{
	struct quality_work *w = quality_start();
	double out[QUALITY_SIGNALS];
	size_t n = 8u << 20;
	char *p = malloc(n);
	memset(p, 'a', n);
	quality_measure(w, (struct str){p, n}, out);
	tap(out[Q_WORDS] == 1 && out[Q_WORD_LENGTH] == (double)n, "one word of 8 MiB");
	memset(p, '!', n);
	quality_measure(w, (struct str){p, n}, out);
	tap(w->words.n == 1, "marks without white space");
	for (size_t i = 0; i < n; i += 2)
		p[i] = ' ';
	quality_measure(w, (struct str){p, n}, out);
	tap(w->words.n == WORDS_MAX && out[Q_TOP_2] > 1, "more words than are cut");
	free(p);
	quality_stop(w);
}

int main(void)
{
	numbers();
	verdicts();
	large();
	return tap_done();
}
