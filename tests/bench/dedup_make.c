/* dedup_make: a corpus of any size with planted copies, each document made from its number alone.
 *
 *     dedup_make docs N      N documents as JSON lines; the last quarter are edits of documents of the first three
 *     dedup_make truth N     "copy base jaccard" a line
 *     dedup_make pairs N     for each line "a b" of stdin, the true Jaccard similarity of their word 5-grams
 *
 * Words are drawn from 200,000 with Zipf's frequencies; lengths are log-normal with a median of 100 words. An edit changes words here and
 * there, or a block, or cuts an end off, or nothing. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOCABULARY = 200000, WORDS_MAX = 2000, SHINGLE = 5, PLACES = 1 << 16 };

struct text {
	uint32_t n, word[WORDS_MAX];
};

static uint32_t zipf[PLACES]; /* inverse of the distribution, in steps */
static char spelled[VOCABULARY][16];
static uint8_t length_of[VOCABULARY];

static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static void make_words(void)
{
	double sum = 0, at = 0;
	for (int i = 0; i < VOCABULARY; i++)
		sum += 1.0 / (i + 10);
	for (int i = 0, place = 0; i < VOCABULARY; i++) {
		at += 1.0 / (i + 10) / sum;
		while (place < PLACES && (double)place / PLACES < at)
			zipf[place++] = (uint32_t)i;
		uint64_t s = (uint64_t)i;
		unsigned n = 0, syllables = 1 + (unsigned)(log2(i + 2) / 5);
		for (unsigned k = 0; k < syllables + (next(&s) & 1); k++) {
			spelled[i][n++] = "bcdfglmnprstvxz"[next(&s) % 15];
			spelled[i][n++] = "aeiou"[next(&s) % 5];
		}
		for (unsigned v = (unsigned)i; v; v /= 26) /* no two alike */
			spelled[i][n++] = (char)('a' + v % 26);
		length_of[i] = (uint8_t)n;
	}
}

/* Frequent words by the table; the tail, of which it holds only steps, evenly between two of them. */
static uint32_t draw_word(uint64_t *s)
{
	uint64_t r = next(s);
	uint32_t place = (uint32_t)(r % PLACES), low = zipf[place], high = place + 1 < PLACES ? zipf[place + 1] : VOCABULARY;
	return low + (high > low ? (uint32_t)(r >> 32) % (high - low) : 0);
}

static double normal(uint64_t *s)
{
	double u = ((double)(next(s) >> 11) + 1) / 9007199254740993.0, v = (double)(next(s) >> 11) / 9007199254740992.0;
	return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static uint64_t base_of(uint64_t doc, uint64_t n)
{
	uint64_t s = doc * 31 + 7;
	return next(&s) % (n - n / 4);
}

static void make_text(uint64_t doc, uint64_t n, struct text *t)
{
	uint64_t s = doc * 0xD1342543DE82EF95u + 1;
	if (doc < n - n / 4) {
		double length = 100 * exp(0.8 * normal(&s));
		t->n = length < 3 ? 3 : length > WORDS_MAX ? WORDS_MAX : (uint32_t)length;
		for (uint32_t i = 0; i < t->n; i++)
			t->word[i] = draw_word(&s);
		return;
	}
	make_text(base_of(doc, n), n, t);
	uint32_t kind = (uint32_t)(next(&s) % 8), part = 1 + (uint32_t)(next(&s) % (t->n / 3 + 1));
	if (kind < 4) /* words here and there: each changes five 5-grams */
		for (uint32_t k = 0; k < part / 4 + 1; k++)
			t->word[next(&s) % t->n] = draw_word(&s);
	else if (kind < 6)
		for (uint32_t k = 0, at = (uint32_t)(next(&s) % (t->n - part + 1)); k < part; k++)
			t->word[at + k] = draw_word(&s);
	else if (kind == 6 && part < t->n)
		t->n -= part;
}

static void print(uint64_t doc, const struct text *t, char *line)
{
	int n = sprintf(line, "{\"id\":\"%" PRIu64 "\",\"text\":\"", doc);
	for (uint32_t i = 0; i < t->n; i++) {
		if (i)
			line[n++] = i % 16 ? ' ' : ',';
		memcpy(line + n, spelled[t->word[i]], 16);
		n += length_of[t->word[i]];
	}
	n += sprintf(line + n, ".\",\"url\":\"http://s%" PRIu64 ".pt/%" PRIu64 "\",\"date\":\"2010-01-01T00:00:00Z\"}\n", doc % 1000, doc);
	fwrite(line, 1, (size_t)n, stdout);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static size_t shingles(const struct text *t, uint64_t *out)
{
	uint32_t each = t->n < SHINGLE ? t->n : SHINGLE;
	size_t n = 0, kept = 0;
	for (uint32_t i = 0; i + each <= t->n; i++) {
		uint64_t h = 0;
		for (uint32_t k = 0; k < each; k++) {
			h ^= t->word[i + k] + 1;
			h = next(&h);
		}
		out[n++] = h;
	}
	qsort(out, n, sizeof(*out), by_value);
	for (size_t i = 0; i < n; i++)
		if (!i || out[i] != out[i - 1])
			out[kept++] = out[i];
	return kept;
}

static double jaccard(uint64_t a, uint64_t b, uint64_t n)
{
	static struct text x, y;
	static uint64_t u[WORDS_MAX], v[WORDS_MAX];
	make_text(a, n, &x);
	make_text(b, n, &y);
	size_t nu = shingles(&x, u), nv = shingles(&y, v), i = 0, j = 0, both = 0;
	while (i < nu && j < nv) {
		bool less = u[i] < v[j], equal = u[i] == v[j];
		both += equal;
		i += less || equal;
		j += !less;
	}
	return nu + nv - both ? (double)both / (double)(nu + nv - both) : 0;
}

int main(int argc, char **argv)
{
	static struct text t;
	static char line[WORDS_MAX * 20 + 256];
	if (argc != 3)
		return 2;
	uint64_t n = strtoull(argv[2], NULL, 10), a, b;
	make_words();
	if (strcmp(argv[1], "docs") == 0) {
		/* Not in the order of numbers: copies stand anywhere before or behind their base. */
		uint64_t step = 0x9E3779B1u % n | 1;
		while (n % 3 == 0 && step % 3 == 0 ? 1 : n % 5 == 0 && step % 5 == 0)
			step += 2;
		for (uint64_t i = 0, doc = 0; i < n; i++, doc = (doc + step) % n) {
			make_text(doc, n, &t);
			print(doc, &t, line);
		}
	} else if (strcmp(argv[1], "truth") == 0) {
		for (uint64_t i = n - n / 4; i < n; i++)
			printf("%" PRIu64 " %" PRIu64 " %.4f\n", i, base_of(i, n), jaccard(i, base_of(i, n), n));
	} else {
		while (scanf("%" SCNu64 " %" SCNu64, &a, &b) == 2)
			printf("%.4f\n", jaccard(a, b, n));
	}
	return fflush(stdout) != 0;
}
