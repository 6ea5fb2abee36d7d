#include "dedup/sign.h"

#include "core/own.h"
#include "dedup/datatrove.h"
#include "dedup/grams.h"
#include "dedup/minhash.h"
#include "dedup/bare.h"
#include "dedup/spans.h"

#include <xxhash.h>

struct sign_work {
	struct sign_conf conf;
	struct bare bare;
	struct spans spans;
	uint32_t *shingles, *scratch;
	size_t cap;
	struct minhash *minhash;
	struct datatrove *datatrove;
	uint32_t least[MINHASH_MAX];
	uint64_t least64[MINHASH_MAX];
	uint64_t keys[SIGN_BANDS_MAX];
	unsigned char grams[GRAMS_BYTES];
};

int sign_check(const struct sign_conf *c, struct err *e)
{
	struct where none = {NULL, WHERE_NONE};
	if (!c->bands || !c->rows || !c->shingle)
		return err_at(e, ERR_USAGE, none, "bands, rows and the n of n-grams must be at least 1");
	if (c->bands > SIGN_BANDS_MAX || c->bands * c->rows > MINHASH_MAX)
		return err_at(e, ERR_USAGE, none, "%u bands of %u rows are more than %d bands or %d permutations", c->bands, c->rows, SIGN_BANDS_MAX, MINHASH_MAX);
	if (c->shingle > SIGN_SHINGLE_MAX)
		return err_at(e, ERR_USAGE, none, "n-grams of %u words are longer than %d", c->shingle, SIGN_SHINGLE_MAX);
	if (c->passage && c->passage < SPANS_PASSAGE_LEAST)
		return err_at(e, ERR_USAGE, none, "passages of %u words are shorter than %d", c->passage, SPANS_PASSAGE_LEAST);
	return 0;
}

struct sign_work *sign_start(const struct sign_conf *c)
{
	struct sign_work *w = own_zalloc(sizeof(*w));
	w->conf = *c;
	if (c->scheme == SIGN_DATATROVE)
		w->datatrove = datatrove_new(c->bands * c->rows);
	else
		w->minhash = minhash_new(c->bands * c->rows);
	return w;
}

struct sign_work *sign_stop(struct sign_work *w)
{
	if (!w)
		return NULL;
	minhash_free(w->minhash);
	datatrove_free(w->datatrove);
	bare_free(&w->bare);
	spans_free(&w->spans);
	free(w->shingles);
	free(w->scratch);
	free(w);
	return NULL;
}

static void make_room(struct sign_work *w, size_t n)
{
	if (n <= w->cap)
		return;
	w->cap = n;
	w->shingles = own_grow(w->shingles, n * sizeof(*w->shingles));
	w->scratch = own_grow(w->scratch, n * sizeof(*w->scratch));
}

static inline uint32_t fold_hash(uint64_t h)
{
	h ^= h >> 31;
	h *= 0xBF58476D1CE4E5B9u;
	return (uint32_t)(h >> 32);
}

/* Hashes of all runs of `each` words: a polynomial in the words' hashes, carried from one run to the next (Karp, Rabin 1987). */
static size_t roll(const uint64_t *words, size_t n, unsigned each, uint32_t *out)
{
	const uint64_t base = 0x9E3779B97F4A7C15u;
	uint64_t h = 0, power = 1;
	if (n < each)
		each = (unsigned)n;
	for (unsigned i = 0; i < each; i++)
		h = h * base + words[i];
	for (unsigned i = 1; i < each; i++)
		power *= base;
	for (size_t i = each;; i++) {
		out[i - each] = fold_hash(h);
		if (i == n)
			return n - each + 1;
		h = (h - words[i - each] * power) * base + words[i];
	}
}

static void keep_grams(struct sign_work *w, size_t n, struct sign *out)
{
	out->head.grams = w->conf.grams ? (uint32_t)grams_code(w->shingles, n, w->grams) : 0;
	out->grams = w->grams;
}

static void own_scheme(struct sign_work *w, struct str text, struct sign *out)
{
	const struct sign_conf *c = &w->conf;
	bare_words(&w->bare, text);
	size_t n = w->bare.n;
	out->head.words = (uint32_t)n;
	/* A text without words is only equal to itself. */
	out->head.text = n ? XXH3_64bits(w->bare.words, n * 8) : XXH3_64bits_withSeed(text.p ? text.p : "", text.n, 1);
	if (!n)
		return;
	make_room(w, n);
	n = grams_sort(w->shingles, roll(w->bare.words, n, c->shingle, w->shingles), w->scratch);
	out->head.shingles = (uint32_t)n;
	w->minhash->kernel(w->minhash, w->shingles, n, w->least);
	for (unsigned b = 0; b < c->bands; b++)
		w->keys[b] = XXH3_64bits_withSeed(w->least + b * c->rows, c->rows * 4, b);
	keep_grams(w, n, out);
}

static void datatrove_scheme(struct sign_work *w, struct str text, struct sign *out)
{
	const struct sign_conf *c = &w->conf;
	struct str simple = datatrove_simplify(w->datatrove, text);
	size_t n, words;
	const uint64_t *x = datatrove_shingles(w->datatrove, simple, c->shingle, &n, &words);
	out->head.words = (uint32_t)words;
	out->head.text = XXH3_64bits_withSeed(simple.p, simple.n, 2);
	if (!n)
		return;
	datatrove_least(w->datatrove, x, n, w->least64);
	for (unsigned b = 0; b < c->bands; b++)
		w->keys[b] = XXH3_64bits_withSeed(w->least64 + b * c->rows, c->rows * 8, b);
	make_room(w, n);
	for (size_t i = 0; i < n; i++)
		w->shingles[i] = fold_hash(x[i]);
	n = grams_sort(w->shingles, n, w->scratch);
	out->head.shingles = (uint32_t)n;
	keep_grams(w, n, out);
}

static void keep_spans(struct sign_work *w, struct str text, struct sign *out)
{
	spans_clear(&w->spans);
	if (w->conf.lines)
		spans_lines(&w->spans, text);
	if (w->conf.passage) {
		bare_words(&w->bare, text);
		spans_passages(&w->spans, w->bare.words, w->bare.n, w->conf.passage);
	}
	out->head.spans = (uint32_t)w->spans.n;
	out->spans = w->spans.v;
}

void sign_text(struct sign_work *w, struct str text, struct sign *out)
{
	*out = (struct sign){.keys = w->keys, .grams = w->grams};
	out->head.length = text.n > UINT32_MAX ? UINT32_MAX : (uint32_t)text.n;
	if (w->datatrove)
		datatrove_scheme(w, text, out);
	else
		own_scheme(w, text, out);
	if (w->conf.lines || w->conf.passage)
		keep_spans(w, text, out);
}

uint64_t sign_url(struct str url)
{
	size_t scheme = str_find(url, STR("://"));
	if (scheme < url.n)
		url = str_from(url, scheme + 3);
	if (str_starts_ci(url, STR("www.")))
		url = str_from(url, 4);
	while (url.n && url.p[url.n - 1] == '/')
		url.n--;
	url = str_head(url, str_chr(url, '#'));
	if (!url.n)
		return 0;
	/* Hosts are the same in any case of letters; paths are not. */
	size_t host = str_chr(url, '/');
	uint64_t h = 0xCBF29CE484222325u;
	for (size_t i = 0; i < host; i++)
		h = (h ^ str_lower1((unsigned char)url.p[i])) * 0x100000001B3u;
	h = XXH3_64bits_withSeed(url.p + host, url.n - host, h);
	return h ? h : 1;
}
