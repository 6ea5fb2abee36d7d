#include "extract/entity.h"

#include "core/utf8.h"

#include <libxml/HTMLparser.h>

static const uint16_t c1[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
				0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

/* What a reader does not see: returns 0 to leave it out, ' ' for odd spaces, c otherwise. */
static uint32_t visible(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r' ? ' ' : 0;
	if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x1680)
		return ' ';
	if (c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF)
		return 0;
	if (c == 0x2028 || c == 0x2029)
		return ' ';
	return c;
}

static void put(struct buf *out, uint32_t c)
{
	c = visible(c);
	if (c)
		utf8_add(out, c);
}

/* "#123;" or "#x1F;" behind the ampersand: bytes used, 0 = none. */
static size_t numeric(struct str s, uint32_t *c)
{
	size_t i = 1, digits = 0;
	bool hex = s.n > 1 && (s.p[1] == 'x' || s.p[1] == 'X');
	uint64_t v = 0;
	i += hex;
	for (; i < s.n; i++, digits++) {
		char d = s.p[i];
		int n = d >= '0' && d <= '9' ? d - '0' : hex && d >= 'a' && d <= 'f' ? d - 'a' + 10 : hex && d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;
		if (n < 0)
			break;
		if (v < 0x1000000)
			v = v * (hex ? 16 : 10) + (uint64_t)n;
	}
	if (!digits)
		return 0;
	i += i < s.n && s.p[i] == ';';
	if (v >= 0x80 && v < 0xA0)
		v = c1[v - 0x80];
	*c = v == 0 || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000) ? 0xFFFD : (uint32_t)v;
	return i;
}

static size_t named(struct str s, uint32_t *c)
{
	char name[12];
	size_t n = 0;
	while (n < s.n && n < sizeof(name) - 1 && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') || (s.p[n] >= '0' && s.p[n] <= '9'))) {
		name[n] = s.p[n];
		n++;
	}
	/* Without its semicolon the longest name that is known counts, among those of Latin-1 (HTML 4 legacy). */
	for (size_t k = n; k >= 2; k--) {
		name[k] = 0;
		if (k == n && k == 4 && strcmp(name, "apos") == 0) {
			*c = '\'';
			return k + (k < s.n && s.p[k] == ';');
		}
		const htmlEntityDesc *d = htmlEntityLookup((const xmlChar *)name);
		bool semicolon = k == n && k < s.n && s.p[k] == ';';
		if (d && (semicolon || d->value < 256)) {
			*c = d->value;
			return k + semicolon;
		}
	}
	return 0;
}

void entity_add(struct buf *out, struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		unsigned char b = (unsigned char)*p;
		if (b == '&') {
			uint32_t c = 0;
			struct str rest = str_range(p + 1, end);
			size_t used = rest.n && rest.p[0] == '#' ? numeric(rest, &c) : named(rest, &c);
			put(out, used ? c : '&');
			p += 1 + used;
		} else if (b < 0x80) {
			const char *from = p;
			while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F && *p != '&')
				p++;
			if (p > from)
				buf_add(out, from, (size_t)(p - from));
			else
				put(out, (unsigned char)*p++);
		} else if (b == 0xC2 || b == 0xE1 || b == 0xE2 || b == 0xE3 || b == 0xEF) {
			put(out, utf8_next(&p, end));
		} else {
			const char *from = p;
			while (p < end && (unsigned char)*p >= 0x80 && (unsigned char)*p != 0xC2 && (unsigned char)*p != 0xE1 && (unsigned char)*p != 0xE2 && (unsigned char)*p != 0xE3 && (unsigned char)*p != 0xEF)
				p++;
			buf_add(out, from, (size_t)(p - from));
		}
	}
}
