/* The rules' numbers on texts small enough to count by hand. */
#include "filter/quality.h"
#include "tests/tap.h"

#include <math.h>

struct expect {
	const char *name, *text;
	enum quality_signal signal;
	double value;
};

static const struct expect cases[] = {
	{"words", "Era uma vez um rei.", Q_WORDS, 5},
	{"word length", "Era uma vez um rei.", Q_WORD_LENGTH, 14.0 / 5},
	{"hash signs a word", "# um # dois", Q_HASH_RATIO, 2.0 / 4},
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
		float out[QUALITY_SIGNALS];
		quality_measure(w, str_of(cases[i].text), out);
		double got = (double)out[cases[i].signal];
		if (!tap(fabs(got - cases[i].value) < 1e-6, "%s", cases[i].name))
			printf("# %g, not %g\n", got, cases[i].value);
	}
	quality_stop(w);
}

int main(void)
{
	numbers();
	return tap_done();
}
