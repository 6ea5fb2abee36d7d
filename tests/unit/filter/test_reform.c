/* reform: words of one time in the spelling of another, and what must stay as it is. */
#include "filter/reform.h"
#include "tests/tap.h"

int main(void)
{
	static const struct {
		bool portugal;
		const char *old, *now;
	} pairs[] = {
		{true, "A acção directa do actor foi óptima", "A ação direta do ator foi ótima"},
		{true, "em Janeiro, no Egipto", "em janeiro, no Egito"},
		{true, "os projectos do arquitecto", "os projetos do arquiteto"},
		{false, "com freqüência a idéia", "com frequência a ideia"},
		{false, "o vôo tranqüilo", "o voo tranquilo"},
	};
	static const char *const same[] = {"o facto e o contacto", "para o atum", "a equipe atômica", "eleger o anônimo", "elegante", "a teta do gato"};
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		reform_text(str_of(pairs[i].old), REFORM_1990, pairs[i].portugal, &b);
		bool there = str_eq(buf_view(&b), str_of(pairs[i].now));
		reform_text(str_of(pairs[i].now), REFORM_1945, pairs[i].portugal, &b);
		tap(there && str_eq(buf_view(&b), str_of(pairs[i].old)), "%s, there and back", pairs[i].now);
	}
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		for (int era = REFORM_1890; era <= REFORM_1990; era++) {
			reform_text(str_of(same[i]), (enum reform)era, i & 1, &b);
			if (!tap(str_eq(buf_view(&b), str_of(same[i])), "%s stays, %d", same[i], era))
				printf("# got %.*s\n", STR_ARG(buf_view(&b)));
		}
	reform_text(STR("elle e ella, na pharmacia d'aquella villa; os annos"), REFORM_1990, true, &b);
	tap(str_eq(buf_view(&b), STR("ele e ela, na farmacia daquela villa; os anos")), "19th century to today");
	buf_clear(&b);
	buf_str(&b, STR("AÇÃO é útil, × e ñ"));
	reform_fold(&b);
	tap(str_eq(buf_view(&b), STR("ACAO e util, * e n")), "without accents");
	buf_free(&b);
	return tap_done();
}
