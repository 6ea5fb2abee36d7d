#include "extract/entity.h"

#include "core/utf8.h"
#include "extract/tables/entity.inc"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Numbers that mean windows-1252 (13.2.5.80); the five holes are C1 controls. */
static const uint16_t c1[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
				0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

static bool is_alnum(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
}

/* "#123;" or "#x1F;" */
static size_t numeric(struct str s, uint32_t *c)
{
	bool hex = s.n > 1 && (s.p[1] | 0x20) == 'x';
	size_t i = 1u + hex, from = i;
	uint32_t v = 0;
	for (; i < s.n; i++) {
		unsigned char d = (unsigned char)(s.p[i] - '0'), l = (unsigned char)((s.p[i] | 0x20) - 'a');
		if (d < 10)
			v = v * (hex ? 16 : 10) + d;
		else if (hex && l < 6)
			v = v * 16 + l + 10;
		else
			break;
		v = v > 0x110000 ? 0x110000 : v;
	}
	if (i == from)
		return 0;
	i += i < s.n && s.p[i] == ';';
	if (v >= 0x80 && v < 0xA0)
		v = c1[v - 0x80];
	*c = v == 0 || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000) ? 0xFFFD : v;
	return i;
}

/* The row of a name without its semicolon; 0 = none. */
static uint32_t find(const char *p, size_t n)
{
	uint32_t h = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		h = h * 131 + (unsigned char)p[i];
	h = h * 0x9E3779B1u >> (32 - TABLE_BITS);
	for (; table[h]; h = (h + 1) & ((1 << TABLE_BITS) - 1)) {
		uint32_t k = table[h];
		if (named[k].n == n && memcmp(pool + named[k].at, p, n) == 0)
			return k;
	}
	return 0;
}

static size_t name(struct str s, bool attribute, uint32_t c[2])
{
	size_t n = 0;
	while (n < s.n && n <= NAME_MAX_N && is_alnum(s.p[n]))
		n++;
	uint32_t k = 0;
	if (n <= NAME_MAX_N && n < s.n && s.p[n] == ';' && (k = find(s.p, n))) {
		c[0] = named[k].c;
		c[1] = named[k].c2;
		return n + 1;
	}
	for (n = n < BARE_MAX_N ? n : BARE_MAX_N; n >= 2; n--) {
		k = find(s.p, n);
		if (!k || !named[k].bare)
			continue;
		if (attribute && n < s.n && (s.p[n] == '=' || is_alnum(s.p[n])))
			return 0;
		c[0] = named[k].c;
		c[1] = 0;
		return n + (n < s.n && s.p[n] == ';');
	}
	return 0;
}

size_t entity_match(struct str s, bool attribute, uint32_t c[2])
{
	c[0] = c[1] = 0;
	if (!s.n)
		return 0;
	return s.p[0] == '#' ? numeric(s, c) : name(s, attribute, c);
}

void entity_decode(struct buf *out, struct str s, bool attribute)
{
	for (;;) {
		uint32_t c[2];
		size_t at = str_chr(s, '&');
		buf_add(out, s.p, at);
		if (at == s.n)
			return;
		s = str_from(s, at + 1);
		size_t used = entity_match(s, attribute, c);
		utf8_add(out, used ? c[0] : '&');
		if (used && c[1])
			utf8_add(out, c[1]);
		s = str_from(s, used);
	}
}

/* What a reader does not see: 0 to leave it out, ' ' for odd spaces, c otherwise. */
static uint32_t visible(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r' || c == '\f' ? ' ' : 0;
	if (c < 0x7F)
		return c;
	if (c < 0xA0) /* C1 controls are windows-1252 that was taken for Latin-1 */
		c = c == 0x7F ? 0 : c1[c - 0x80];
	if (c < 0xA0 || c == 0xAD)
		return 0;
	if (c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000)
		return ' ';
	if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x206F) ||
	    c == 0xFEFF || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
		return 0;
	return c;
}

/* First bytes of characters that `visible` may change; C3 to CB and most others never are. */
static bool is_odd(unsigned char b)
{
	return b < 0x20 || b == '&' || b == 0x7F || b == 0xC2 || (b >= 0xE1 && b <= 0xE3) || b == 0xEF;
}

/* The character at *p, decoded, as a reader sees it; two of them in c[] for some references. */
static void next(const char **p, const char *end, uint32_t c[2])
{
	c[1] = 0;
	if (**p != '&') {
		c[0] = visible(utf8_next(p, end));
		return;
	}
	size_t used = entity_match(str_range(*p + 1, end), false, c);
	c[0] = visible(used ? c[0] : '&');
	*p += 1 + used;
}

void entity_add(struct buf *out, struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		const char *from = p;
		uint32_t c[2];
		while (p < end && !is_odd((unsigned char)*p))
			p++;
		buf_add(out, from, (size_t)(p - from));
		if (p == end)
			return;
		next(&p, end, c);
		for (int i = 0; i < 2; i++)
			if (c[i])
				utf8_add(out, c[i]);
	}
}

/* ---- on one line ---- */

enum { STEP = 16 };

/* Copies the bytes at p that stay as they are, up to STEP of them, and says how many; blank: a space stands before. Both p and o have room
 * for STEP bytes. */
#ifdef __SSE2__
static unsigned plain_bytes(const char *p, char *o, bool blank)
{
	__m128i v;
	memcpy(&v, p, STEP);
	memcpy(o, &v, STEP);
	__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
	__m128i e1 = _mm_sub_epi8(v, _mm_set1_epi8((char)0xE1)), odd = _mm_cmpeq_epi8(_mm_min_epu8(e1, _mm_set1_epi8(2)), e1);
	odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xEF)), _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC2))));
	odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('&')), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F))));
	unsigned space = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
	unsigned stop = (unsigned)_mm_movemask_epi8(_mm_or_si128(odd, control)) | (space & (space << 1 | blank));
	return stop ? (unsigned)__builtin_ctz(stop) : STEP;
}
#else
static unsigned plain_bytes(const char *p, char *o, bool blank)
{
	unsigned i = 0;
	for (; i < STEP && !is_odd((unsigned char)p[i]) && !(p[i] == ' ' && blank); i++) {
		o[i] = p[i];
		blank = p[i] == ' ';
	}
	return i;
}
#endif

static char *put(char *o, const char *floor, uint32_t c)
{
	if (c == ' ')
		return o > floor && o[-1] != ' ' && o[-1] != '\n' ? (*o = ' ', o + 1) : o;
	return c ? o + utf8_put(o, c) : o;
}

void entity_line(struct buf *out, size_t floor, struct str s)
{
	/* At most three bytes come of two (a C1 control), six of five (&nGt;). */
	if (!buf_reserve(out, s.n + s.n / 2 + 2 * STEP))
		return;
	const char *p = s.p, *end = s.p + s.n, *start = out->p + floor;
	char *o = out->p + out->n;
	while (p < end) {
		bool blank = o == start || o[-1] == ' ' || o[-1] == '\n';
		if (end - p >= STEP) {
			unsigned n = plain_bytes(p, o, blank);
			p += n;
			o += n;
			if (n == STEP)
				continue;
		}
		uint32_t c[2];
		if (!is_odd((unsigned char)*p) && *p != ' ') {
			*o++ = *p++;
			continue;
		}
		next(&p, end, c);
		o = put(o, start, c[0]);
		if (c[1])
			o = put(o, start, c[1]);
	}
	out->n = (size_t)(o - out->p);
}
