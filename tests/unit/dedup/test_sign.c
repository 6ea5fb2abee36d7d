/* Signatures: which texts are equal, how their sets compare, and the two forms of the kernel. */
#include "dedup/datatrove.h"
#include "dedup/grams.h"
#include "dedup/minhash.h"
#include "dedup/sign.h"
#include "core/own.h"
#include "tests/tap.h"

#include <math.h>
#include <string.h>

static const struct sign_conf own = {.scheme = SIGN_OWN, .shingle = 5, .bands = 18, .rows = 6, .grams = 1};

static const struct {
	const char *name, *a, *b;
	bool equal;
} pairs[] = {
	{"case", "Bom Dia", "bom dia", true},
	{"accents", "ação é já avó", "acao e ja avo", true},
	{"combining accents", "ac\xcc\xa7\x61\xcc\x83o", "ação", true},
	{"soft hyphen", "pa\xc2\xadlavra", "palavra", true},
	{"Greek and Cyrillic case", "ΑΒΓ ДОМ", "αβγ дом", true},
	{"numbers", "em 1999 e 12", "em 0 e 7", true},
	{"digits of another script", "em ٣٤ casas", "em 5 casas", true},
	{"punctuation", "(bom) dia!", "bom... dia", true},
	{"white space", " bom\n\n dia\t", "bom dia", true},
	{"another word", "bom dia", "boa dia", false},
	{"order", "dia bom", "bom dia", false},
	{"a word cut in two", "bomdia", "bom dia", false},
	{"no words, the same", "?!", "?!", true},
	{"no words, others", "?!", "...", false},
};

static void equal_texts(void)
{
	struct sign_work *w = sign_start(&own);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct sign a, b;
		sign_text(w, str_of(pairs[i].a), &a);
		sign_text(w, str_of(pairs[i].b), &b);
		tap((a.head.text == b.head.text) == pairs[i].equal, "%s", pairs[i].name);
	}
	struct sign s;
	sign_text(w, STR("um dois"), &s);
	tap(s.head.words == 2 && s.head.shingles == 1, "a text of fewer words than a shingle has one of what it has");
	sign_text(w, STR("um dois um dois um dois um dois um dois"), &s);
	tap(s.head.words == 10 && s.head.shingles == 2, "a shingle that is repeated counts once");
	sign_text(w, STR(""), &s);
	tap(s.head.words == 0 && s.head.shingles == 0, "an empty text has no shingles");
	sign_stop(w);
}

static void urls(void)
{
	tap(sign_url(STR("http://www.Publico.pt/a/")) == sign_url(STR("https://publico.pt/a")), "scheme, www., case of the host and final slash do not count");
	tap(sign_url(STR("http://publico.pt/A")) != sign_url(STR("http://publico.pt/a")), "case of the path does");
	tap(sign_url(STR("")) == 0, "no URL");
}

static void kernels(void)
{
	struct minhash *m = minhash_new(108);
	uint32_t x[301], a[MINHASH_MAX], b[MINHASH_MAX];
	bool same = true;
	for (uint32_t i = 0; i < 301; i++)
		x[i] = i * 2654435761u ^ i << 7;
	for (size_t n = 0; n <= 301; n += n < 4 ? 1 : 99) {
		minhash_plain(m, x, n, a);
		if (m->kernel == minhash_plain)
			memcpy(b, a, sizeof(a));
		else
			m->kernel(m, x, n, b);
		same &= memcmp(a, b, m->n * sizeof(*a)) == 0;
	}
	tap(same, "both forms of the kernel agree%s", m->kernel == minhash_plain ? " (there is no AVX2 here)" : "");
	minhash_free(m);
}

/* Two sets of n hashes that have `both` in common. */
static double coded_jaccard(uint32_t n, uint32_t both)
{
	uint32_t *x = own_alloc(n * 4), *y = own_alloc(n * 4), *scratch = own_alloc(n * 4);
	unsigned char *cx = own_alloc(GRAMS_BYTES), *cy = own_alloc(GRAMS_BYTES);
	struct grams *gx = own_alloc(sizeof(*gx)), *gy = own_alloc(sizeof(*gy));
	uint64_t s = n;
	for (uint32_t i = 0; i < n; i++) {
		s = s * 6364136223846793005u + 1442695040888963407u;
		x[i] = y[i] = (uint32_t)(s >> 32);
		if (i >= both)
			y[i] = ~x[i] ^ 0x5555;
	}
	size_t nx = grams_sort(x, n, scratch), ny = grams_sort(y, n, scratch);
	size_t bx = grams_code(x, nx, cx), by = grams_code(y, ny, cy);
	double j = bx <= GRAMS_BYTES && grams_decode(cx, bx, gx) && grams_decode(cy, by, gy) ? grams_jaccard(gx, gy) : -1;
	cx[bx / 2] ^= 1;
	if (grams_decode(cx, bx, gx) || grams_decode(cx, bx - 1, gx))
		j = -2; /* damage must be seen */
	free(x), free(y), free(scratch), free(cx), free(cy), free(gx), free(gy);
	return j;
}

static void sets(void)
{
	static const uint32_t sizes[] = {1, 2, 5, 300, 2048, 2049, 100000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (uint32_t part = 0; part <= 4; part++) {
			uint32_t n = sizes[i], both = (uint32_t)((uint64_t)n * part / 4);
			double want = (double)both / (2.0 * n - both), have = coded_jaccard(n, both);
			tap(fabs(have - want) <= (n > GRAMS_KEEP ? 0.04 : 0.002), "sets of %u with %u in common: %.4f, truly %.4f", n, both, have, want);
		}
}

/* What datatrove's simplify_text gives. */
static void datatrove(void)
{
	struct datatrove *d = datatrove_new(112);
	struct str s = datatrove_simplify(d, STR("  Às 18h30, 1.234,5 «euros»…\n(IVA) — ÇÃO\xc2\xa0x "));
	tap(str_eq(s, STR("as 0h0 0 0 euros iva cao x")), "datatrove's text: %.*s", STR_ARG(s));
	size_t n, words;
	datatrove_shingles(d, STR("um dois tres quatro"), 5, &n, &words);
	tap(n == 0 && words == 4, "four words have no shingle there");
	const uint64_t *x = datatrove_shingles(d, STR("um dois tres quatro cinco seis"), 5, &n, &words);
	tap(n == 2 && x[0] == 0x98f69d890572451du, "xxh64 of five words joined by spaces: %016llx", (unsigned long long)x[0]);
	uint64_t out[112];
	datatrove_least(d, x, n, out);
	tap(out[0] == 2192223317334195045u, "permutation 0: %llu", (unsigned long long)out[0]);
	tap(out[111] == 607996039739388079u, "permutation 111: %llu", (unsigned long long)out[111]);
	datatrove_free(d);
}

int main(void)
{
	equal_texts();
	urls();
	kernels();
	sets();
	datatrove();
	return tap_done();
}
