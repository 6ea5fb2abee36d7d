/* Kinds of pages, blocklists, benchmarks. */
#include "filter/blocklist.h"
#include "filter/decontaminate.h"
#include "filter/page.h"
#include "tests/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void kinds(void)
{
	static const struct {
		const char *title, *text;
		int signal; /* that is above its threshold; -1: none */
	} cases[] = {
		{"", "Página não encontrada. A página que procura não existe.", PAGE_PLACEHOLDER},
		{"Erro 404", "Não há aqui nada que se possa ler, e pedimos desculpa por isso a quem cá veio ter por engano.", PAGE_PLACEHOLDER},
		{"", "PÁGINA EM CONSTRUÇÃO, volte mais tarde", PAGE_PLACEHOLDER},
		{"", "pagina em construcao", PAGE_PLACEHOLDER},
		{"Obras", "A ponte em construção liga as duas margens do rio e abre no próximo ano, disse o presidente da câmara aos jornalistas que o esperavam à porta.", -1},
		{"", "putas e putaria, pornô grátis", PAGE_ADULT},
		{"", "seu idiota, imbecil, vai à merda", PAGE_TOXIC},
		{"", "canalizador Lisboa, canalizador Porto, canalizador Braga, canalizador Viana do Castelo, canalizador Faro", PAGE_PLACES},
		{"", "http://a.pt/1 http://b.pt/2 www.exemplo.pt", PAGE_LINKS},
		{"", "Relógios réplica baratos: os nossos relógios réplica são os melhores relógios réplica de Portugal. Compre relógios réplica, veja relógios réplica, ofereça relógios réplica.", PAGE_KEY_PHRASE},
		{"", "O quarto is located perto da praia and the pequeno-almoço está included in o preço, with vista para o mar.", PAGE_FOREIGN},
		{"", "Para ver este site precisa de ter o JavaScript activado.", PAGE_PLACEHOLDER},
		{"", "O Tribunal da Relação de Lisboa ouviu o antigo ministro, e o Tribunal da Relação do Porto ouvirá hoje os que assinaram com ele o contrato das obras do porto de Leixões.", -1},
		{"", "A festa foi em Lisboa, no Porto e em Braga, com música em todas as praças e gente nas ruas até de madrugada.", -1},
	};
	struct lexicon *l;
	struct words w = {0}, title = {0};
	struct repeat seen = {0};
	lexicon_open(&l, NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double out[PAGE_SIGNALS];
		struct page_facts f = {.text = str_of(cases[i].text), .words = &w, .title_hits = page_title(l, &title, str_of(cases[i].title)), .links = NAN};
		int over = -1;
		words_split(&w, f.text);
		lexicon_count(l, &w, 0, w.n, f.found);
		page_measure(&f, &seen, out);
		for (int k = PAGE_SIGNALS - 1; k >= 0; k--)
			over = out[k] > page_most[k] ? k : over;
		tap(over == cases[i].signal, "%s", cases[i].text);
	}
	words_free(&w);
	words_free(&title);
	repeat_free(&seen);
	lexicon_free(l);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
}

static void blocked(const char *dir)
{
	char file[280], folder[256];
	struct blocklist *b;
	struct err e = {0};
	snprintf(folder, sizeof(folder), "%s/adult", dir);
	mkdir(folder, 0700);
	snprintf(file, sizeof(file), "%s/domains", folder);
	put(file, "# UT1\nmau.pt\nwww.pior.com\r\n10.1.2.3\n\n");
	snprintf(file, sizeof(file), "%s/urls", folder);
	put(file, "bom.pt/mau\nbom.pt/~ana/x.html\n");
	const char *path = folder;
	tap(blocklist_open(&b, &path, 1, &e) == 0, "a category's folder");
	static const char *const yes[] = {"http://mau.pt/", "https://www.MAU.pt:80/a?b", "http://a.b.mau.pt", "http://pior.com/x", "http://10.1.2.3/", "http://bom.pt/mau", "http://bom.pt/mau/mais", "http://www.bom.pt/~ana/x.html?y=1", "http://u:p@mau.pt/"};
	static const char *const no[] = {"http://naomau.pt/", "http://mau.pt.com/", "http://bom.pt/", "http://bom.pt/mauzinho", "http://pt/", "", "nada"};
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		tap(blocklist_has(b, str_of(yes[i])), "%s is on it", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		tap(!blocklist_has(b, str_of(no[i])), "'%s' is not", no[i]);
	blocklist_free(b);
	tap(blocklist_open(&b, &dir, 1, &e) == ERR_DATA, "a folder without lists");
	unlink(file);
	snprintf(file, sizeof(file), "%s/domains", folder);
	unlink(file);
	rmdir(folder);
}

static void benchmarks(const char *dir)
{
	static const char question[] = "Qual das seguintes cidades fica mais perto da nascente do rio que passa por Coimbra?";
	char file[300];
	const char *path = file;
	struct decontaminate *d;
	struct buf cut;
	struct err e = {0};
	buf_init(&cut, BUF_NO_MAX);
	snprintf(file, sizeof(file), "%s/questions.jsonl", dir);
	put(file, "{\"q\":{\"text\":\"Qual das seguintes cidades fica mais perto da nascente do rio que passa por Coimbra?\"},\"n\":[1,\"curta\"]}\nUma linha de texto com mais do que as treze palavras que se pedem para contar aqui.\n");
	tap(decontaminate_open(&d, &path, 1, 13, &e) == 0, "JSON lines and text");
	tap(decontaminate_find(d, STR(question), NULL) == 3, "fifteen words, three runs of thirteen");
	tap(decontaminate_find(d, STR("QUAL DAS SEGUINTES CIDADES, fica mais perto? da nascente do rio... que passa"), NULL) == 1, "case and marks do not matter");
	tap(decontaminate_find(d, STR("Qual das seguintes cidades fica mais perto da nascente do rio que"), NULL) == 0, "twelve words are not enough");
	tap(decontaminate_find(d, STR("Antes. Qual das seguintes cidades fica mais perto da nascente do rio que passa por Coimbra? Depois."), &cut) == 3 && str_eq(buf_view(&cut), STR("Antes. ? Depois.")), "cut out");
	tap(decontaminate_find(d, STR(""), &cut) == 0 && cut.n == 0, "nothing in nothing");
	decontaminate_free(d);
	put(file, "{\"q\":\n");
	tap(decontaminate_open(&d, &path, 1, 13, &e) == ERR_DATA, "JSON that is cut off");
	unlink(file);
	buf_free(&cut);
}

int main(void)
{
	char dir[] = "/tmp/peneira-page-XXXXXX";
	if (!mkdtemp(dir))
		return 1;
	kinds();
	blocked(dir);
	benchmarks(dir);
	rmdir(dir);
	return tap_done();
}
