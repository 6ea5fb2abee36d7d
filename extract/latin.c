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
	const uint64_t ones = 0x0101010101010101u;
	size_t n = 0, i = 0;
	while (s.n - i >= 8) {
		uint64_t sum = 0;
		for (int k = 0; k < 255 && s.n - i >= 8; k++, i += 8) {
			uint64_t w;
			memcpy(&w, s.p + i, 8);
			sum += w >> 7 & ones;
		}
		for (; sum; sum >>= 8)
			n += sum & 0xFF;
	}
	for (; i < s.n; i++)
		n += (unsigned char)s.p[i] >> 7;
	return n;
}

struct str latin_decode(struct str s, enum latin m, struct arena *a)
{
	enum { SLACK = 16 };
	size_t room = s.n + 2 * count_high(s) + SLACK;
	char *out = arena_alloc(a, room), *o = out;
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		/* 16 bytes are copied, and those that count are kept. */
		if (end - p >= 16) {
			size_t n = (size_t)(utf8_high(p, p + 16) - p);
			memcpy(o, p, 16);
			o += n;
			p += n;
			if (n == 16)
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

/* windows-1252's bytes for what Portuguese uses, less 0x80: letters, ordinals, quotes, dashes, the no-break space. */
static const bool portuguese[128] = {
	[0x61] = true, [0x60] = true, [0x62] = true, [0x63] = true, [0x67] = true, [0x69] = true, [0x6A] = true, [0x6D] = true, [0x73] = true, [0x74] = true, [0x75] = true,
	[0x7A] = true, [0x7C] = true, [0x41] = true, [0x40] = true, [0x42] = true, [0x43] = true, [0x47] = true, [0x49] = true, [0x4A] = true, [0x4D] = true, [0x53] = true,
	[0x54] = true, [0x55] = true, [0x5A] = true, [0x3A] = true, [0x2A] = true, [0x2B] = true, [0x3B] = true, [0x20] = true, [0x00] = true, [0x05] = true, [0x11] = true,
	[0x12] = true, [0x13] = true, [0x14] = true, [0x15] = true, [0x16] = true, [0x17] = true, [0x27] = true, [0x29] = true, [0x2E] = true, [0x30] = true, [0x34] = true,
	[0x37] = true, [0x68] = true};

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
	while ((p = (const unsigned char *)utf8_high((const char *)p, (const char *)end)) < end) {
		const unsigned char *from = p;
		for (; p < end && *p >= 0x80; p++) {
			fitting += portuguese[*p - 0x80];
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
	bool pt = portuguese[c - 0x80];
	return c < 0xDF ? (pt ? CAPITAL_PT : CAPITAL) : (pt ? SMALL_PT : SMALL);
}

/* What stands beside a byte: nothing that matters, a small letter, a capital. Behind it, the small letters that tell apart. */
enum beside { NEITHER, SMALL_LETTER, LETTER_E, LETTER_O_S, CAPITAL_LETTER, BESIDES };

static enum kind kinds[LATIN_MAPS][128];
static enum beside besides[LATIN_MAPS][256];

__attribute__((constructor)) static void fill_kinds(void)
{
	for (unsigned m = 0; m < LATIN_MAPS; m++)
		for (unsigned c = 0; c < 256; c++) {
			enum kind k = c < 0x80 ? CONTROL : kind_of(maps[m][c - 0x80]);
			if (c >= 0x80)
				kinds[m][c - 0x80] = k;
			bool small = (c >= 'a' && c <= 'z') || k == SMALL || k == SMALL_PT, capital = (c >= 'A' && c <= 'Z') || k == CAPITAL || k == CAPITAL_PT;
			besides[m][c] = c == 'e' ? LETTER_E : c == 'o' || c == 's' ? LETTER_O_S : small ? SMALL_LETTER : capital ? CAPITAL_LETTER : NEITHER;
		}
}

static int weigh(enum latin m, enum beside before, unsigned char c, enum beside after)
{
	uint32_t u = maps[m][c - 0x80];
	bool capital_before = before == CAPITAL_LETTER, small_before = before != NEITHER && !capital_before;
	bool capital_after = after == CAPITAL_LETTER, small_after = after != NEITHER && !capital_after;
	bool word = before != NEITHER || after != NEITHER, within = before != NEITHER && after != NEITHER;
	switch (kinds[m][c - 0x80]) {
	case SMALL:
		return capital_before && capital_after ? -6 : word ? 1 : -1;
	case SMALL_PT:
		if (capital_before && capital_after)
			return -6;
		if ((u == 0xE3 && after == LETTER_O_S) || (u == 0xF5 && after == LETTER_E) || (u == 0xE7 && small_after))
			return 8;
		return word ? 4 : 2;
	case CAPITAL:
		return small_before ? -6 : word ? 1 : -1;
	case CAPITAL_PT:
		return small_before ? -6 : word ? 3 : 1;
	case MARK:
		return within ? -4 : word ? 2 : 1;
	case APOSTROPHE:
		return small_before ? 4 : 1;
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
	/* How often each byte stands between ASCII of these kinds, which are the same in every encoding. */
	uint16_t between[128][BESIDES][BESIDES] = {0};
	bool euro = false, c1 = false;
	size_t seen = 0;
	const char *end = s.p + s.n;
	for (const char *p = utf8_high(s.p, end); p < end && seen < ENOUGH; p = utf8_high(p + 1, end)) {
		unsigned char c = (unsigned char)*p, before = p > s.p ? (unsigned char)p[-1] : 0, after = p + 1 < end ? (unsigned char)p[1] : 0;
		/* Lines are drawn with repeated bytes. */
		if (before == c || after == c)
			continue;
		seen++;
		euro |= c == 0xA4 && is_price(s, (size_t)(p - s.p));
		c1 |= c < 0xA0;
		if ((before | after) < 0x80)
			between[c - 0x80][besides[0][before]][besides[0][after]]++;
		else
			for (unsigned m = 0; m < LATIN_MAPS; m++)
				score[m] += weigh(m, besides[m][before], c, besides[m][after]);
	}
	for (unsigned c = 0; c < 128; c++)
		for (unsigned k = 0; k < BESIDES * BESIDES; k++)
			if (between[c][k / BESIDES][k % BESIDES])
				for (unsigned m = 0; m < LATIN_MAPS; m++)
					score[m] += between[c][k / BESIDES][k % BESIDES] * weigh(m, k / BESIDES, (unsigned char)(c + 0x80), k % BESIDES);
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
