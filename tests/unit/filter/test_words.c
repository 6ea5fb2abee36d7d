/* Texts cut into words; a | stands between two. */
#include "filter/letters.h"
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

static bool is_letter(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i], low = c | 32, next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0, before = i ? (unsigned char)s.p[i - 1] : 0;
	bool second = c >= 0x80 && c < 0xC0 && c != 0x97 && c != 0xB7, first = next >= 0x80 && next < 0xC0 && next != 0x97 && next != 0xB7;
	return (low >= 'a' && low <= 'z') || (c == 0xC3 && first) || (before == 0xC3 && second);
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31);
}

/* The bits of 64 bytes at a time are what a look at each byte says, whatever the bytes, wherever they are. */
static void bits(void)
{
	static const unsigned char few[] = {'a', 'Z', ' ', '\n', 0x1D, 0xC3, 0xA7, 0x97, 0xB7, 0xC2, '@', '[', '{', '7', 0xE2, 0};
	char text[5000];
	struct letters l;
	unsigned wrong = 0, seed = 1;
	for (unsigned round = 0; round < 40; round++) {
		struct str s = {text, round * 127};
		for (size_t i = 0; i < s.n; i++)
			text[i] = (char)few[(seed = seed * 1103515245 + 12345) >> 16 & (round % 2 ? 15 : 7)];
		letters_init(&l, s);
		for (size_t at = 0; at < s.n; at += 1 + round % 5) {
			struct letters_bits b = letters_at(&l, at);
			for (size_t k = 0; k < 64; k++) {
				bool out = at + k >= s.n;
				wrong += (b.letter >> k & 1) != (!out && is_letter(s, at + k));
				wrong += (b.blank >> k & 1) != (out || is_blank((unsigned char)text[at + k]));
			}
		}
	}
	tap(!wrong, "letters and blanks as bits, %u wrong", wrong);
}

/* A word is the same wherever it stands, at the end of a text too, where not all of 16 bytes can be read. */
static void same_anywhere(void)
{
	static const char *const some[] = {"a", "é", "ação", "oitoletr", "dezasseisletras!", "extraordinariamente", "guarda-chuva", "123"};
	struct words w = {0};
	unsigned differ = 0;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
		struct buf text;
		buf_init(&text, BUF_NO_MAX);
		for (int k = 0; k < 3; k++) {
			buf_z(&text, some[i]);
			buf_z(&text, k < 2 ? " " : "");
		}
		words_split(&w, buf_view(&text));
		for (uint32_t k = 0; k < w.n; k++) {
			const struct word *x = &w.v[k], *y = &w.v[k % (w.n / 3)];
			differ += x->hash != y->hash || x->chars != y->chars || x->wide != y->wide || x->hash != words_hash((struct str){text.p + x->at, x->n});
		}
		buf_free(&text);
	}
	tap(!differ, "%u words differ by their place", differ);
	words_free(&w);
}

int main(void)
{
	hashes();
	bits();
	same_anywhere();
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
