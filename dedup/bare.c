#include "dedup/bare.h"

#include "core/own.h"
#include "core/utf8.h"

#include <unicode/uchar.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define START 0x9E3779B97F4A7C15u
#define STEP 0xFF51AFD7ED558CCDu

/* Latin letters without their accents; U+00C0 to U+017F. Letters that are none map to themselves. */
static const char base[] = "aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0saaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y"
			   "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

uint32_t bare_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') ? c : (c >= 'A' && c <= 'Z') ? c + 32 : (c >= '0' && c <= '9') ? '0' : 0;
	if (c < 0xC0)
		return c == 0xAA ? 'a' : c == 0xBA ? 'o' : c == 0xAD ? BARE_NOTHING : 0;
	if (c < 0x180) {
		if (c == 0xD7 || c == 0xF7)
			return 0;
		uint32_t b = (unsigned char)base[c - 0xC0];
		return b ? b : (uint32_t)u_tolower((UChar32)c);
	}
	if (c >= 0x300 && c < 0x370)
		return BARE_NOTHING; /* a combining mark */
	if (!u_isalnum((UChar32)c))
		return u_charType((UChar32)c) == U_NON_SPACING_MARK ? BARE_NOTHING : 0;
	return u_isdigit((UChar32)c) ? '0' : (uint32_t)u_tolower((UChar32)c);
}

/* ---- first pass: the letters that count, words ended by a 0 ----
 *
 * Letters and separators of ASCII go sixteen at a time, up to the next digit or byte above 7F. What is special is looked at one by one:
 * digits, and letters of Latin-1, whose second byte (80 to BF, behind C3) says what letter they count as. */

enum { OTHER = 0xFF };
static unsigned char latin[64];

__attribute__((constructor)) static void fill_tables(void)
{
	for (uint32_t c = 0xC0; c < 0x100; c++)
		latin[c - 0xC0] = bare_letter(c) < 0x80 ? (unsigned char)bare_letter(c) : OTHER;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Up to sixteen bytes of p as letters to out, which has room for them all; how many there were before one that is special. */
static inline size_t plain_letters(const char *p, const char *end, unsigned char *out)
{
#if defined(__SSE2__)
	if (end - p >= 16) {
		__m128i c = _mm_loadu_si128((const __m128i *)p), low = _mm_or_si128(c, _mm_set1_epi8(0x20));
		__m128i letter = _mm_and_si128(_mm_cmpgt_epi8(low, _mm_set1_epi8('a' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('z' + 1), low));
		__m128i digit = _mm_and_si128(_mm_cmpgt_epi8(c, _mm_set1_epi8('0' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('9' + 1), c));
		_mm_storeu_si128((__m128i *)out, _mm_and_si128(low, letter));
		return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(_mm_or_si128(c, digit)) | 1u << 16);
	}
#endif
	size_t n = 0;
	for (; n < 16 && p + n < end && (unsigned char)p[n] < 0x80 && !is_digit(p[n]); n++)
		out[n] = (unsigned char)bare_letter((unsigned char)p[n]);
	return n;
}

/* The special character at p. Returns what follows it. */
static inline const char *special(const char *p, const char *end, unsigned char **out)
{
	unsigned char *o = *out;
	uint32_t c;
	if (is_digit(*p)) {
		while (p < end && is_digit(*p))
			p++;
		c = '0';
	} else if ((unsigned char)*p == 0xC3 && p + 1 < end && latin[p[1] & 63] != OTHER) {
		*o = latin[p[1] & 63];
		*out = o + 1;
		return p + 2;
	} else {
		c = bare_letter(utf8_next(&p, end));
	}
	if (c == BARE_NOTHING || (c == '0' && o[-1] == '0'))
		return p;
	if (c < 0x80)
		*o++ = (unsigned char)c;
	else
		o += utf8_put((char *)o, c);
	*out = o;
	return p;
}

static size_t letters(struct bare *n, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	unsigned char *out = n->letters;
	*out++ = 0; /* so that a digit can look back */
	while (p < end) {
		size_t k = plain_letters(p, end, out);
		p += k;
		out += k;
		if (k < 16 && p < end)
			p = special(p, end, &out);
	}
	*out++ = 0;
	return (size_t)(out - n->letters);
}

/* ---- second pass: words ---- */

static inline uint64_t eight(const unsigned char *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

/* The first n bytes of eight; n may be 0. */
static inline uint64_t first_of(uint64_t v, size_t n)
{
	return v & ~(n < 8 ? UINT64_MAX << 8 * n : 0);
}

/* Up to sixteen letters at once, without a branch: words of nine letters and words of eight are hard to foretell. Readable up to p + 16. */
static inline uint64_t word_hash(const unsigned char *p, size_t n)
{
	uint64_t h = START ^ n * 0xC2B2AE3D27D4EB4Fu;
	for (; __builtin_expect(n > 16, 0); n -= 8, p += 8) {
		h = (h ^ eight(p)) * STEP;
		h ^= h >> 32;
	}
	uint64_t a = first_of(eight(p), n), b = first_of(eight(p + 8), n > 8 ? n - 8 : 0);
	h = (h ^ a) * STEP + b * 0x94D049BB133111EBu;
	h ^= h >> 32;
	h *= 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

/* Bit i: byte p[i] is 0, of 64. */
static inline uint64_t zeros(const unsigned char *p)
{
	uint64_t mask = 0;
#if defined(__SSE2__)
	for (int i = 0; i < 4; i++)
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), _mm_setzero_si128())) << 16 * i;
#else
	for (int i = 0; i < 64; i++)
		mask |= (uint64_t)(p[i] == 0) << i;
#endif
	return mask;
}

void bare_words(struct bare *n, struct str text)
{
	/* Lower case can be longer: two bytes become three at most. Beyond the text, 64 bytes of zeros are looked at. */
	if (text.n + 64 > n->cap) {
		n->cap = text.n + text.n / 2 + 64;
		free(n->letters);
		free(n->words);
		n->letters = own_alloc(n->cap * 2 + 128);
		n->words = own_alloc(n->cap / 2 * sizeof(*n->words));
	}
	size_t size = letters(n, text), start = 0, k = 0;
	memset(n->letters + size, 0, 80);
	for (size_t at = 0; at < size; at += 64)
		for (uint64_t mask = zeros(n->letters + at); mask; mask &= mask - 1) {
			size_t end = at + (unsigned)__builtin_ctzll(mask);
			n->words[k] = word_hash(n->letters + start, end - start);
			k += end > start;
			start = end + 1;
		}
	n->n = k;
}

void bare_free(struct bare *n)
{
	free(n->letters);
	free(n->words);
	*n = (struct bare){0};
}
