/* utf8: validating and walking UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, shortest forms only). */
#pragma once
#include "core/buf.h"
#include "core/str.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Length of the longest valid prefix of s, in bytes; s.n when all of it is valid. 32 bytes a step where the processor has AVX2. */
size_t utf8_valid(struct str s);
/* The same without it: what tests compare with. */
size_t utf8_valid_plain(struct str s);
/* The first byte above 0x7F in p..end, or end; the plain form is for other machines and the test. */
static inline const char *utf8_high_plain(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p < 0x80)
		p++;
	return p;
}

static inline const char *utf8_high(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		__m128i v;
		memcpy(&v, p, 16);
		unsigned m = (unsigned)_mm_movemask_epi8(v);
		if (m)
			return p + __builtin_ctz(m);
	}
#endif
	return utf8_high_plain(p, end);
}

/* Decode the character at *at (< end) and step over it. Invalid input gives U+FFFD and steps one byte. */
uint32_t utf8_next(const char **at, const char *end);
/* Encode c into out (4 bytes of room); returns the length. c must be a scalar value. */
size_t utf8_put(char *out, uint32_t c);
void utf8_add(struct buf *b, uint32_t c);
/* Characters (code points) in valid UTF-8. */
size_t utf8_count(struct str s);
