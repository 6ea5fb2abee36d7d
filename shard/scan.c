#include "shard/scan.h"

#include "shard/charclass.h"

#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define ENDING "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define UPPERS "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define LOWERS "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define LEAD "[^\\r\\n\\p{L}\\p{N}]?"

enum scan scan_known(struct str regex)
{
	static const struct {
		const char *regex;
		enum scan is;
	} known[] = {
		{"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", SCAN_GPT2},
		{"'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", SCAN_GPT2},
		{CONTRACTIONS "|" LEAD "\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" ENDING, SCAN_CL100K},
		{CONTRACTIONS "|" LEAD "\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" ENDING, SCAN_QWEN2},
		{CONTRACTIONS "|" LEAD "[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*" ENDING, SCAN_QWEN35},
		{LEAD UPPERS "*" LOWERS "+" CONTRACTIONS "?|" LEAD UPPERS "+" LOWERS "*" CONTRACTIONS "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" ENDING, SCAN_O200K},
		{LEAD UPPERS "*" LOWERS "+|" LEAD UPPERS "+" LOWERS "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" ENDING, SCAN_TEKKEN},
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_eq(regex, str_of(known[i].regex)))
			return known[i].is;
	return SCAN_NONE;
}

/* Past the characters of a set of classes. */
static inline const char *over(const char *p, const char *end, uint8_t set)
{
	size_t n;
	for (;;) {
		while (p < end && (unsigned char)*p < 0x80) {
			if (!(charclass_low[(unsigned char)*p] & set))
				return p;
			p++;
		}
		if (p >= end || !(charclass_at(p, end, &n) & set))
			return p;
		p += n;
	}
}

static const char *lines(const char *p, const char *end, bool slash)
{
	while (p < end && (*p == '\r' || *p == '\n' || (slash && *p == '/')))
		p++;
	return p;
}

/* 's 't 're 've 'm 'll 'd: length, or 0. */
static size_t contraction(const char *p, const char *end, bool any_case)
{
	if (end - p < 2 || p[0] != '\'')
		return 0;
	unsigned char a = (unsigned char)p[1], b = end - p > 2 ? (unsigned char)p[2] : 0;
	/* Under (?i) U+017F (long s) is an s. */
	if (any_case && a == 0xC5 && b == 0xBF)
		return 3;
	if (any_case) {
		a = str_lower1(a);
		b = str_lower1(b);
	}
	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return 2;
	return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
}

/* \s+(?!\S)|\s+ from p, where white space is, to `to`, its end: all of it at the end of the text; else all but the last, which joins what
 * follows; the only one alone. */
static const char *white(const char *p, const char *to, const char *end)
{
	if (to == end)
		return to;
	const char *last = to - 1;
	while ((*last & 0xC0) == 0x80)
		last--;
	return last == p ? to : last;
}

static const char *gpt2(const char *p, const char *end)
{
	size_t n = contraction(p, end, false), m;
	if (n)
		return p + n;
	uint8_t class = charclass_at(p, end, &n);
	const char *q = p;
	if (*p == ' ' && p + 1 < end) {
		uint8_t next = charclass_at(p + 1, end, &m);
		if (next != CHAR_SPACE) {
			class = next;
			q = p + 1;
		}
	}
	if (class & CHAR_L)
		return over(q, end, CHAR_L);
	if (class == CHAR_SPACE)
		return white(p, over(p, end, CHAR_SPACE), end);
	return over(q, end, class == CHAR_NUMBER ? CHAR_NUMBER : CHAR_OTHER | CHAR_MARK);
}

/* What CL100K and O200K have in common, from numbers on. others: the set that [^\s\p{L}\p{N}] stands for. */
static const char *rest(const char *p, const char *end, uint8_t class, unsigned digits, uint8_t others, bool slash)
{
	size_t n;
	const char *q = p;
	if (class == CHAR_NUMBER) {
		while (digits-- && q < end && charclass_at(q, end, &n) == CHAR_NUMBER)
			q += n;
		return q;
	}
	if (*p == ' ' && p + 1 < end && charclass_at(p + 1, end, &n) & others)
		q++;
	else if (!(class & others)) {
		if (!(class & CHAR_SPACE)) {
			/* Of no alternative (a mark where marks are letters, behind nothing): cannot happen, but never stand still. */
			charclass_at(p, end, &n);
			return p + n;
		}
		/* \s*[\r\n]+ goes to the last line end of the white space. */
		const char *to = over(p, end, CHAR_SPACE), *line = to;
		while (line > p && line[-1] != '\r' && line[-1] != '\n')
			line--;
		return line > p ? line : white(p, to, end);
	}
	return lines(over(q, end, others), end, slash);
}

static const char *cl100k(const char *p, const char *end, unsigned digits, uint8_t letters)
{
	size_t n = contraction(p, end, true), m;
	if (n)
		return p + n;
	uint8_t class = charclass_at(p, end, &n);
	if (class & letters && class & CHAR_L)
		return over(p + n, end, letters);
	/* LEAD: anything but a letter, a number or a line end, when letters follow. */
	if (class != CHAR_NUMBER && *p != '\r' && *p != '\n' && p + n < end && charclass_at(p + n, end, &m) & letters)
		return over(p + n + m, end, letters);
	if (class & letters)
		return over(p + n, end, letters);
	return rest(p, end, class, digits, (CHAR_OTHER | CHAR_MARK) & ~letters, false);
}

enum { U = CHAR_UPPER | CHAR_LETTER | CHAR_MARK, W = CHAR_LOWER | CHAR_LETTER | CHAR_MARK };

/* U*W+ from p, with what backtracking finds; NULL when it does not match. */
static const char *cased(const char *p, const char *end)
{
	size_t n;
	const char *u = over(p, end, U), *w = over(u, end, W);
	if (w > u)
		return w;
	/* No lower case behind the run: it ends behind its last character that is of both sets. */
	while (u > p) {
		const char *q = u - 1;
		while ((*q & 0xC0) == 0x80)
			q--;
		if (charclass_at(q, end, &n) & W)
			return u;
		u = q;
	}
	return NULL;
}

static const char *o200k(const char *p, const char *end, unsigned digits, bool contractions)
{
	size_t n;
	uint8_t class = charclass_at(p, end, &n);
	const char *to = NULL, *from = p;
	if (!(class & (CHAR_L | CHAR_NUMBER)) && *p != '\r' && *p != '\n')
		from = p + n;
	to = cased(from, end);
	if (!to && from > p)
		to = cased(p, end);
	if (!to) {
		const char *u = over(from, end, U);
		to = u > from ? u : NULL;
	}
	if (to)
		return contractions ? to + contraction(to, end, true) : to;
	return rest(p, end, class, digits, CHAR_OTHER | CHAR_MARK, true);
}

const char *scan_next(enum scan kind, const char *p, const char *end)
{
	switch (kind) {
	case SCAN_GPT2:
		return gpt2(p, end);
	case SCAN_CL100K:
		return cl100k(p, end, 3, CHAR_L);
	case SCAN_QWEN2:
		return cl100k(p, end, 1, CHAR_L);
	case SCAN_QWEN35:
		return cl100k(p, end, 1, CHAR_L | CHAR_MARK);
	case SCAN_O200K:
		return o200k(p, end, 3, true);
	case SCAN_TEKKEN:
		return o200k(p, end, 1, false);
	default:
		return end;
	}
}
