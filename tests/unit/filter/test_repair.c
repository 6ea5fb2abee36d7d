/* What is put right, and what stays. */
#include "filter/garble.h"
#include "filter/repair.h"
#include "core/utf8.h"
#include "tests/tap.h"

#include <stdlib.h>

static const char *const cases[][2] = {
	{"A informaÃ§Ã£o estÃ¡ aqui", "A informação está aqui"},
	{"â€œCitaÃ§Ã£oâ€\xC2\x9D â€” fim", "“Citação” — fim"},
	{"duas vezes: informaÃƒÂ§ÃƒÂ£o", "duas vezes: informação"},
	{"vou Ã praia", "vou à praia"},
	{"certo, mas informaÃ§Ã£o no meio de ação", "certo, mas informação no meio de ação"},
	{"NÃO, SÃO PÃES", "NÃO, SÃO PÃES"},
	{"«café» “é” 1.ª n.º 5 €", "«café» “é” 1.ª n.º 5 €"},
	{"a &amp; b &eacute; &#8364; &P; R&D;", "a & b é € &P; R&D;"},
	{"<b> &amp; </b>", "<b> &amp; </b>"},
	{"ofﬁcial ﬂor ＡＢＣ", "official flor ABC"},
	{"um\r\ndois\rtrês", "um\ndois\ntrês"},
	{"c\xCC\xA7" "a\xCC\x83o", "ção"},
	{"a\x07" "b\xEF\xBB\xBF" "c\x1B[31md", "abcd"},
	{"aspas \xC2\x93" "assim\xC2\x94", "aspas “assim”"},
	{"", ""},
};

static void by_hand(struct repair *r)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out;
		buf_init(&out, BUF_NO_MAX);
		struct str got = repair_text(r, str_of(cases[i][0]), &out) ? buf_view(&out) : str_of(cases[i][0]);
		if (!tap(str_eq(got, str_of(cases[i][1])), "case %zu", i))
			printf("# %.*s\n", (int)got.n, got.p);
		buf_free(&out);
	}
}

/* What repair_text passes over unseen: small letters of Latin-1, alone and side by side. */
static void small_letters(void)
{
	unsigned bad = 0;
	for (uint32_t a = 0xE0; a < 0x100; a++)
		for (uint32_t b = 0xE0; b < 0x100; b++)
			bad += a != 0xF7 && b != 0xF7 && (garble_alone(a) || garble_pair(a, b));
	tap(!bad, "%u pairs of small letters may be garbled", bad);
}

/* Long lines, wrong throughout: parts of them are repaired, and time stays linear. */
static void large(struct repair *r)
{
	enum { TIMES = 200000 };
	struct buf in, out;
	buf_init(&in, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);
	for (int i = 0; i < TIMES; i++)
		buf_z(&in, "Ã§Ã£o ");
	tap(repair_text(r, buf_view(&in), &out) > 1 && out.n < in.n && utf8_valid(buf_view(&out)) == out.n, "a line of 1.8 MB, garbled");
	buf_clear(&in);
	for (int i = 0; i < TIMES; i++)
		buf_z(&in, i % 3 ? "&amp;" : "Ã");
	repair_text(r, buf_view(&in), &out);
	tap(utf8_valid(buf_view(&out)) == out.n, "entities and pieces of characters");
	buf_free(&in);
	buf_free(&out);
}

int main(void)
{
	struct repair *r = repair_start();
	small_letters();
	by_hand(r);
	large(r);
	repair_stop(r);
	return tap_done();
}
