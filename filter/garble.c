#include "filter/garble.h"

#include "filter/affix.h"
#include "filter/tables/garble.h"

#include <uchar.h>

enum {
	COMMON = 1 << 0, C1 = 1 << 1, BAD = 1 << 2, LAW = 1 << 3, CURRENCY = 1 << 4, START = 1 << 5, END = 1 << 6, NUMERIC = 1 << 7, KAOMOJI = 1 << 8,
	UPPER = 1 << 9, LOWER = 1 << 10, UPPER_COMMON = 1 << 11, LOWER_COMMON = 1 << 12, BOX = 1 << 13,
	FIRST_2 = 1 << 14, FIRST_3 = 1 << 15, FIRST_4 = 1 << 16, NEXT = 1 << 17, NEXT_STRICT = 1 << 18,
	ROUNDS = 8, DEPTH = 6,
};

static uint32_t class_of(uint32_t c)
{
	size_t lo = 0, hi = sizeof(garble_far) / sizeof(*garble_far);
	if (c < 0x180)
		return garble_near[c];
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (garble_far[mid].c < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < sizeof(garble_far) / sizeof(*garble_far) && garble_far[lo].c == c ? garble_far[lo].flags : 0;
}

/* ---- ftfy's BADNESS_RE ---- */

static const struct {
	uint32_t a, b;
} pairs[] = {
	{BAD | LOWER | UPPER | BOX | START | END | CURRENCY | NUMERIC | LAW, BAD},
	{BAD, LOWER | UPPER | BOX | START | END | CURRENCY | NUMERIC | LAW},
	{LOWER | LOWER_COMMON | BOX | END | CURRENCY | NUMERIC, UPPER},
	{BOX | END | CURRENCY | NUMERIC, LOWER},
	{LOWER | BOX | END, CURRENCY},
	{UPPER | BOX, NUMERIC | LAW},
	{CURRENCY | NUMERIC | BOX, START},
	{BOX, KAOMOJI | END},
	{LOWER | UPPER | CURRENCY | NUMERIC | START | END | LAW, BOX},
};

/* Pairs of classes with which a rule of three characters or more begins or ends. */
static const struct {
	uint32_t a, b;
} longer[] = {
	{LOWER_COMMON | UPPER_COMMON, BAD}, {UPPER, CURRENCY | START}, {LOWER | UPPER | BOX | CURRENCY | END, START}, {LOWER | UPPER | CURRENCY | NUMERIC | BOX | LAW, END}, {LOWER | UPPER, START | END},
};

static bool among(uint32_t c, const char16_t *list);

/* Rules of two given characters. */
static bool spelled(uint32_t a, uint32_t b, uint32_t fb)
{
	switch (a) {
	case 0xC2: case 0xC3: case 0xCE: case 0xD0: /* Â Ã Î Ð */
		if ((fb & (START | END)) || among(b, u"€œŠš¢£Ÿž\u00a0\u00ad®©°·»–—´"))
			return true;
		return a == 0xC3 && (b == 0xA0 || b == 0xA1);
	case 0xD7:
		return b == 0xB2 || b == 0xB3;
	case 0xE0:
		return among(b, u"²µ¹¼½¾");
	case 0x221A:
		return among(b, u"±∂†≠®™´≤≥¥µø");
	case 0x2248:
		return b == 0xB0 || b == 0xA2;
	case 0x432:
		return b == 0x402;
	case 0x101:
		return b == 0x20AC;
	default:
		return b == 0xB0 && (class_of(a) & UPPER);
	}
}

static bool among(uint32_t c, const char16_t *list)
{
	for (; *list; list++)
		if (*list == c)
			return true;
	return false;
}

static bool latin(uint32_t c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool small(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

/* Rules of three characters or more that begin at t.c[i]; at(k) is 0 behind the end. */
static bool long_rule(struct garble_text t, uint32_t i)
{
#define at(k) (i + (k) < t.n ? t.c[i + (k)] : 0)
	uint32_t a = at(0), b = at(1), c = at(2), fa = class_of(a), fb = class_of(b), fc = class_of(c);
	uint32_t fw = c ? affix_flags_of(c) : 0;
	const uint32_t arabic = COMMON | CURRENCY | BAD | NUMERIC | START;
	if (latin(a) && (fb & (LOWER_COMMON | UPPER_COMMON)) && (fc & BAD))
		return true;
	if ((affix_flags_of(a) & AFFIX_SPACE) && (fb & UPPER) && (fc & CURRENCY))
		return true;
	if ((fa & (LOWER | UPPER | BOX | CURRENCY | END)) && (fb & START) && (fc & NUMERIC))
		return true;
	if ((fa & (LOWER | UPPER | CURRENCY | NUMERIC | BOX | LAW)) && (fb & END) && (fc & START))
		return true;
	if (small(a) && (fb & UPPER) && (fc & (START | CURRENCY)))
		return true;
	if ((fa & (LOWER | UPPER)) && (fb & (START | END)) && (fw & AFFIX_WORD))
		return true;
	if ((a == 0xD8 || a == 0xD9) && (c == 0xD8 || c == 0xD9) && ((fb & arabic) || among(b, u"ŸŠ®°µ»")) && ((class_of(at(3)) & arabic) || among(at(3), u"ŸŠ®°µ»")))
		return true;
	if (a == 0x201A && b == 0xC4 && among(c, u"ìîïòôúùû†°¢π"))
		return true;
	if (a == 0x201A && (b == 0xE2 || b == 0xF3) && among(c, u"àä°ê"))
		return true;
	if (among(a, u"ВГРС") && among(c, u"ВГРС") && ((fb & (C1 | BAD | START | END | CURRENCY)) || b == 0xB0 || b == 0xB5))
		return true;
	if (among(a, u"ΒΓΞΟ") && among(c, u"ΒΓΞΟ") && ((fb & (C1 | BAD | START | END | CURRENCY)) || b == 0xB0))
		return true;
	if (a == 0x413 && b == 0x45E && c == 0x412 && at(3) == 0x402 && at(4) == 0x412 && at(5) && (latin(at(6)) || at(6) == ' '))
		return true;
	if (a == 0x3B2 && b == 0x20AC && among(c, u"™\u00a0Ά\u00ad®°"))
		return true;
	bool ab = b == 0xC2 || b == 0xC3;
	if (small(a) && ((ab && c == ' ') || (b && (affix_flags_of(b) & AFFIX_SPACE) && (c == 0xC2 || c == 0xC3) && at(3) == ' ')))
		return true;
	if (i == 0 && (a == 0xC2 || a == 0xC3) && b == ' ')
		return true;
	return (small(a) || among(a, u".,?!") || (fa & END)) && b == 0xC2 && (c == ' ' || (fc & (START | END)));
#undef at
}

static bool bad_pair(uint32_t a, uint32_t b, uint32_t fa, uint32_t fb)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if ((fa & pairs[i].a) && (fb & pairs[i].b))
			return true;
	return spelled(a, b, fb);
}

bool garble_is_bad(struct garble_text t)
{
	for (uint32_t i = 0; i < t.n; i++) {
		uint32_t c = t.c[i], f = class_of(c);
		if (f & C1)
			return true;
		if (i + 1 == t.n)
			return false;
		if ((c == 0x152 || c == 0x153) && !latin(t.c[i + 1]))
			return true;
		if ((c >= 128 && t.c[i + 1] >= 128 && bad_pair(c, t.c[i + 1], f, class_of(t.c[i + 1]))) || long_rule(t, i))
			return true;
	}
	return false;
}

bool garble_pair(uint32_t a, uint32_t b)
{
	uint32_t fa = class_of(a), fb = class_of(b);
	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++)
		if ((fa & longer[i].a) && (fb & longer[i].b))
			return true;
	return bad_pair(a, b, fa, fb) || a == 0xD8 || a == 0xD9 || a == 0x201A || a == 0x3B2 || among(a, u"ВГРСΒΓΞΟ");
}

bool garble_alone(uint32_t c)
{
	return (c >= 0x80 && c < 0xA0) || c == 0xC2 || c == 0xC3 || c == 0x152 || c == 0x153;
}

uint32_t garble_c1(uint32_t c)
{
	return garble_encodings[GARBLE_1252].high[c - 0x80];
}

/* ---- undoing ---- */

/* The text in an encoding; false when it has a character that the encoding lacks. U+FFFD is 0x1A where the encoding is sloppy. */
static bool encode(struct garble_text t, int e, unsigned char *out)
{
	for (uint32_t i = 0; i < t.n; i++) {
		uint32_t c = t.c[i], k = 0;
		if (c < 128 && (c != 0x1A || !garble_encodings[e].sloppy)) {
			out[i] = (unsigned char)c;
			continue;
		}
		if (c == 0xFFFD && garble_encodings[e].sloppy) {
			out[i] = 0x1A;
			continue;
		}
		if (c >= 0xA0 && c < 0x100 && garble_encodings[e].high[c - 0x80] == c)
			k = c - 0x80;
		else
			while (k < 128 && garble_encodings[e].high[k] != c)
				k++;
		if (k == 128)
			return false;
		out[i] = (unsigned char)(128 + k);
	}
	return true;
}

static bool next_byte(unsigned char b)
{
	return b >= 0x80 && b <= 0xBF;
}

static bool likely_next(unsigned char b)
{
	return next_byte(b) && b != 0x85 && b != 0xA0;
}

/* ftfy's ALTERED_UTF8_RE: bytes of a sequence at p in which a blank stands for 0xA0. */
static uint32_t altered(const unsigned char *p, size_t n)
{
	unsigned char a = p[0], b = n > 1 ? p[1] : 0, c = n > 2 ? p[2] : 0, d = n > 3 ? p[3] : 0;
	if (b == ' ' && (a == 0xC2 || a == 0xC3 || a == 0xC5 || a == 0xCE || a == 0xD0 || a == 0xD9))
		return 2;
	if (((a == 0xE2 || a == 0xE3) && b == ' ' && likely_next(c)) || (a >= 0xE0 && a <= 0xE3 && likely_next(b) && c == ' '))
		return 3;
	if (a == 0xF0 && (b == ' ') + (c == ' ') + (d == ' ') == 1 && (b == ' ' || next_byte(b)) && (c == ' ' || next_byte(c)) && (d == ' ' || next_byte(d)))
		return 4;
	return 0;
}

static bool starts(const unsigned char *p, size_t n, const char *word)
{
	size_t k = strlen(word);
	return n >= k && memcmp(p, word, k) == 0;
}

/* Put back 0xA0 for blanks inside sequences; "Ã " as a word of its own keeps its blank. out has room for twice n. */
static uint32_t restore_blanks(const unsigned char *p, uint32_t n, unsigned char *out)
{
	uint32_t k = 0;
	for (uint32_t i = 0; i < n;) {
		const unsigned char *rest = p + i + 2;
		size_t left = n - i > 2 ? n - i - 2 : 0;
		if (p[i] == 0xC3 && i + 1 < n && p[i + 1] == ' ' && !starts(rest, left, " ") && !starts(rest, left, "quele") && !starts(rest, left, "quela") && !starts(rest, left, "quilo") &&
		    !starts(rest, left, "s ")) {
			out[k++] = 0xC3, out[k++] = 0xA0, out[k++] = ' ';
			i += 2;
			continue;
		}
		uint32_t m = altered(p + i, n - i);
		for (uint32_t j = 0; j < (m ? m : 1); j++, i++)
			out[k++] = m && p[i] == ' ' ? 0xA0 : p[i];
	}
	return k;
}

/* ftfy's LOSSY_UTF8_RE, without its rules for surrogates: bytes of a sequence at p of which one is lost. */
static uint32_t lossy(const unsigned char *p, size_t n)
{
	unsigned char a = p[0];
	uint32_t want = a >= 0xF0 && a <= 0xF4 ? 4 : a >= 0xE0 && a <= 0xEF ? 3 : a >= 0xC2 && a <= 0xDF ? 2 : 1, lost = 0, marks = 0;
	if (a == 0x1A)
		return 1;
	if (want == 1 || n < want)
		return 0;
	for (uint32_t i = 1; i < want; i++) {
		if (p[i] != 0x1A && p[i] != '?' && !next_byte(p[i]))
			return 0;
		lost += p[i] == 0x1A;
		marks += p[i] == '?';
	}
	if (want == 2)
		return p[1] == 0x1A || (p[1] == '?' && a <= 0xC3) ? 2 : 0;
	return lost + marks && marks <= 1 ? want : 0;
}

static uint32_t replace_lost(const unsigned char *p, uint32_t n, unsigned char *out)
{
	uint32_t k = 0;
	for (uint32_t i = 0; i < n;) {
		uint32_t m = lossy(p + i, n - i);
		if (m) {
			out[k++] = 0xEF, out[k++] = 0xBF, out[k++] = 0xBD;
			i += m;
		} else {
			out[k++] = p[i++];
		}
	}
	return k;
}

/* Strict UTF-8 into characters; false when it is not. */
static bool decode(const unsigned char *p, uint32_t n, struct garble_text *out)
{
	out->n = 0;
	for (uint32_t i = 0; i < n;) {
		uint32_t c = p[i], more = c < 0x80 ? 0 : c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
		if ((c >= 0x80 && c < 0xC2) || c > 0xF4 || i + more >= n)
			return false;
		c = more ? c & (0x3Fu >> more) : c;
		for (uint32_t k = 1; k <= more; k++) {
			if (!next_byte(p[i + k]))
				return false;
			c = c << 6 | (p[i + k] & 0x3F);
		}
		if ((more == 2 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (more == 3 && (c < 0x10000 || c > 0x10FFFF)))
			return false;
		out->c[out->n++] = c;
		i += more + 1;
	}
	return true;
}

static bool any_altered(const unsigned char *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i] >= 0xC2 && altered(p + i, n - i))
			return true;
	return false;
}

static bool by_encoding(struct garble_text t, int e, struct arena *a, struct garble_text *out)
{
	unsigned char *one = arena_alloc(a, 3 * (size_t)t.n + 16), *two = arena_alloc(a, 6 * (size_t)t.n + 16), *swap;
	uint32_t n = t.n;
	if (!encode(t, e, one))
		return false;
	if (e != GARBLE_MACROMAN && any_altered(one, n)) {
		n = restore_blanks(one, n, two);
		swap = one, one = two, two = swap;
	}
	if (garble_encodings[e].sloppy && n <= 2 * t.n) {
		two = arena_alloc(a, 3 * (size_t)n + 16);
		n = replace_lost(one, n, two);
		one = two;
	}
	out->c = arena_alloc(a, (n + 1) * sizeof(uint32_t));
	return decode(one, n, out);
}

static struct garble_text fix(struct garble_text t, struct arena *a, int depth);

/* Characters from i on that look like the bytes of UTF-8 sequences (ftfy's UTF8_DETECTOR_RE). */
static uint32_t clue_run(struct garble_text t, uint32_t i)
{
	uint32_t from = i;
	if (i && (class_of(t.c[i - 1]) & NEXT_STRICT))
		return 0;
	for (;;) {
		uint32_t f = i < t.n ? class_of(t.c[i]) : 0, next = 0;
		while (next < 3 && i + 1 + next < t.n && (class_of(t.c[i + 1 + next]) & NEXT))
			next++;
		uint32_t take = (f & FIRST_2) && next >= 1 ? 2 : (f & FIRST_3) && next >= 2 ? 3 : (f & FIRST_4) && next >= 3 ? 4 : 0;
		if (!take)
			return i - from;
		i += take;
	}
}

static struct garble_text inconsistent(struct garble_text t, struct arena *a, int depth)
{
	struct garble_text out = {arena_alloc(a, (2 * (size_t)t.n + 1) * sizeof(uint32_t)), 0};
	for (uint32_t i = 0; i < t.n;) {
		uint32_t n = t.c[i] < 128 ? 0 : clue_run(t, i);
		struct garble_text part = {t.c + i, n ? n : 1};
		if (n && n < t.n && depth < DEPTH && garble_is_bad(part))
			part = fix(part, a, depth + 1);
		if (out.n + part.n > 2 * t.n)
			return t;
		memcpy(out.c + out.n, part.c, part.n * sizeof(uint32_t));
		out.n += part.n;
		i += n ? n : 1;
	}
	return out;
}

static bool same(struct garble_text a, struct garble_text b)
{
	return a.n == b.n && memcmp(a.c, b.c, a.n * sizeof(uint32_t)) == 0;
}

static struct garble_text one_step(struct garble_text t, struct arena *a, int depth)
{
	struct garble_text out;
	bool c1 = false;
	if (!garble_is_bad(t))
		return t;
	for (int e = 0; e < GARBLE_ENCODINGS; e++)
		if (by_encoding(t, e, a, &out))
			return out;
	out = inconsistent(t, a, depth);
	if (!same(out, t))
		return out;
	for (uint32_t i = 0; i < t.n; i++)
		c1 |= t.c[i] >= 0x80 && t.c[i] < 0xA0;
	if (!c1)
		return t;
	/* A second array: `out` may be t itself. */
	out = (struct garble_text){arena_alloc(a, t.n * sizeof(uint32_t)), t.n};
	for (uint32_t i = 0; i < t.n; i++)
		out.c[i] = t.c[i] >= 0x80 && t.c[i] < 0xA0 ? garble_c1(t.c[i]) : t.c[i];
	return out;
}

static struct garble_text fix(struct garble_text t, struct arena *a, int depth)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct garble_text next = one_step(t, a, depth);
		if (next.c == t.c || same(next, t))
			break;
		t = next;
	}
	return t;
}

struct garble_text garble_fix(struct garble_text t, struct arena *a)
{
	return fix(t, a, 0);
}
