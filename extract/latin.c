#include "extract/latin.h"

#include "core/utf8.h"
#include "extract/tables/latin.inc"

static const char *const latin_names[LATIN_MAPS] = {"windows-1252", "iso-8859-15", "macintosh", "ibm850", "ibm860"};

struct str latin_name(enum latin m)
{
	return str_of(latin_names[m]);
}

enum latin latin_of(struct str name)
{
	for (unsigned m = 0; m < LATIN_MAPS; m++)
		if (str_eq(name, str_of(latin_names[m])))
			return m;
	return LATIN_CP1252;
}

uint32_t latin_char(enum latin m, unsigned char byte)
{
	return byte < 0x80 ? byte : maps[m][byte - 0x80];
}

static size_t count_high(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i] >> 7;
	return n;
}

struct str latin_decode(struct str s, enum latin m, struct arena *a)
{
	size_t room = s.n + 2 * count_high(s);
	char *out = arena_alloc(a, room), *o = out;
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		uint64_t w;
		if (end - p >= 8 && (memcpy(&w, p, 8), !(w & 0x8080808080808080u))) {
			memcpy(o, &w, 8);
			p += 8;
			o += 8;
			continue;
		}
		o += utf8_put(o, latin_char(m, (unsigned char)*p++));
	}
	arena_shrink(a, out, (size_t)(o - out));
	return str_range(out, o);
}

/* ---- shape ---- */

static bool is_ascii_letter(unsigned char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* windows-1252's bytes for what Portuguese uses: letters, ordinals, quotes, dashes, the no-break space. */
static bool is_portuguese(unsigned char c)
{
	return c >= 0x80 && strchr("\xE1\xE0\xE2\xE3\xE7\xE9\xEA\xED\xF3\xF4\xF5\xFA\xFC\xC1\xC0\xC2\xC3\xC7\xC9\xCA\xCD\xD3\xD4\xD5\xDA\xBA\xAA\xAB\xBB\xA0\x80\x85\x91\x92"
				   "\x93\x94\x95\x96\x97\xA7\xA9\xAE\xB0\xB4\xB7\xE8",
				   c);
}

/* "ão", "õe", "ção", "ça": a cedilla or a tilde in the company that it keeps in Portuguese. */
static bool is_telling(const unsigned char *p, const unsigned char *end)
{
	unsigned char next = p + 1 < end ? p[1] : 0;
	return (*p == 0xE3 && next == 'o') || (*p == 0xF5 && next == 'e') ||
	       (*p == 0xE7 && (next == 0xE3 || next == 0xF5 || next == 'a' || next == 'o' || next == 'u')) || (*p == 0xC3 && next == 'O') || (*p == 0xC7 && next == 0xC3);
}

struct latin_shape latin_shape(struct str s)
{
	struct latin_shape k = {0};
	size_t fitting = 0, telling = 0;
	const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
	for (; p < end; p++) {
		if (*p < 0x80)
			continue;
		const unsigned char *from = p;
		for (; p < end && *p >= 0x80; p++) {
			fitting += is_portuguese(*p);
			telling += is_telling(p, end);
		}
		size_t n = (size_t)(p - from);
		bool word = (from > (const unsigned char *)s.p && is_ascii_letter(from[-1])) || (p < end && is_ascii_letter(*p));
		k.high += n;
		k.inside += n <= 2 && word ? n : 0;
		k.runs += n >= 4 ? n : 0;
	}
	k.portuguese = (fitting * 20 >= k.high * 17 && telling * 10 > k.high) || (fitting * 20 >= k.high * 19 && telling * 40 > k.high);
	return k;
}

/* ---- which one ---- */

enum kind { CONTROL, OTHER, MARK, APOSTROPHE, SMALL, SMALL_PT, CAPITAL, CAPITAL_PT };

static enum kind kind_of(uint32_t c)
{
	static const uint16_t marks[] = {0xA0, 0xAB, 0xBB, 0xAA, 0xBA, 0xA9, 0xAE, 0xB0, 0xA7, 0xB7, 0xA3, 0x20AC, 0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x201E, 0x2026, 0x2022, 0x2122};
	if (c == 0x2019 || c == 0xB4)
		return APOSTROPHE;
	if (c < 0xA0)
		return CONTROL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (c == marks[i])
			return MARK;
	if (c < 0xC0 || c == 0xD7 || c == 0xF7 || c > 0xFF)
		return c == 0x152 || c == 0x178 || c == 0x160 || c == 0x17D ? CAPITAL : c == 0x153 || c == 0x161 || c == 0x17E ? SMALL : OTHER;
	bool pt = is_portuguese((unsigned char)c);
	return c < 0xDF ? (pt ? CAPITAL_PT : CAPITAL) : (pt ? SMALL_PT : SMALL);
}

struct sides {
	bool small_before, small_after, capital_before, capital_after;
};

static void side(enum latin m, unsigned char c, bool *small, bool *capital)
{
	enum kind k = c < 0x80 ? CONTROL : kind_of(maps[m][c - 0x80]);
	*small = (c >= 'a' && c <= 'z') || k == SMALL || k == SMALL_PT;
	*capital = (c >= 'A' && c <= 'Z') || k == CAPITAL || k == CAPITAL_PT;
}

static int weigh(enum latin m, unsigned char before, unsigned char c, unsigned char after)
{
	struct sides s;
	uint32_t u = maps[m][c - 0x80];
	side(m, before, &s.small_before, &s.capital_before);
	side(m, after, &s.small_after, &s.capital_after);
	bool word = s.small_before || s.small_after || s.capital_before || s.capital_after;
	bool within = (s.small_before || s.capital_before) && (s.small_after || s.capital_after);
	switch (kind_of(u)) {
	case SMALL:
		return s.capital_before && s.capital_after ? -6 : word ? 1 : -1;
	case SMALL_PT:
		if (s.capital_before && s.capital_after)
			return -6;
		if ((u == 0xE3 && (after == 'o' || after == 's')) || (u == 0xF5 && after == 'e') || (u == 0xE7 && (s.small_after)))
			return 8;
		return word ? 4 : 2;
	case CAPITAL:
		return s.small_before ? -6 : word ? 1 : -1;
	case CAPITAL_PT:
		return s.small_before ? -6 : word ? 3 : 1;
	case MARK:
		return within ? -4 : word ? 2 : 1;
	case APOSTROPHE:
		return s.small_before ? 4 : 1;
	case OTHER:
		return word ? -6 : -2;
	default:
		return -8;
	}
}

/* "50 \xA4": a price, so the euro of iso-8859-15. The currency sign that windows-1252 has there is a bullet at most. */
static bool is_price(struct str s, size_t i)
{
	size_t before = i && (s.p[i - 1] == ' ' || s.p[i - 1] == '\xA0') ? i - 1 : i, after = i + 1 < s.n && s.p[i + 1] == ' ' ? i + 2 : i + 1;
	bool digit = before && (unsigned char)(s.p[before - 1] - '0') < 10;
	return digit && !(after < s.n && (unsigned char)(s.p[after] - '0') < 10);
}

enum latin latin_guess(struct str s, enum latin declared)
{
	enum { ENOUGH = 20000 };
	int score[LATIN_MAPS] = {0};
	bool euro = false, c1 = false;
	size_t seen = 0;
	for (size_t i = 0; i < s.n && seen < ENOUGH; i++) {
		unsigned char c = (unsigned char)s.p[i];
		/* Lines are drawn with repeated bytes. */
		if (c < 0x80 || (i && s.p[i - 1] == s.p[i]) || (i + 1 < s.n && s.p[i + 1] == s.p[i]))
			continue;
		seen++;
		euro |= c == 0xA4 && is_price(s, i);
		c1 |= c < 0xA0;
		for (unsigned m = 0; m < LATIN_MAPS; m++)
			score[m] += weigh(m, i ? (unsigned char)s.p[i - 1] : 0, c, i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0);
	}
	score[LATIN_ISO8859_15] = euro && !c1 ? score[LATIN_CP1252] + 1 : score[LATIN_CP1252] - 1;
	if (declared < LATIN_MAPS)
		score[declared] += 2 + (int)(seen / 4);
	enum latin best = LATIN_CP1252;
	for (unsigned m = 0; m < LATIN_MAPS; m++) {
		int over = m == LATIN_ISO8859_15 ? 0 : 3 + (int)(seen / 8); /* what the rarer ones must be better by */
		bool fits = m == declared || m == LATIN_ISO8859_15 || score[m] >= 2 * (int)seen;
		if (fits && score[m] > score[best] + (m == declared ? 0 : over))
			best = m;
	}
	return best;
}
