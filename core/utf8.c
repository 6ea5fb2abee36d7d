#include "core/utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static size_t ascii_run(const unsigned char *p, size_t n)
{
	size_t i = 0;
	for (; i + 32 <= n; i += 32) {
		uint64_t w[4];
		memcpy(w, p + i, 32);
		if ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080u)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

/* Length of the valid sequence at p, or 0 (RFC 3629, section 4). */
static size_t sequence(const unsigned char *p, size_t n)
{
	unsigned char c = p[0];
	if (c < 0x80)
		return 1;
	if (c < 0xC2 || c > 0xF4)
		return 0;
	size_t len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	if (n < len)
		return 0;
	unsigned char low = 0x80, high = 0xBF;
	if (c == 0xE0)
		low = 0xA0;
	else if (c == 0xED)
		high = 0x9F;
	else if (c == 0xF0)
		low = 0x90;
	else if (c == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

/* From i on. */
static size_t valid_plain(const unsigned char *p, size_t i, size_t n)
{
	while (i < n) {
		i += ascii_run(p + i, n - i);
		while (i < n && p[i] >= 0x80) {
			size_t len = sequence(p + i, n - i);
			if (!len)
				return i;
			i += len;
		}
	}
	return i;
}

#if defined(__x86_64__)
/* What two bytes in a row can be wrong in, told by three look-ups of half a byte each whose bits must agree; then the places where a third
 * or fourth byte must follow (Keiser and Lemire, Validating UTF-8 in less than one instruction per byte, 2020). */
enum {
	SHORT = 1 << 0,    /* a lead, then no continuation        */
	LONG = 1 << 1,     /* ASCII, then a continuation          */
	OVER3 = 1 << 2,    /* E0 80..9F                           */
	LARGE = 1 << 3,    /* F4 90.., F5..FF                     */
	SURROGATE = 1 << 4, /* ED A0..BF                          */
	OVER2 = 1 << 5,    /* C0, C1                              */
	LARGE4 = 1 << 6,   /* F5..FF 80..8F, and F0 80..8F        */
	TWO = 1 << 7,      /* two continuations                   */
	CARRY = SHORT | LONG | TWO,
};

#define HALF(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) \
	_mm256_setr_epi8((char)(a), (char)(b), (char)(c), (char)(d), (char)(e), (char)(f), (char)(g), (char)(h), (char)(i), (char)(j), (char)(k), (char)(l), (char)(m), (char)(n), (char)(o), (char)(p), \
			 (char)(a), (char)(b), (char)(c), (char)(d), (char)(e), (char)(f), (char)(g), (char)(h), (char)(i), (char)(j), (char)(k), (char)(l), (char)(m), (char)(n), (char)(o), (char)(p))

__attribute__((target("avx2"))) static __m256i faults(__m256i in, __m256i before)
{
	const __m256i first_high = HALF(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, TWO, TWO, TWO, TWO, SHORT | OVER2, SHORT, SHORT | OVER3 | SURROGATE, SHORT | LARGE | LARGE4);
	const __m256i first_low = HALF(CARRY | OVER3 | OVER2 | LARGE4, CARRY | OVER2, CARRY, CARRY, CARRY | LARGE, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4,
				       CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4 | SURROGATE,
				       CARRY | LARGE | LARGE4, CARRY | LARGE | LARGE4);
	const __m256i second_high = HALF(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, LONG | OVER2 | TWO | OVER3 | LARGE4, LONG | OVER2 | TWO | OVER3 | LARGE,
					 LONG | OVER2 | TWO | SURROGATE | LARGE, LONG | OVER2 | TWO | SURROGATE | LARGE, SHORT, SHORT, SHORT, SHORT);
	const __m256i low = _mm256_set1_epi8(0x0F);
	__m256i cross = _mm256_permute2x128_si256(before, in, 0x21);
	__m256i one = _mm256_alignr_epi8(in, cross, 15), two = _mm256_alignr_epi8(in, cross, 14), three = _mm256_alignr_epi8(in, cross, 13);
	__m256i pair = _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(one, 4), low)), _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, low))),
					_mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(in, 4), low)));
	__m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80))), fourth = _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80)));
	__m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
	return _mm256_xor_si256(must, pair);
}

/* Where a sequence that is over at i or goes on behind it begins. */
static size_t back_to_lead(const unsigned char *p, size_t i)
{
	for (size_t k = 1; k <= 3 && k <= i; k++)
		if (p[i - k] >= 0xC0)
			return i - k;
	return i;
}

/* Whole blocks of 32 bytes; all is well before what it returns, and a sequence begins there or behind it. */
__attribute__((target("avx2"))) static size_t valid_avx2(const unsigned char *p, size_t n)
{
	__m256i before = _mm256_setzero_si256();
	bool plain = true; /* so far, the last block ends in ASCII */
	size_t i = 0;
	for (; i + 32 <= n; i += 32) {
		__m256i in = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
		bool ascii = !_mm256_movemask_epi8(in);
		if (!(ascii && plain)) {
			__m256i f = faults(in, before);
			if (!_mm256_testz_si256(f, f))
				break;
			plain = p[i + 31] < 0x80;
		}
		before = in;
	}
	return back_to_lead(p, i);
}
#endif

size_t utf8_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
#if defined(__x86_64__)
	if (s.n >= 64 && __builtin_cpu_supports("avx2"))
		return valid_plain(p, valid_avx2(p, s.n), s.n);
#endif
	return valid_plain(p, 0, s.n);
}

size_t utf8_valid_plain(struct str s)
{
	return valid_plain((const unsigned char *)s.p, 0, s.n);
}

uint32_t utf8_next(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;
	size_t len = sequence(p, (size_t)(end - *at));
	*at += len ? len : 1;
	switch (len) {
	case 1:
		return p[0];
	case 2:
		return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
	case 3:
		return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	case 4:
		return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
		       (p[3] & 0x3F);
	default:
		return 0xFFFD;
	}
}

size_t utf8_put(char *out, uint32_t c)
{
	unsigned char *o = (unsigned char *)out;
	if (c < 0x80) {
		o[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		o[0] = (unsigned char)(0xC0 | c >> 6);
		o[1] = (unsigned char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		o[0] = (unsigned char)(0xE0 | c >> 12);
		o[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		o[2] = (unsigned char)(0x80 | (c & 0x3F));
		return 3;
	}
	o[0] = (unsigned char)(0xF0 | c >> 18);
	o[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
	o[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
	o[3] = (unsigned char)(0x80 | (c & 0x3F));
	return 4;
}

void utf8_add(struct buf *b, uint32_t c)
{
	char out[4];
	buf_add(b, out, utf8_put(out, c));
}

size_t utf8_count(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}
