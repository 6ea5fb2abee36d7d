/* Taken for a mistake is only what Portuguese has no other use for: A with tilde or circumflex before what was a continuation byte, and
 * "â€" before what makes it a quote or dash. "AMANHÃ»" stays: after a capital, a mark that may follow a word does not count unless a letter
 * follows. */
#include "extract/mojibake.h"

#include "core/utf8.h"
#include "extract/latin.h"

/* The byte that windows-1252 (or Latin-1) has for c; 0 for those below 0x80 and for others. */
static unsigned char byte_of(uint32_t c)
{
	if (c >= 0x80 && c < 0x100)
		return (unsigned char)c;
	for (unsigned b = 0x80; c >= 0x152 && b < 0xA0; b++)
		if (latin_char(LATIN_CP1252, (unsigned char)b) == c)
			return (unsigned char)b;
	return 0;
}

static bool is_continuation(unsigned char b)
{
	return (b & 0xC0) == 0x80;
}

static bool is_letter(unsigned char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* May follow a capitalised word: quotes, dashes, ordinals, the ellipsis. */
static bool is_mark(unsigned char b)
{
	return b == 0xBB || b == 0xAB || b == 0xAA || b == 0xBA || b == 0xA9 || b == 0xAE || b == 0xB4 || b == 0xB7 || b == 0xA0 || b == 0x85 || (b >= 0x91 && b <= 0x99);
}

/* The character that was encoded twice at p; *to is what follows it. 0 = none. */
static uint32_t twice(const char *from, const char *p, const char *end, const char **to)
{
	const char *at = p;
	uint32_t lead = utf8_next(&at, end);
	if (at >= end || (lead != 0xC3 && lead != 0xC2 && lead != 0xE2))
		return 0;
	unsigned char b = byte_of(utf8_next(&at, end));
	if (!is_continuation(b))
		return 0;
	*to = at;
	if (lead == 0xE2) {
		unsigned char d = at < end ? byte_of(utf8_next(&at, end)) : 0;
		*to = at;
		bool known = (b == 0x80 && d >= 0x90 && d <= 0xBA) || (b == 0x82 && d == 0xAC) || (b == 0x84 && d == 0xA2);
		return known && is_continuation(d) ? 0x2000u | (uint32_t)(b & 0x3F) << 6 | (d & 0x3F) : 0;
	}
	bool capital = p > from && p[-1] >= 'A' && p[-1] <= 'Z';
	if (capital && is_mark(b) && !(at < end && (is_letter((unsigned char)*at) || (unsigned char)*at == 0xC3)))
		return 0;
	return (lead & 0x1F) << 6 | (b & 0x3F);
}

/* The first place where it may be: C3 with 82, 83 or A2 behind it. */
static const char *candidate(const char *p, const char *end)
{
	for (; p + 1 < end && (p = memchr(p, '\xC3', (size_t)(end - p - 1))); p++)
		if (p[1] == '\x82' || p[1] == '\x83' || p[1] == '\xA2')
			return p;
	return end;
}

static struct str once(struct str s, struct arena *a, uint32_t *undone)
{
	const char *end = s.p + s.n, *from = s.p, *to;
	char *out = NULL, *o = NULL;
	for (const char *p = candidate(s.p, end); p < end; p = candidate(p, end)) {
		uint32_t c = twice(s.p, p, end, &to);
		if (!c) {
			p += 2;
			continue;
		}
		if (!out)
			o = out = arena_alloc(a, s.n);
		memcpy(o, from, (size_t)(p - from));
		o += p - from;
		o += utf8_put(o, c);
		++*undone;
		from = p = to;
	}
	if (!out)
		return s;
	memcpy(o, from, (size_t)(end - from));
	o += end - from;
	arena_shrink(a, out, (size_t)(o - out));
	return str_range(out, o);
}

struct str mojibake_undo(struct str s, struct arena *a, uint32_t *undone)
{
	*undone = 0;
	for (int i = 0; i < 3; i++) {
		uint32_t before = *undone;
		s = once(s, a, undone);
		if (*undone == before)
			break;
	}
	return s;
}
