#include "extract/charset.h"

#include "core/utf8.h"

#include <unicode/ucnv.h>

/* windows-1252, 0x80 to 0x9F; the five holes map to C1 controls as in the WHATWG index. */
static const uint16_t high[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
				  0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

static uint32_t of_1252(unsigned char c)
{
	return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

/* Valid UTF-8 as it is, every other byte through `map`. */
static struct str mend(struct str s, struct arena *a, bool utf8, uint32_t *repaired)
{
	char *out = arena_alloc(a, 3 * s.n + 4), *o = out;
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		if ((unsigned char)*p < 0x80) {
			*o++ = *p++;
			continue;
		}
		if (utf8) {
			const char *at = p;
			uint32_t c = utf8_next(&at, end);
			if (c != 0xFFFD || at > p + 1) {
				memcpy(o, p, (size_t)(at - p));
				o += at - p;
				p = at;
				continue;
			}
			if (end - p < 4 && (unsigned char)*p >= 0xC2)
				break; /* cut inside a character */
			++*repaired;
		}
		o += utf8_put(o, of_1252((unsigned char)*p++));
	}
	arena_shrink(a, out, (size_t)(o - out));
	return str_range(out, o);
}

/* Multi-byte characters and stray bytes, as UTF-8. */
static void weigh(struct str s, size_t *good, size_t *stray)
{
	const char *p = s.p, *end = s.p + s.n;
	*good = *stray = 0;
	while (p < end) {
		size_t n = utf8_valid(str_range(p, end));
		for (size_t i = 0; i < n; i++)
			*good += (unsigned char)p[i] >= 0xC0;
		p += n;
		if (p < end) {
			++*stray;
			p++;
		}
	}
}

static struct str lower(struct str s, char *out, size_t room)
{
	size_t n = s.n < room - 1 ? s.n : room - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)str_lower1((unsigned char)s.p[i]);
	out[n] = 0;
	return (struct str){out, n};
}

/* The encoding name after "charset=" in the first bytes (WHATWG HTML 13.2.3.2, simplified: any charset= inside a meta tag). */
static struct str from_meta(struct str s)
{
	s = str_head(s, CHARSET_SNIFF);
	for (;;) {
		size_t at = str_find_ci(s, STR("<meta"));
		if (at == s.n)
			return (struct str){0};
		s = str_from(s, at + 5);
		struct str tag = str_head(s, str_chr(s, '>'));
		at = str_find_ci(tag, STR("charset"));
		struct str v = str_trim(str_from(tag, at + 7));
		if (at == tag.n || !v.n || v.p[0] != '=')
			continue;
		v = str_trim(str_from(v, 1));
		while (v.n && (v.p[0] == '"' || v.p[0] == '\''))
			v = str_from(v, 1);
		size_t n = 0;
		while (n < v.n && v.p[n] != '"' && v.p[n] != '\'' && v.p[n] != ' ' && v.p[n] != ';' && v.p[n] != '/')
			n++;
		return str_head(v, n);
	}
}

static bool is_latin(struct str n)
{
	static const char *const names[] = {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "windows-1252", "cp1252", "x-cp1252", "ascii", "us-ascii", "iso-8859-15", "iso8859-15", "cp819", "ibm819", "iso-ir-100", "ansi_x3.4-1968", "iso88591"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq(n, str_of(names[i])))
			return true;
	return false;
}

/* Through ICU; false when it does not know the name. */
static bool convert(struct str s, const char *name, struct arena *a, struct str *out)
{
	UErrorCode err = U_ZERO_ERROR;
	UConverter *from = ucnv_open(name, &err), *to = ucnv_open("UTF-8", &err);
	bool ok = U_SUCCESS(err);
	if (ok) {
		char *o = arena_alloc(a, 4 * s.n + 64), *at = o;
		const char *p = s.p;
		UChar pivot[1024], *ps = pivot, *pt = pivot;
		ucnv_convertEx(to, from, &at, o + 4 * s.n + 64, &p, s.p + s.n, pivot, &ps, &pt, pivot + 1024, true, true, &err);
		arena_shrink(a, o, (size_t)(at - o));
		*out = str_range(o, at);
		ok = U_SUCCESS(err) && utf8_valid(*out) == out->n;
	}
	ucnv_close(from);
	ucnv_close(to);
	return ok;
}

static bool by_mark(struct str bytes, struct arena *a, struct charset_result *out)
{
	if (str_starts(bytes, STR("\xFF\xFE")) && convert(str_from(bytes, 2), "UTF-16LE", a, &out->text)) {
		out->name = STR("utf-16le");
		return true;
	}
	if (str_starts(bytes, STR("\xFE\xFF")) && convert(str_from(bytes, 2), "UTF-16BE", a, &out->text)) {
		out->name = STR("utf-16be");
		return true;
	}
	return false;
}

void charset_decode(struct str bytes, struct str declared, struct arena *a, struct charset_result *out)
{
	char name[64];
	size_t good, stray;
	*out = (struct charset_result){.text = bytes, .name = STR("utf-8")};
	if (by_mark(bytes, a, out))
		return;
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		out->text = bytes = str_from(bytes, 3);
	if (utf8_valid(bytes) == bytes.n)
		return;
	weigh(bytes, &good, &stray);
	if (good > stray || (good && good * 2 >= stray && str_eq_ci(declared, STR("utf-8")))) {
		out->text = mend(bytes, a, true, &out->repaired);
		return;
	}
	struct str d = lower(str_trim(declared), name, sizeof(name));
	if (!d.n || str_eq(d, STR("utf-8")) || str_eq(d, STR("utf8")))
		d = lower(str_trim(from_meta(bytes)), name, sizeof(name));
	bool plain = !d.n || str_eq(d, STR("utf-8")) || str_eq(d, STR("utf8")) || is_latin(d);
	if (!plain && !str_starts(d, STR("utf-")) && convert(bytes, name, a, &out->text)) {
		out->name = arena_str(a, d);
		return;
	}
	out->name = STR("windows-1252");
	out->text = mend(bytes, a, false, &out->repaired);
}
