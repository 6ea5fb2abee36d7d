/* Texts cut into words; a | stands between two. */
#include "filter/words.h"
#include "core/buf.h"
#include "tests/tap.h"

#include <stdlib.h>

static const char *const cases[][2] = {
	{"Era uma vez um rei.", "Era|uma|vez|um|rei|."},
	{"  (um, dois)  três ", "(|um|,|dois|)|três"},
	{"guarda-chuva disse-lhe", "guarda-chuva|disse-lhe"},
	{"", ""},
	{"etc. fim. Sr. Dr.", "etc.|fim|.|Sr.|Dr."},
	{"(etc.), e/ou; km/h", "(|etc.|)|,|e/ou|;|km/h"},
	{"www.exemplo.pt/a?b=c, ana@exemplo.pt.", "www.exemplo.pt/a?b=c|,|ana@exemplo.pt|."},
	{"R$10 10€ 25km/h 3m² 20°C.", "R$|10|10|€|25|km/h|3|m²|20|°|C|."},
	{"fim…início fim.Início um,dois", "fim|…|início|fim|.|Início|um|,|dois"},
	{"..., ----- —olá—", "...|,|-----|—|olá|—"},
	{"olá:) ola :-) :) )", "olá|:)|ola|:-)|:)|)"},
	{"«Não» “sim” 'talvez'", "«|Não|»|“|sim|”|'|talvez|'"},
	{"um\u00a0dois\u2003três", "um|dois|três"},
	{"1.234,56 12:30 2004/05 1º", "1.234,56|12:30|2004/05|1º"},
};

static int by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct word *)a)->hash, y = ((const struct word *)b)->hash;
	return (x > y) - (x < y);
}

/* Every word of up to four of these letters has a hash of its own. */
static void hashes(void)
{
	static const char letters[] = "abcdeopt";
	struct words w = {0};
	struct buf text;
	unsigned same = 0;
	buf_init(&text, BUF_NO_MAX);
	for (unsigned n = 1, all = 8; n <= 4; n++, all *= 8)
		for (unsigned i = 0; i < all; i++, buf_byte(&text, ' '))
			for (unsigned k = 0, v = i; k < n; k++, v /= 8)
				buf_byte(&text, letters[v % 8]);
	words_split(&w, buf_view(&text));
	qsort(w.v, w.n, sizeof(*w.v), by_hash);
	for (uint32_t i = 1; i < w.n; i++)
		same += w.v[i].hash == w.v[i - 1].hash;
	tap(w.n == 8 + 64 + 512 + 4096 && !same, "%u words, %u with a hash of another", w.n, same);
	words_free(&w);
	buf_free(&text);
}

int main(void)
{
	hashes();
	struct words w = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf got;
		buf_init(&got, BUF_NO_MAX);
		words_split(&w, str_of(cases[i][0]));
		for (uint32_t k = 0; k < w.n; k++) {
			if (k)
				buf_byte(&got, '|');
			buf_add(&got, cases[i][0] + w.v[k].at, w.v[k].n);
		}
		if (!tap(str_eq(buf_view(&got), str_of(cases[i][1])), "'%s'", cases[i][0]))
			printf("# %.*s\n", (int)got.n, got.p);
		buf_free(&got);
	}
	words_free(&w);
	return tap_done();
}
