#include "extract/charset.h"

#include "core/utf8.h"
#include "extract/html.h"
#include "extract/label.h"
#include "extract/latin.h"
#include "extract/mojibake.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

/* ---- what is declared ---- */

/* The value of charset= in a content attribute (WHATWG HTML 2.5.4). */
static struct str from_content(struct str s)
{
	for (;;) {
		size_t at = str_find_ci(s, STR("charset"));
		if (at == s.n)
			return (struct str){0};
		s = str_trim(str_from(s, at + 7));
		if (!s.n || s.p[0] != '=')
			continue;
		s = str_trim(str_from(s, 1));
		if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
			size_t close = str_chr(str_from(s, 1), s.p[0]);
			return close == s.n - 1 ? (struct str){0} : (struct str){s.p + 1, close};
		}
		size_t n = 0;
		while (n < s.n && s.p[n] != ';' && (unsigned char)s.p[n] > ' ')
			n++;
		return str_head(s, n);
	}
}

static const struct encoding *of_meta(const struct html_token *t)
{
	if (t->has >> HTML_CHARSET & 1)
		return label_find(t->attr[HTML_CHARSET]);
	if (!str_eq_ci(html_get(t, HTML_HTTP_EQUIV), STR("content-type")))
		return NULL;
	return label_find(from_content(html_get(t, HTML_CONTENT)));
}

static const struct encoding *from_meta(struct str bytes)
{
	struct html h;
	struct html_token t;
	html_start(&h, str_head(bytes, CHARSET_SNIFF));
	h.plain = true; /* the standard looks into scripts and titles too */
	while (html_next(&h, &t)) {
		if (t.kind != HTML_START || t.tag != TAG_META)
			continue;
		const struct encoding *e = of_meta(&t);
		/* A <meta> that can be read is in no two-byte encoding. */
		if (e)
			return str_starts(str_of(e->name), STR("utf-16")) ? label_find(STR("utf-8")) : e;
	}
	return NULL;
}

struct str charset_declared(struct str bytes)
{
	const struct encoding *e = str_starts(bytes, STR("\xEF\xBB\xBF")) ? label_find(STR("utf-8")) : from_meta(bytes);
	return e ? str_of(e->name) : (struct str){0};
}

/* ---- UTF-16 ---- */

static uint32_t unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static struct str from_utf16(struct str s, bool big, struct arena *a)
{
	const unsigned char *p = (const unsigned char *)s.p, *end = p + (s.n & ~(size_t)1);
	char *out = arena_alloc(a, s.n / 2 * 3), *o = out;
	for (; p < end; p += 2) {
		uint32_t c = unit(p, big);
		if ((c & 0xF800) == 0xD800) {
			uint32_t low = end - p >= 4 ? unit(p + 2, big) : 0;
			bool pair = c < 0xDC00 && (low & 0xFC00) == 0xDC00;
			c = pair ? 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF) : 0xFFFD;
			p += pair ? 2 : 0;
			if (!pair && end - p < 4)
				break; /* cut inside a character */
		}
		o += utf8_put(o, c);
	}
	arena_shrink(a, out, (size_t)(o - out));
	return str_range(out, o);
}

/* Without a mark: markup in UTF-16 has a zero in every other byte. 0 = no, 1 = little, 2 = big end first. */
static int looks_utf16(struct str s)
{
	size_t n = (s.n < 512 ? s.n : 512) & ~(size_t)1, zero[2] = {0, 0};
	for (size_t i = 0; i < n; i++)
		zero[i & 1] += !s.p[i];
	if (n < 8)
		return 0;
	return zero[1] * 4 > n && !zero[0] ? 1 : zero[0] * 4 > n && !zero[1] ? 2 : 0;
}

static bool utf16(struct str bytes, struct arena *a, struct charset_result *out)
{
	int which = 0;
	if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
		which = bytes.p[0] == '\xFF' ? 1 : 2;
		bytes = str_from(bytes, 2);
	} else {
		which = looks_utf16(bytes);
	}
	if (!which)
		return false;
	out->text = from_utf16(bytes, which == 2, a);
	out->name = which == 2 ? STR("utf-16be") : STR("utf-16le");
	return true;
}

/* ---- UTF-8 ---- */

/* The first bytes of a character at p that the text ends in? */
static bool is_cut(const char *p, const char *end)
{
	static const char *const rest[] = {"", "\xBF", "\xBF\xBF", "\xBF\xBF\xBF"};
	char whole[8];
	size_t n = (size_t)(end - p);
	if (n > 3 || !n)
		return false;
	memcpy(whole, p, n);
	for (unsigned k = 1; k < 4; k++) {
		memcpy(whole + n, rest[k], k);
		if (utf8_valid((struct str){whole, n + k}) == n + k)
			return true;
		whole[n] = '\x80'; /* E0 and F0 need more, ED and F4 less than BF */
		if (k > 1)
			memset(whole + n + 1, '\x80', k - 1);
		if (utf8_valid((struct str){whole, n + k}) == n + k)
			return true;
	}
	return false;
}

/* Characters of several bytes and stray bytes, as UTF-8. */
static void weigh(struct str s, size_t *good, size_t *stray, bool *cut)
{
	const char *end = s.p + s.n;
	*good = *stray = 0;
	*cut = false;
	for (const char *p = utf8_high(s.p, end); p < end; p = utf8_high(p, end)) {
		const char *from = p;
		utf8_next(&p, end);
		if (p - from > 1) {
			++*good;
		} else if (is_cut(from, end)) {
			*cut = true;
			return;
		} else {
			++*stray;
		}
	}
}

/* Valid UTF-8 as it is, every other byte as windows-1252. stray: how many those are at most. */
static struct str mend(struct str s, size_t stray, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 2 * stray + 4), *o = out;
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		size_t n = utf8_valid(str_range(p, end));
		memcpy(o, p, n);
		o += n;
		p += n;
		if (p == end || is_cut(p, end))
			break;
		o += utf8_put(o, latin_char(LATIN_CP1252, (unsigned char)*p++));
	}
	arena_shrink(a, out, (size_t)(o - out));
	return str_range(out, o);
}

/* ---- other encodings ---- */

/* Through ICU. *bad: what it could not read. false when it does not know the encoding. */
static bool convert(struct str s, const char *name, struct arena *a, struct str *out, size_t *bad)
{
	UErrorCode err = U_ZERO_ERROR;
	UConverter *from = ucnv_open(name, &err), *to = ucnv_open("UTF-8", &err);
	bool ok = U_SUCCESS(err);
	if (ok) {
		size_t room = s.n + s.n / 2 + 64, n = 0;
		char *o = arena_alloc(a, room);
		const char *p = s.p;
		UChar pivot[1024], *ps = pivot, *pt = pivot;
		for (bool first = true;; first = false) {
			char *at = o + n;
			err = U_ZERO_ERROR;
			ucnv_convertEx(to, from, &at, o + room, &p, s.p + s.n, pivot, &ps, &pt, pivot + 1024, first, true, &err);
			n = (size_t)(at - o);
			if (err != U_BUFFER_OVERFLOW_ERROR)
				break;
			o = arena_grow(a, o, room, 2 * room);
			room *= 2;
		}
		arena_shrink(a, o, n);
		*out = (struct str){o, n};
		*bad = 0;
		for (size_t i = 0; i < n; i += i < n) {
			i += str_find(str_from(*out, i), STR("\xEF\xBF\xBD"));
			*bad += i < n;
		}
		ok = (U_SUCCESS(err) || err == U_TRUNCATED_CHAR_FOUND) && utf8_valid(*out) == n;
	}
	ucnv_close(from);
	ucnv_close(to);
	return ok;
}

/* Nothing is declared, and the script is not Latin: what ICU makes of it, if it is sure enough. */
static const struct encoding *detect(struct str bytes)
{
	UErrorCode err = U_ZERO_ERROR;
	UCharsetDetector *d = ucsdet_open(&err);
	const struct encoding *e = NULL;
	bytes = str_head(bytes, CHARSET_SNIFF);
	ucsdet_setText(d, bytes.p, (int32_t)bytes.n, &err);
	ucsdet_enableInputFilter(d, true);
	const UCharsetMatch *m = ucsdet_detect(d, &err);
	if (U_SUCCESS(err) && m && ucsdet_getConfidence(m, &err) >= 40)
		e = label_find(str_of(ucsdet_getName(m, &err)));
	ucsdet_close(d);
	return e && e->kind != LABEL_UTF ? e : NULL;
}

/* Do the bytes speak against what is declared? */
static bool believed(const struct encoding *e, const struct latin_shape *k)
{
	if (e->kind == LABEL_OTHER)
		return k->inside <= 2 * k->runs || (k->high > 8 && !k->portuguese && k->inside <= 8 * k->runs);
	return !k->portuguese;
}

static void legacy(struct str bytes, struct str declared, struct arena *a, struct charset_result *out)
{
	const struct encoding *http = label_find(declared), *meta = from_meta(bytes), *e = http && http->kind != LABEL_UTF ? http : meta;
	struct latin_shape k = latin_shape(bytes);
	size_t bad;
	/* A server's default is no statement of the page. */
	if (e == http && meta && meta->kind != LABEL_UTF && e && e->kind == LABEL_WESTERN)
		e = meta;
	if (e && e->kind == LABEL_UTF)
		e = NULL;
	if (!e && k.runs > 2 * k.inside && k.runs > 16)
		e = detect(bytes);
	if (e && e->kind != LABEL_WESTERN && believed(e, &k) && convert(bytes, e->icu, a, &out->text, &bad) && bad * 20 <= k.high + 20) {
		out->name = str_of(e->name);
		return;
	}
	enum latin m = latin_guess(bytes, e && e->kind == LABEL_WESTERN ? latin_of(str_of(e->name)) : LATIN_MAPS);
	out->name = latin_name(m);
	out->text = latin_decode(bytes, m, a);
}

/* Escapes of seven bits: valid UTF-8 that is another encoding, if the page says so. */
static bool iso2022(struct str bytes, struct str declared, struct arena *a, struct charset_result *out)
{
	size_t bad;
	if (!memchr(bytes.p, 0x1B, bytes.n))
		return false;
	const struct encoding *e = label_find(declared);
	e = e ? e : from_meta(bytes);
	if (!e || !str_eq(str_of(e->name), STR("iso-2022-jp")) || !convert(bytes, e->icu, a, &out->text, &bad))
		return false;
	out->name = str_of(e->name);
	return true;
}

static void decode(struct str bytes, struct str declared, struct arena *a, struct charset_result *out)
{
	size_t good, stray;
	bool cut;
	if (utf16(bytes, a, out))
		return;
	bool mark = str_starts(bytes, STR("\xEF\xBB\xBF"));
	if (mark)
		bytes = str_from(bytes, 3);
	out->text = bytes;
	if (utf8_valid(bytes) == bytes.n) {
		if (bytes.n)
			iso2022(bytes, declared, a, out);
		return;
	}
	weigh(bytes, &good, &stray, &cut);
	if (mark || good > stray || (cut && !stray && !good)) {
		out->text = mend(bytes, stray, a);
		out->repaired = (uint32_t)stray;
		return;
	}
	legacy(bytes, declared, a, out);
}

void charset_decode(struct str bytes, struct str declared, struct arena *a, struct charset_result *out)
{
	uint32_t undone;
	*out = (struct charset_result){.text = bytes, .name = STR("utf-8")};
	if (!bytes.n)
		return;
	decode(bytes, declared, a, out);
	out->text = mojibake_undo(out->text, a, &undone);
	out->repaired += undone;
}
