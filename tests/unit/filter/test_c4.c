/* C4's rules, one line each. */
#include "filter/c4.h"
#include "tests/tap.h"

#include <stdlib.h>

#define FIVE "Um dois três. Quatro! Cinco? Seis. Sete oito."
static const struct {
	const char *text, *want; /* NULL: condemned */
	enum c4_verdict verdict;
	uint32_t sentences;
} cases[] = {
	{FIVE, FIVE, C4_KEEP, 5},
	{FIVE "\nsem ponto no fim\n" FIVE, FIVE "\n" FIVE, C4_KEEP, 10},
	{FIVE "\nDuas palavras.", FIVE, C4_KEEP, 5},
	{FIVE "\nE assim por diante...", FIVE, C4_KEEP, 5},
	{"Um[1] dois[edit] três. Quatro! Cinco? Seis. Sete oito.", FIVE, C4_KEEP, 5},
	{FIVE "\nLigue o Javascript, por favor.", FIVE, C4_KEEP, 5},
	{FIVE "\nThis site uses cookies, really.", FIVE, C4_KEEP, 5},
	{FIVE "\nLorem ipsum dolor sit amet.", NULL, C4_LOREM, 5},
	{FIVE "\nif (a) { b(); } e mais.", NULL, C4_CURLY, 5},
	{"Uma frase só, mas comprida.", NULL, C4_SENTENCES, 1},
	{"O Sr. Silva veio. Já foi. Voltou. Saiu.", NULL, C4_SENTENCES, 4},
	{"", NULL, C4_SENTENCES, 0},
};

int main(void)
{
	struct words w = {0};
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t n;
		enum c4_verdict v = c4_clean(str_of(cases[i].text), &w, &out, &n);
		if (!tap(v == cases[i].verdict && n == cases[i].sentences && (v != C4_KEEP || str_eq(buf_view(&out), str_of(cases[i].want))), "case %zu", i))
			printf("# verdict %d, %u sentences, %.*s\n", v, n, (int)out.n, out.p);
	}
	words_free(&w);
	buf_free(&out);
	return tap_done();
}
