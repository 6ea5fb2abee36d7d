/* judge: clear cases with the built-in models, and answers that are defined where there is little to judge by. */
#include "filter/judge.h"
#include "tests/tap.h"

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
	v = of("O presidente da câmara");
	tap(v.variety_score > 0.02f && v.variety_score < 0.98f, "four words are never sure: %.3f", (double)v.variety_score);
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
}

int main(void)
{
	struct err e = {0};
	tap(judge_open(&j, NULL, NULL, 0.2f, 0.8f, &e) == 0, "the built-in models load");
	w = judge_start(j);
	clear_cases();
	little();
	cache();
	judge_stop(w);
	judge_free(j);
	struct judge *none = NULL;
	struct err bad = {0};
	tap(judge_open(&none, "/nonexistent/model", NULL, 0.2f, 0.8f, &bad) < 0 && bad.msg[0] && !none, "a model that is not there: message");
	return tap_done();
}
