/* gram: what is a word, a mark, a name; which features a place gives. */
#include "filter/gram.h"
#include "tests/tap.h"

#include <stdlib.h>

/* Words separated by blanks; marks as ; (strong) and , (weak); names in <>. */
static const char *shown(struct gram *g, const char *text)
{
	static char out[4096];
	size_t n = 0;
	gram_read(g, str_of(text));
	for (uint32_t i = 0; i < g->n; i++) {
		const struct gram_token *t = &g->v[i];
		if (t->mark)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", i ? " " : "", t->hash == 1 ? ";" : ",");
		else
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s%.*s%s", i ? " " : "", t->name ? "<" : "", (int)t->n, g->low + t->at, t->name ? ">" : "");
	}
	out[n] = 0;
	return out;
}

static void words(void)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{"digits as 0", "O ano de 1998 foi bom para todos nós", "o ano de 0000 foi bom para todos nós"},
		{"a clitic keeps its hyphen", "disse-me que não", "disse -me que não"},
		{"a dash between blanks is no hyphen", "sim - não", "sim não"},
		{"capitals inside a sentence are names", "foi a Lisboa ontem à tarde. Depois veio", "foi a <lisboa> ontem à tarde ; depois veio"},
		{"text in capitals has no names", "FOI A LISBOA ONTEM", "foi a lisboa ontem"},
		{"marks: strong wins over weak, runs are one", "um, (dois). três", "um , dois ; três"},
		{"addresses are left out", "ver http://www.sapo.pt/x?y=1 ou www.sapo.pt e a@b.pt já", "ver ou e já"},
		{"accents are kept, in lower case", "AÇÃO É ÚTIL", "ação é útil"},
		{"Greek and Cyrillic too", "ωΜέγα ж. Ж", "ωμέγα ж ; ж"},
		{"nothing", "", ""},
		{"no word", " ... ", ";"},
	};
	struct gram g;
	gram_init(&g);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = shown(&g, cases[i].text);
		if (!tap(strcmp(got, cases[i].want) == 0, "%s", cases[i].name))
			printf("# got %s\n", got);
	}
	gram_free(&g);
}

static void limits(void)
{
	struct gram g;
	size_t n = (size_t)GRAM_TOKENS_MAX * 4;
	char *long_text = malloc(n + 1);
	for (size_t i = 0; i < n; i++)
		long_text[i] = "ab "[i % 3];
	gram_init(&g);
	gram_read(&g, (struct str){long_text, n});
	tap(g.cut && g.n == GRAM_TOKENS_MAX, "a long text is read as far as the ceiling");
	memset(long_text, 'x', n);
	gram_read(&g, (struct str){long_text, n});
	tap(!g.cut && g.n == 1 && g.v[0].n < GRAM_WORD_MAX, "a long word is cut and counts once");
	gram_read(&g, STR("um \xC3"));
	tap(g.words >= 1, "half a character at the end is survived");
	gram_free(&g);
	free(long_text);
}

static void features(void)
{
	struct gram g;
	uint32_t a[3], b[3], ids[GRAM_IDS_MAX];
	gram_init(&g);
	gram_read(&g, STR("estava a comprar pão"));
	unsigned n = gram_of_place(&g, 2, a);
	gram_read(&g, STR("estava a vender pão"));
	unsigned m = gram_of_place(&g, 2, b);
	tap(n == 3 && m == 3 && a[0] != b[0], "another verb is another word pair");
	gram_read(&g, STR("estava a mostrar pão"));
	m = gram_of_place(&g, 2, b);
	tap(m == 3 && a[1] == b[1] && a[2] == b[2] && a[0] != b[0], "but the same skeleton: estava a -rar");
	gram_read(&g, STR("fui com Pedro Dias"));
	tap(gram_of_place(&g, 3, a) == 2, "names give the skeleton alone");
	unsigned k = gram_of_word(STR("pão"), false, ids), l = gram_of_word(STR("pão"), true, ids);
	tap(k == 1 + 3 + 2 + 1, "a word of three letters: itself, three 3-grams, two 4-grams, one 5-gram");
	tap(l > k, "shorter n-grams for the language");
	gram_free(&g);
}

int main(void)
{
	words();
	limits();
	features();
	return tap_done();
}
