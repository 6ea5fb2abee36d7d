/* Signatures: which texts are equal, and the two forms of the kernel. */
#include "dedup/sign.h"
#include "tests/tap.h"

#include <string.h>

static const struct {
	const char *name, *a, *b;
	bool equal;
} pairs[] = {
	{"case", "Bom Dia", "bom dia", true},
	{"accents", "ação é já avó", "acao e ja avo", true},
	{"combining accents", "ac\xcc\xa7\xc3\xa3o", "ação", true},
	{"numbers", "em 1999 e 12", "em 0 e 7", true},
	{"punctuation", "(bom) dia!", "bom... dia", true},
	{"white space", " bom\n\n dia\t", "bom dia", true},
	{"another word", "bom dia", "boa dia", false},
	{"order", "dia bom", "bom dia", false},
	{"a word cut in two", "bomdia", "bom dia", false},
};

int main(void)
{
	struct sign_work *w = sign_start();
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct sign a, b;
		sign_text(w, str_of(pairs[i].a), &a);
		sign_text(w, str_of(pairs[i].b), &b);
		tap((a.text == b.text) == pairs[i].equal, "%s", pairs[i].name);
	}
	sign_stop(w);
	return tap_done();
}
