/* scan: looking for a byte that is near.
 *
 * Names and values in markup are short: what memchr needs to get going is more than what they take. So 16 bytes at a time (SSE2, which every
 * x86-64 has), without a loop that has to be guessed; after 64 bytes without success memchr goes on, in whatever width the machine has.
 * The plain twins are for other machines, for the last bytes of a page, and for the test that compares them (tests/unit/extract/test_scan.c). */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first c in p..end, or end. */
static inline const char *scan_plain(const char *p, const char *end, char c)
{
	while (p < end && *p != c)
		p++;
	return p;
}

/* The first byte that is a, b, c, or not above ' '; or end. */
static inline const char *scan_plain_any(const char *p, const char *end, char a, char b, char c)
{
	while (p < end && (unsigned char)*p > ' ' && *p != a && *p != b && *p != c)
		p++;
	return p;
}

#ifdef __SSE2__
static inline unsigned scan_mask(const char *p, __m128i c)
{
	__m128i v;
	memcpy(&v, p, 16);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, c));
}

static inline const char *scan_byte(const char *p, const char *end, char c)
{
	const __m128i want = _mm_set1_epi8(c);
	if (end - p < 64) {
		for (; end - p >= 16; p += 16) {
			unsigned m = scan_mask(p, want);
			if (m)
				return p + __builtin_ctz(m);
		}
		return scan_plain(p, end, c);
	}
	for (int i = 0; i < 4; i++, p += 16) {
		unsigned m = scan_mask(p, want);
		if (m)
			return p + __builtin_ctz(m);
	}
	p = (const char *)memchr(p, c, (size_t)(end - p));
	return p ? p : end;
}

static inline const char *scan_any(const char *p, const char *end, char a, char b, char c)
{
	const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b), vc = _mm_set1_epi8(c), blank = _mm_set1_epi8(' ');
	for (; end - p >= 16; p += 16) {
		__m128i v;
		memcpy(&v, p, 16);
		__m128i low = _mm_cmpeq_epi8(_mm_max_epu8(v, blank), blank);
		__m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, va), _mm_cmpeq_epi8(v, vb)), _mm_or_si128(_mm_cmpeq_epi8(v, vc), low));
		unsigned m = (unsigned)_mm_movemask_epi8(hit);
		if (m)
			return p + __builtin_ctz(m);
	}
	return scan_plain_any(p, end, a, b, c);
}
#else
static inline const char *scan_byte(const char *p, const char *end, char c)
{
	p = (const char *)memchr(p, c, (size_t)(end - p));
	return p ? p : end;
}

static inline const char *scan_any(const char *p, const char *end, char a, char b, char c)
{
	return scan_plain_any(p, end, a, b, c);
}
#endif
