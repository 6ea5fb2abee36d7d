#include "dedup/datatrove.h"

#include "core/own.h"
#include "core/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <xxhash.h>

#define PRIME (((uint64_t)1 << 61) - 1)

struct datatrove {
	unsigned n;
	uint64_t *a, *b;
	struct buf lower, simple;
	uint64_t *shingles;
	size_t *starts; /* of the words of a text, and one past the end */
	size_t cap;
	const UNormalizer2 *nfd;
};

/* ---- NumPy's RandomState(seed).randint(low, PRIME, dtype=uint64) ----
 * The Mersenne twister (Matsumoto, Nishimura 1998); 64 bits are two draws, high first; masked to 61 bits, drawn again when above. */

enum { MT_N = 624, MT_M = 397 };

struct twister {
	uint32_t v[MT_N];
	unsigned at;
};

static void twister_seed(struct twister *t, uint32_t seed)
{
	for (unsigned i = 0; i < MT_N; i++) {
		t->v[i] = seed;
		seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
	}
	t->at = MT_N;
}

static uint32_t twister_next(struct twister *t)
{
	if (t->at == MT_N) {
		for (unsigned i = 0; i < MT_N; i++) {
			uint32_t y = (t->v[i] & 0x80000000u) | (t->v[(i + 1) % MT_N] & 0x7FFFFFFFu);
			t->v[i] = t->v[(i + MT_M) % MT_N] ^ y >> 1 ^ (y & 1 ? 0x9908B0DFu : 0);
		}
		t->at = 0;
	}
	uint32_t y = t->v[t->at++];
	y ^= y >> 11;
	y ^= y << 7 & 0x9D2C5680u;
	y ^= y << 15 & 0xEFC60000u;
	return y ^ y >> 18;
}

static uint64_t draw(struct twister *t, uint64_t low)
{
	uint64_t range = PRIME - 1 - low, v;
	do {
		v = (uint64_t)twister_next(t) << 32;
		v |= twister_next(t);
		v &= PRIME;
	} while (v > range);
	return low + v;
}

struct datatrove *datatrove_new(unsigned permutations)
{
	struct datatrove *d = own_zalloc(sizeof(*d));
	struct twister t;
	UErrorCode code = U_ZERO_ERROR;
	d->n = permutations;
	d->a = own_alloc(permutations * sizeof(*d->a));
	d->b = own_alloc(permutations * sizeof(*d->b));
	twister_seed(&t, 1);
	for (unsigned k = 0; k < permutations; k++)
		d->a[k] = draw(&t, 1);
	for (unsigned k = 0; k < permutations; k++)
		d->b[k] = draw(&t, 0);
	d->nfd = unorm2_getNFDInstance(&code);
	buf_init(&d->lower, BUF_NO_MAX);
	buf_init(&d->simple, BUF_NO_MAX);
	return d;
}

struct datatrove *datatrove_free(struct datatrove *d)
{
	if (!d)
		return NULL;
	buf_free(&d->lower);
	buf_free(&d->simple);
	free(d->a);
	free(d->b);
	free(d->shingles);
	free(d->starts);
	free(d);
	return NULL;
}

/* ---- the text ---- */

/* datatrove's PUNCTUATION above ASCII. */
static const uint32_t punctuation[] = {
	0x201D, 0x2014, 0xFF1A, 0xFF05, 0xFF11, 0x3008, 0x3001, 0x2501, 0x3010, 0x300C, 0xFF0C, 0x3011, 0xFF1B, 0x201C, 0x300A,
	0x201E, 0x2019, 0x2236, 0x00B4, 0xFF0E, 0xFF08, 0x2013, 0xFF1F, 0xFF01, 0xFF5E, 0x00AB, 0x3009, 0x300B, 0xFF09, 0x3002,
	0x2026, 0x25BA, 0x00BB, 0x300D,
};

/* Of ASCII, everything that is neither letter nor digit is punctuation or white space there. */
static bool is_punctuation(uint32_t c)
{
	if (c < 0x80)
		return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
	if (c < 0xA0)
		return true;
	for (size_t i = 0; i < sizeof(punctuation) / sizeof(*punctuation); i++)
		if (punctuation[i] == c)
			return true;
	return false;
}

/* str.isspace of Python. */
static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_digit(uint32_t c)
{
	return c < 0x80 ? c >= '0' && c <= '9' : u_charType((UChar32)c) == U_DECIMAL_DIGIT_NUMBER;
}

static bool is_decimal_mark(uint32_t c)
{
	return c == '.' || c == ',' || c == 0x060C || c == 0x066B || (c >= 0x2396 && c <= 0x2398);
}

/* Behind the number at p (its first digit is already read): digits, and once a mark with digits behind it. */
static const char *skip_number(const char *p, const char *end)
{
	bool marked = false;
	while (p < end) {
		const char *q = p;
		uint32_t c = utf8_next(&q, end);
		if (!marked && is_decimal_mark(c) && q < end) {
			const char *r = q;
			if (!is_digit(utf8_next(&r, end)))
				return p;
			marked = true;
			p = r;
			continue;
		}
		if (!is_digit(c))
			return p;
		p = q;
	}
	return p;
}

/* Without accents: the canonical decomposition less the characters of class Mn. */
static void add_bare(struct datatrove *d, uint32_t c)
{
	UChar parts[32];
	UErrorCode code = U_ZERO_ERROR;
	if (c < 0x80) {
		buf_byte(&d->simple, (char)c);
		return;
	}
	int32_t n = unorm2_getDecomposition(d->nfd, (UChar32)c, parts, 32, &code);
	if (n < 0 || U_FAILURE(code)) {
		if (u_charType((UChar32)c) != U_NON_SPACING_MARK)
			utf8_add(&d->simple, c);
		return;
	}
	for (int32_t i = 0; i < n;) {
		UChar32 part;
		U16_NEXT(parts, i, n, part);
		if (u_charType(part) != U_NON_SPACING_MARK)
			utf8_add(&d->simple, (uint32_t)part);
	}
}

struct str datatrove_simplify(struct datatrove *d, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	bool space = false;
	buf_clear(&d->simple);
	while (p < end) {
		uint32_t c = utf8_next(&p, end);
		if (c < 0x80)
			c = (c >= 'A' && c <= 'Z') ? c + 32 : c;
		else
			c = (uint32_t)u_tolower((UChar32)c);
		if (is_digit(c)) {
			p = skip_number(p, end);
			c = '0';
		}
		if (is_space(c) || is_punctuation(c)) {
			space = d->simple.n > 0;
			continue;
		}
		if (space)
			buf_byte(&d->simple, ' ');
		space = false;
		add_bare(d, c);
	}
	return str_trim(buf_view(&d->simple));
}

const uint64_t *datatrove_shingles(struct datatrove *d, struct str simple, unsigned n, size_t *shingles, size_t *words)
{
	size_t have = 0;
	bool in = false;
	if (simple.n / 2 + 2 > d->cap) {
		d->cap = simple.n / 2 + 2;
		d->shingles = own_grow(d->shingles, d->cap * sizeof(*d->shingles));
		d->starts = own_grow(d->starts, 2 * d->cap * sizeof(*d->starts));
	}
	size_t *ends = d->starts + d->cap;
	for (size_t i = 0; i <= simple.n; i++) {
		bool blank = i == simple.n || simple.p[i] == ' ';
		if (!blank && !in)
			d->starts[have] = i;
		if (blank && in)
			ends[have++] = i;
		in = !blank;
	}
	*words = have;
	*shingles = have < n ? 0 : have - n + 1;
	for (size_t i = 0; i < *shingles; i++)
		d->shingles[i] = XXH64(simple.p + d->starts[i], ends[i + n - 1] - d->starts[i], 0);
	return d->shingles;
}

void datatrove_least(const struct datatrove *d, const uint64_t *x, size_t n, uint64_t *out)
{
	memset(out, 0xFF, d->n * sizeof(*out));
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < d->n; k++) {
			uint64_t h = x[i] * d->a[k] + d->b[k];
			h = (h & PRIME) + (h >> 61);
			h = h >= PRIME ? h - PRIME : h;
			out[k] = h < out[k] ? h : out[k];
		}
}
