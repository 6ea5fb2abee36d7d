/* gram: what is a word, a mark, a name; which features a place gives. */
#include "filter/gram.h"
#include "tests/tap.h"

#include <stdlib.h>

/* Words separated by blanks; marks as ; (strong) and , (weak); names in <>. */
static const char *shown(struct gram *g, const char *text)
{
	static char out[4096];
	size_t n = 0;
	gram_read(g, str_of(text), UINT32_MAX);
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
	gram_read(&g, (struct str){long_text, n}, UINT32_MAX);
	tap(g.cut && g.n == GRAM_TOKENS_MAX, "a long text is read as far as the ceiling");
	memset(long_text, 'x', n);
	gram_read(&g, (struct str){long_text, n}, UINT32_MAX);
	tap(!g.cut && g.n == 1 && g.v[0].n < GRAM_WORD_MAX, "a long word is cut and counts once");
	gram_read(&g, STR("um \xC3"), UINT32_MAX);
	tap(g.words >= 1, "half a character at the end is survived");
	gram_free(&g);
	free(long_text);
}

/* The features of the last word of a text, by place. */
static unsigned of_last(struct gram *g, const char *text, struct gram_feature f[GRAM_PLACE_MAX])
{
	gram_read(g, str_of(text), UINT32_MAX);
	for (uint32_t i = 0; i < g->n; i++)
		if (!g->v[i].bone)
			g->v[i].bone = gram_bone((struct str){g->low + g->v[i].at, g->v[i].n}, g->v[i].hash, g->v[i].clitic);
	const struct gram_token *t = &g->v[g->n - 1];
	return gram_of_place(t - 2, t - 1, t, false, f);
}

static void features(void)
{
	struct gram g;
	struct gram_feature a[GRAM_PLACE_MAX], b[GRAM_PLACE_MAX], f[GRAM_FEATURES_MAX];
	gram_init(&g);
	unsigned n = of_last(&g, "estava a comprar", a), m = of_last(&g, "estava a vender", b);
	tap(n == 3 && m == 3 && a[0].id != b[0].id && a[2].id != b[2].id, "another verb is another word pair");
	m = of_last(&g, "estava a mostrar", b);
	tap(m == 3 && a[0].id != b[0].id && a[1].id == b[1].id && a[2].id == b[2].id, "but the same skeleton: estava a -rar");
	n = of_last(&g, "fui com Pedro", a), m = of_last(&g, "fui com Paulo", b);
	tap(n == 2 && m == 2 && a[1].id == b[1].id, "a name gives the skeleton alone, whoever it is");
	n = of_last(&g, "que lhe disse", a), m = of_last(&g, "QUE LHE DISSE", b);
	tap(n == m && a[0].id == b[0].id && a[2].id == b[2].id, "capitals throughout change nothing");
	unsigned k = gram_of_word(STR("pão"), false, f), l = gram_of_word(STR("pão"), true, f);
	tap(k == 1 + 3 + 2 + 1, "a word of three letters: itself, three 3-grams, two 4-grams, one 5-gram");
	tap(l > k, "shorter n-grams for the language");
	gram_free(&g);
}

/* Cut at any token, the rest read on gives the same words. */
static void pieces(void)
{
	const char *text = "Um dia, (na aldeia) disse-me a avó: \"vai a www.sapo.pt ou escreve a x@y.pt\" e riu-se. Fim";
	struct gram g;
	uint64_t all[64], got[64];
	bool same = true;
	gram_init(&g);
	gram_read(&g, str_of(text), UINT32_MAX);
	uint32_t n = g.n;
	for (uint32_t i = 0; i < n; i++)
		all[i] = g.v[i].mark ? g.v[i].hash : g.v[i].key;
	for (uint32_t cut = 1; cut < n; cut++) {
		const char *end = text + strlen(text), *p = text;
		uint32_t k = 0;
		for (uint32_t most = cut; p < end; most = UINT32_MAX) {
			p = gram_read(&g, str_range(p, end), most);
			for (uint32_t i = 0; i < g.n && k < 64; i++)
				if (!(k && g.v[i].mark && i == 0))
					got[k++] = g.v[i].mark ? g.v[i].hash : g.v[i].key;
		}
		same &= k >= n - 1 && got[0] == all[0];
	}
	tap(same, "a text read in two pieces has the same words, but for one mark at the cut");
	gram_free(&g);
}

int main(void)
{
	words();
	limits();
	features();
	pieces();
	return tap_done();
}
