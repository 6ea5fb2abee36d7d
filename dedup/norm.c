#include "dedup/norm.h"

#include "core/own.h"
#include "core/utf8.h"

#include <unicode/uchar.h>

#define START 0x9E3779B97F4A7C15u
#define STEP 0xFF51AFD7ED558CCDu

/* Latin letters without their accents; U+00C0 to U+017F. Letters that are none map to themselves. */
static const char base[] = "aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0saaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y"
			   "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

uint32_t norm_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') ? c : (c >= 'A' && c <= 'Z') ? c + 32 : (c >= '0' && c <= '9') ? '0' : 0;
	if (c < 0xC0)
		return c == 0xAA ? 'a' : c == 0xBA ? 'o' : c == 0xAD ? NORM_NOTHING : 0;
	if (c < 0x180) {
		if (c == 0xD7 || c == 0xF7)
			return 0;
		uint32_t b = (unsigned char)base[c - 0xC0];
		return b ? b : (uint32_t)u_tolower((UChar32)c);
	}
	if (c >= 0x300 && c < 0x370)
		return NORM_NOTHING; /* a combining mark */
	if (!u_isalnum((UChar32)c))
		return u_charType((UChar32)c) == U_NON_SPACING_MARK ? NORM_NOTHING : 0;
	return u_isdigit((UChar32)c) ? '0' : (uint32_t)u_tolower((UChar32)c);
}

/* What each byte of ASCII counts as, and each second byte behind C3 (U+00C0 to U+00FF): the table keeps the pass short. */
static unsigned char ascii[256], latin[64];

__attribute__((constructor)) static void fill_tables(void)
{
	for (uint32_t c = 0; c < 0x80; c++)
		ascii[c] = (unsigned char)norm_letter(c);
	for (uint32_t c = 0xC0; c < 0x100; c++)
		latin[c - 0xC0] = norm_letter(c) < 0x80 ? (unsigned char)norm_letter(c) : 0;
}

/* A letter outside ASCII, *p behind it. */
static uint32_t wide(const char **p, const char *end)
{
	const unsigned char *at = (const unsigned char *)*p;
	if (at[0] == 0xC3 && *p + 1 < end && latin[at[1] & 63]) {
		*p += 2;
		return latin[at[1] & 63];
	}
	return norm_letter(utf8_next(p, end));
}

static inline uint64_t finish(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

void norm_words(struct norm *n, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	uint64_t h = START;
	bool in = false, digits = false;
	n->n = 0;
	if (text.n / 2 + 2 > n->cap) {
		n->cap = text.n / 2 + 2;
		n->words = own_grow(n->words, n->cap * sizeof(*n->words));
	}
	while (p < end) {
		uint32_t c = ascii[(unsigned char)*p];
		if ((unsigned char)*p >= 0x80) {
			c = wide(&p, end);
			if (c == NORM_NOTHING)
				continue;
		} else {
			p++;
		}
		if (!c) {
			if (in)
				n->words[n->n++] = finish(h);
			h = START;
			in = digits = false;
			continue;
		}
		if (c == '0' && digits)
			continue;
		digits = c == '0';
		in = true;
		h = (h ^ c) * STEP;
	}
	if (in)
		n->words[n->n++] = finish(h);
}

void norm_free(struct norm *n)
{
	free(n->words);
	*n = (struct norm){0};
}
