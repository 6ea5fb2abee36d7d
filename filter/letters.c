#include "filter/letters.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Of one byte each: ASCII letters, blanks, 0xC3, what may follow it in a letter. */
struct kinds {
	uint64_t letter, blank, lead, follow;
};

static void kinds_plain(const unsigned char *p, unsigned n, struct kinds *k)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned char c = p[i], low = c | 32;
		uint64_t bit = 1ull << i;
		k->letter |= low >= 'a' && low <= 'z' ? bit : 0;
		k->blank |= c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31) ? bit : 0;
		k->lead |= c == 0xC3 ? bit : 0;
		k->follow |= c >= 0x80 && c < 0xC0 && (c & 0xDF) != 0x97 ? bit : 0;
	}
	k->blank |= n < 64 ? ~0ull << n : 0;
}

#ifdef __SSE2__
static uint64_t mask(__m128i v, unsigned i)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << i;
}

static void kinds_block(const unsigned char *p, struct kinds *k)
{
#define ALL(c) _mm_set1_epi8((char)(c))
	for (unsigned i = 0; i < 64; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + i)), low = _mm_or_si128(v, ALL(32)), tab = _mm_sub_epi8(v, ALL(9)), fs = _mm_sub_epi8(v, ALL(28));
		__m128i space = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(tab, ALL(4)), tab), _mm_cmpeq_epi8(_mm_min_epu8(fs, ALL(4)), fs));
		k->letter |= mask(_mm_and_si128(_mm_cmpgt_epi8(low, ALL('a' - 1)), _mm_cmplt_epi8(low, ALL('z' + 1))), i);
		k->blank |= mask(space, i);
		k->lead |= mask(_mm_cmpeq_epi8(v, ALL(0xC3)), i);
		k->follow |= mask(_mm_andnot_si128(_mm_cmpeq_epi8(_mm_and_si128(v, ALL(0xDF)), ALL(0x97)), _mm_cmplt_epi8(v, ALL(-64))), i);
	}
#undef ALL
}
#else
static void kinds_block(const unsigned char *p, struct kinds *k)
{
	kinds_plain(p, 64, k);
}
#endif

static struct letters_bits block_of(struct str text, size_t block)
{
	struct kinds k = {0};
	size_t at = block * 64, n = at < text.n ? text.n - at : 0;
	const unsigned char *p = (const unsigned char *)text.p + at;
	if (n >= 64)
		kinds_block(p, &k);
	else
		kinds_plain(p, (unsigned)n, &k);
	uint64_t before = at && n && p[-1] == 0xC3, inner = k.follow & (k.lead << 1 | before);
	/* The second byte of a letter at the very end is in the next block. */
	uint64_t next = n > 64 && p[64] >= 0x80 && p[64] < 0xC0 && (p[64] & 0xDF) != 0x97;
	uint64_t lead = k.lead & (inner >> 1 | next << 63);
	return (struct letters_bits){k.letter | lead | inner, k.blank};
}

void letters_init(struct letters *l, struct str text)
{
	l->text = text;
	letters_fill(l, 0);
}

void letters_fill(struct letters *l, size_t block)
{
	l->first = block;
	for (size_t i = 0; i <= LETTERS_BLOCKS; i++) {
		l->v[i] = block_of(l->text, block + i);
		if ((block + i) * 64 > l->text.n)
			break;
	}
}
