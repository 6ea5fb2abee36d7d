/* Lines that are taken out, and lines that stay. */
#include "filter/lines.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const cases[][2] = {
	{"Início | Quem somos | Contactos\nO texto.", "O texto."},
	{"Imprimir\nO texto.\nVoltar ao topo", "O texto.\n"},
	{"CONTACTOS\nO texto.", "O texto."},
	{"O texto.\nEste sítio utiliza cookies para melhorar a sua experiência.\nOutro texto.", "O texto.\nOutro texto."},
	{"As cookies de chocolate da avó.\nO texto.", "As cookies de chocolate da avó.\nO texto."},
	{"cookie a uso de\ncookie b uso de\ncookie c uso de\ncookie d uso de\ncookie e uso de", "cookie a uso de\ncookie b uso de\ncookie c uso de\ncookie d uso de\ncookie e uso de"},
	{"pão | leite | queijo | fiambre\nO texto.", "pão | leite | queijo | fiambre\nO texto."},
	{"Contactos com a imprensa foram raros.", "Contactos com a imprensa foram raros."},
	{"a > b > c", "a > b > c"},
	{"", ""},
};

static struct str cleaned(const char *text, struct lines_rules r, struct buf *out, uint32_t counts[LINES_KINDS])
{
	return lines_clean(str_of(text), &r, out, counts) ? buf_view(out) : str_of(text);
}

static void by_rules(void)
{
	struct buf out;
	uint32_t counts[LINES_KINDS] = {0};
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = cleaned(cases[i][0], (struct lines_rules){.cookies = true, .menus = true}, &out, counts);
		if (!tap(str_eq(got, str_of(cases[i][1])), "case %zu", i))
			printf("# %.*s\n", (int)got.n, got.p);
	}
	tap(counts[LINES_MENU] == 4 && counts[LINES_COOKIE] == 1, "counted by kind");
	buf_free(&out);
}

static void by_count(void)
{
	struct lines_sketch *s = lines_sketch_new(), *again = lines_sketch_new();
	struct repeat seen = {0};
	struct buf out;
	uint32_t counts[LINES_KINDS] = {0};
	char page[64], path[] = "/tmp/peneira-lines-XXXXXX";
	struct err e = {0};
	buf_init(&out, BUF_NO_MAX);
	for (int i = 0; i < 6; i++) {
		snprintf(page, sizeof(page), "Rodapé do jornal\nNotícia %d\nRodapé do jornal", i);
		lines_sketch_add(s, STR("a.pt"), str_of(page), &seen);
	}
	struct lines_rules r = {.sketch = s, .host = STR("a.pt"), .most = 6};
	tap(str_eq(cleaned("Rodapé do jornal\nNotícia 3", r, &out, counts), STR("Notícia 3")), "a line on six pages of a host");
	r.most = 7;
	tap(str_eq(cleaned("Rodapé do jornal\nNotícia 3", r, &out, counts), STR("Rodapé do jornal\nNotícia 3")), "it counts once a page");
	r.most = 2;
	r.host = STR("b.pt");
	tap(str_eq(cleaned("Rodapé do jornal\nNotícia 3", r, &out, counts), STR("Rodapé do jornal\nNotícia 3")), "another host");
	close(mkstemp(path));
	tap(lines_sketch_write(s, path, &e) == 0 && lines_sketch_read(again, path, &e) == 0 && lines_sketch_read(again, path, &e) == 0, "written, read twice");
	r = (struct lines_rules){.sketch = again, .host = STR("a.pt"), .most = 12};
	tap(str_eq(cleaned("Rodapé do jornal\nNotícia 3", r, &out, counts), STR("Notícia 3")), "files add up");
	FILE *f = fopen(path, "w");
	fputs("peneira lines 1\nshort", f);
	fclose(f);
	tap(lines_sketch_read(again, path, &e) == ERR_DATA, "a file that is cut off");
	unlink(path);
	buf_free(&out);
	repeat_free(&seen);
	lines_sketch_free(s);
	lines_sketch_free(again);
}

static void by_language(void)
{
	static const char text[] = "O comboio chegou atrasado à estação e os passageiros já não tinham paciência.\n"
				   "The train was late and the passengers who were on the platform had lost their patience.\n"
				   "«To be or not to be», disse o ator, e o público que enchia a sala aplaudiu de pé.";
	struct lexicon *l;
	struct words w = {0};
	struct buf out;
	uint32_t counts[LINES_KINDS] = {0};
	buf_init(&out, BUF_NO_MAX);
	lexicon_open(&l, NULL, NULL, NULL);
	words_split(&w, STR(text));
	tap(lines_foreign(STR(text), &w, l, &out, counts) && counts[LINES_FOREIGN] == 1 && str_find(buf_view(&out), STR("train")) == out.n, "an English line goes");
	tap(str_find(buf_view(&out), STR("To be")) < out.n && str_starts(buf_view(&out), STR("O comboio")), "a quotation in a Portuguese line stays");
	words_free(&w);
	lexicon_free(l);
	buf_free(&out);
}

int main(void)
{
	by_rules();
	by_count();
	by_language();
	return tap_done();
}
