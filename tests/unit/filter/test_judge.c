/* judge: clear cases with the built-in models, and answers that are defined where there is little to judge by. */
#include "filter/judge.h"
#include "tests/tap.h"

#include <math.h>

static struct judge *j;
static struct judge_work *w;

static struct verdict of(const char *text)
{
	struct verdict v;
	judge_text(j, w, str_of(text), &v);
	return v;
}

static void clear_cases(void)
{
	static const struct {
		const char *language, *variety, *text;
	} cases[] = {
		{"por_Latn", "pt-PT", "O autocarro está a chegar à paragem e o condutor pediu-me que lhe mostrasse o passe. Estou a tentar ligar-te pelo telemóvel."},
		{"por_Latn", "pt-BR", "O ônibus está chegando no ponto e o motorista me pediu para mostrar a carteirinha. Estou tentando te ligar pelo celular, você pode atender?"},
		{"por_Latn", "pt-PT", "A equipa voltou a treinar no relvado depois do pequeno-almoço, e o treinador disse aos jornalistas que os adeptos vão ter de esperar."},
		{"por_Latn", "pt-BR", "O time voltou a treinar no gramado depois do café da manhã, e o técnico disse aos jornalistas que a torcida vai ter que esperar."},
		{"glg_Latn", "", "O concello convoca as axudas para as asociacións veciñais que realicen actividades culturais durante o vindeiro ano na nosa cidade."},
		{"spa_Latn", "", "El ayuntamiento ha convocado las ayudas para las asociaciones de vecinos que realicen actividades culturales durante el próximo año."},
		{"eng_Latn", "", "The council has announced grants for neighbourhood associations that organise cultural activities during the coming year."},
		{"fra_Latn", "", "La mairie a annoncé des aides pour les associations de quartier qui organisent des activités culturelles pendant l'année prochaine."},
		{"ita_Latn", "", "Il comune ha annunciato gli aiuti per le associazioni di quartiere che organizzano attività culturali durante il prossimo anno."},
		{"other", "", "Die Stadt hat Beihilfen für Vereine angekündigt, die im kommenden Jahr kulturelle Veranstaltungen durchführen werden."},
		{"other", "", "Город объявил о помощи для объединений, которые проводят культурные мероприятия в следующем году."},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct verdict v = of(cases[i].text);
		if (!tap(strcmp(v.language, cases[i].language) == 0 && strcmp(v.variety, cases[i].variety) == 0, "%.40s...", cases[i].text))
			printf("# %s %.3f, %s %.3f\n", v.language, (double)v.language_score, v.variety, (double)v.variety_score);
	}
}

static void little(void)
{
	struct verdict v = of("");
	tap(strcmp(v.language, "und") == 0 && !v.variety[0] && v.language_score == 0 && v.variety_score == 0.5f, "nothing: und, one half");
	v = of(" \n ... -- \n");
	tap(strcmp(v.language, "und") == 0, "no word: und");
	tap(strcmp(of("12 45 1998, 7").language, "und") == 0, "numbers alone: und");
	v = of("O presidente da câmara");
	tap(v.variety_score > 0.02f && v.variety_score < 0.98f, "four words are never sure: %.3f", (double)v.variety_score);
}

/* One text in the spelling of before and after a reform: the verdict is the same, in either country. */
static void reforms(void)
{
	static const struct {
		const char *variety, *now, *old;
	} cases[] = {
		{"pt-PT",
		 "O diretor do projeto disse-me que a equipa está a tentar que a ação do setor elétrico tenha efeito já em março; a atual direção quer que o objetivo seja atingido e não se queixa.",
		 "O director do projecto disse-me que a equipa está a tentar que a acção do sector eléctrico tenha efeito já em Março; a actual direcção quer que o objectivo seja atingido e não se queixa."},
		{"pt-BR",
		 "A assembleia aprovou com frequência a ideia de que o voo tranquilo das aves fosse filmado, e a plateia está aplaudindo a estreia da equipe; você não pode perder esse time no gramado.",
		 "A assembléia aprovou com freqüência a idéia de que o vôo tranqüilo das aves fosse filmado, e a platéia está aplaudindo a estréia da equipe; você não pode perder esse time no gramado."},
		{"pt-PT",
		 "Ele veio do Porto há anos com aquela rapariga, e disse-lhe o pai que a farmácia era dele; não o acreditaram, e foi-se embora a chorar, que lhe doía o coração por se ver a ser enganado.",
		 "Elle veio do Porto ha annos com aquella rapariga, e disse-lhe o pae que a pharmacia era d'elle; não o acreditaram, e foi-se embora a chorar, que lhe doía o coração por se ver a ser enganado."},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct verdict now = of(cases[i].now), old = of(cases[i].old);
		bool same = strcmp(now.variety, cases[i].variety) == 0 && strcmp(old.variety, cases[i].variety) == 0;
		if (!tap(same && strcmp(now.language, "por_Latn") == 0 && strcmp(old.language, "por_Latn") == 0, "reform, %zu: %s in both spellings", i, cases[i].variety))
			printf("# now %s %.4f, old %s %.4f\n", now.language, (double)now.variety_score, old.language, (double)old.variety_score);
	}
	/* Spelling alone, with nothing else to judge by, must not call a text of today Brazilian or Portuguese. */
	struct verdict v = of("A ação do projeto foi direta e o objetivo atual é ótimo. O fator e o aspeto do setor elétrico em março.");
	tap(v.variety_score > 0.2f, "the spelling of today is not taken for Brazilian: %.3f", (double)v.variety_score);
}

/* Text as the old web and e-mail wrote it. */
static void without_accents(void)
{
	struct verdict v = of("Estou a tentar ligar-te, mas o telemovel nao esta a funcionar. A reuniao da camara municipal e as dez, na junta de freguesia.");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt-PT") == 0, "European without accents: %.3f", (double)v.variety_score);
	v = of("Voce nao pode deixar de ver o time jogar hoje, o onibus esta saindo e eu estou te esperando no ponto com o celular ligado.");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt-BR") == 0, "Brazilian without accents: %.3f", (double)v.variety_score);
	v = of("ESTOU A TENTAR LIGAR-TE, MAS O TELEMÓVEL NÃO ESTÁ A FUNCIONAR. A REUNIÃO DA CÂMARA MUNICIPAL É ÀS DEZ.");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt-PT") == 0, "in capitals: %.3f", (double)v.variety_score);
}

/* Menus, indexes and tables: one item a line, with bullets, numbers or nothing before it. */
static void lists(void)
{
	struct verdict v = of("- autocarro\n- comboio\n- telemóvel\n- pequeno-almoço\n");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt-PT") == 0, "a list of European words: %.3f", (double)v.variety_score);
	v = of("* ônibus\n* trem\n* celular\n* café da manhã\n");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt-BR") == 0, "a list of Brazilian words: %.3f", (double)v.variety_score);
	struct verdict plain = of("segunda terça quarta quinta sexta"), many = of("segunda\nterça\nquarta\nquinta\nsexta\n");
	tap(strcmp(many.language, "por_Latn") == 0 && many.variety_score > 0.2f && many.variety_score < 0.8f, "days of the week: Portuguese, of no variety: %.3f", (double)many.variety_score);
	tap(strcmp(plain.language, many.language) == 0 && plain.words == many.words, "line ends do not change what is read: %u words", many.words);
	v = of("1. 2,50\n2. 3,75\n3. 12,00\n");
	tap(strcmp(v.language, "und") == 0 && !v.variety[0], "a list of prices: und");
	v = of("10 de julho às 15 horas\n11 de julho às 16 horas\n12 de agosto às 9 horas\n");
	tap(strcmp(v.language, "por_Latn") == 0 && strcmp(v.variety, "pt") == 0, "a table of dates: Portuguese, undetermined: %.3f", (double)v.variety_score);
}

static void mixed(void)
{
	struct str text = STR("A câmara municipal aprovou ontem o novo plano de mobilidade.\nThe council approved the new mobility plan yesterday.\n12 34\nAs obras começam já em março.");
	float share = judge_lines(j, w, text);
	tap(share > 0.5f && share < 0.8f, "two of three lines are Portuguese: %.3f", (double)share);
	tap(isnan(judge_lines(j, w, STR("um\ndois\n"))), "no line is long enough: none");
	struct judge_reason r[8];
	unsigned n = judge_explain(j, w, STR("O autocarro está a chegar à paragem."), r, 8);
	bool sorted = n == 8, found = false;
	for (unsigned i = 0; i < n; i++) {
		sorted &= !i || fabsf(r[i - 1].weight) >= fabsf(r[i].weight);
		found |= r[i].kind == JUDGE_WORD && str_eq(r[i].name, STR("autocarro")) && r[i].weight > 0;
	}
	tap(sorted && found, "the reasons come strongest first, autocarro among them");
}

/* A worker's cache must not change what it answers. */
static void cache(void)
{
	const char *text = "O autocarro está a chegar à paragem.";
	struct verdict a = of(text);
	for (int i = 0; i < 50000; i++) {
		char word[32];
		snprintf(word, sizeof(word), "palavra%c%c%c x", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);
		of(word);
	}
	struct verdict b = of(text);
	tap(a.language_score == b.language_score && a.variety_score == b.variety_score, "the same answer after 50,000 other texts");
	char abc[4 * 676 + 1];
	for (int i = 0; i < 26; i++) {
		for (int k = 0; k < 676; k++)
			snprintf(abc + 4 * k, 5, "%c%c%c ", 'a' + i, 'a' + k / 26, 'a' + k % 26);
		of(abc);
	}
	b = of(text);
	tap(a.language_score == b.language_score && a.variety_score == b.variety_score, "and after every word of three letters");
}

int main(void)
{
	struct err e = {0};
	tap(judge_open(&j, &(struct judge_conf){NULL, NULL, 0.2f, 0.8f, 0.5f}, &e) == 0, "the built-in models load");
	w = judge_start(j);
	clear_cases();
	little();
	reforms();
	without_accents();
	lists();
	mixed();
	cache();
	judge_stop(w);
	judge_free(j);
	struct judge *none = NULL;
	struct err bad = {0};
	tap(judge_open(&none, &(struct judge_conf){"/nonexistent/model", NULL, 0.2f, 0.8f, 0.5f}, &bad) < 0 && bad.msg[0] && !none, "a model that is not there: message");
	return tap_done();
}
