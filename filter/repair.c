#define _GNU_SOURCE
#include "filter/repair.h"

#include "core/utf8.h"
#include "filter/garble.h"
#include "filter/tables/repair.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { ROUNDS = 8, ENTITY_MAX = 24 };

struct repair {
	struct arena *arena;
	const UNormalizer2 *nfc;
};

struct repair *repair_start(void)
{
	struct repair *r = own_zalloc(sizeof(*r));
	UErrorCode e = U_ZERO_ERROR;
	r->arena = arena_new(0);
	r->nfc = unorm2_getNFCInstance(&e);
	return r;
}

struct repair *repair_stop(struct repair *r)
{
	if (!r)
		return NULL;
	arena_free(r->arena);
	free(r);
	return NULL;
}

/* ---- is anything wrong? ---- */

static bool is_name(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool dropped(uint32_t c)
{
	return c < 9 || c == 0x0B || (c >= 0x0E && c < 0x20) || c == 0x7F || (c >= 0x206A && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC);
}

static bool is_entity(const char *p, const char *end)
{
	const char *q = p + 1 + (p + 1 < end && p[1] == '#'), *from = q;
	while (q < end && q - from <= ENTITY_MAX && is_name(*q))
		q++;
	return q > from && q < end && *q == ';';
}

/* A character that is changed wherever it stands. */
static bool mapped(uint32_t c)
{
	if (c < 0x132)
		return c >= 0x80 && c < 0xA0;
	if (c <= 0x1F3)
		return c == 0x132 || c == 0x133 || c == 0x149 || (c >= 0x1C4 && c <= 0x1CC) || c >= 0x1F1;
	if (c < 0x300 || (c >= 0x2010 && c <= 0x2027) || c == 0x20AC)
		return false;
	return c == 0x2028 || c == 0x2029 || c == 0x3000 || (c >= 0xFB00 && c <= 0xFB06) || (c >= 0xFF01 && c < 0xFFF0) || dropped(c) ||
	       u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES;
}

/* Where what is always in order ends, from p on: printable ASCII but for &, and Latin-1's small letters. No two of these side by side are
 * garbled, and none is so alone (test_repair.c asks garble_pair for all). */
static const char *plain(const char *p, const char *end)
{
#ifdef __SSE2__
	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)p), divided = _mm_set1_epi8((char)0xB7);
		__m128i odd = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)), _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('&')), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F))));
		unsigned m = (unsigned)_mm_movemask_epi8(odd);
		if (!m) {
			p += 16;
			continue;
		}
		__m128i low = _mm_andnot_si128(_mm_cmpeq_epi8(v, divided), _mm_cmpeq_epi8(_mm_and_si128(v, _mm_set1_epi8((char)0xE0)), _mm_set1_epi8((char)0xA0)));
		unsigned lead = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xC3))), follow = (unsigned)_mm_movemask_epi8(low);
		m &= ~((lead & follow >> 1) | (follow & lead << 1));
		unsigned n = m ? (unsigned)__builtin_ctz(m) : 16;
		/* A letter may begin in the last byte. */
		if (n < 15 || (n == 15 && !(lead >> 15)))
			return p + n;
		p += n;
	}
#endif
	while (p < end && *p >= 0x20 && *p != '&' && *p != 0x7F)
		p++;
	return p;
}

/* The letter of Latin-1 that ends at p; 0 when it is ASCII. */
static uint32_t letter_before(const char *p)
{
	return *--p < 0 ? 0xC0u | ((unsigned char)*p & 0x3F) : 0;
}

/* The next place from p on where something may be wrong; end when nowhere. */
static const char *suspect(const char *from, const char *end)
{
	uint32_t before = 0;
	for (const char *p = from; p < end;) {
		/* A letter behind a character that is not plain is looked at with it. */
		const char *at = before && *p < 0 ? p : plain(p, end);
		if (at > p)
			before = letter_before(at);
		p = at;
		if (p == end)
			break;
		unsigned char b = (unsigned char)*p;
		if (b < 0x80) {
			if (b == '&' ? is_entity(p, end) : b != '\n' && b != '\t' && b != '\f')
				return at;
			before = 0;
			p++;
			continue;
		}
		uint32_t c = utf8_next(&p, end);
		if (mapped(c) || (before && garble_pair(before, c)) || (garble_alone(c) && p < end && !is_name(*p) && (*p == ' ' || c > 0x100)))
			return at;
		before = c;
	}
	return end;
}

/* ---- putting it right ---- */

static int by_name(const char *a, size_t n, const char *name)
{
	size_t k = strlen(name);
	int c = memcmp(a, name, n < k ? n : k);
	return c ? c : (n > k) - (n < k);
}

static const char *entity(const char *name, size_t n)
{
	size_t lo = 0, hi = sizeof(repair_entities) / sizeof(*repair_entities);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = by_name(name, n, repair_entities[mid].name);
		if (c == 0)
			return repair_entities[mid].to;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* &#233; &#xE9; as HTML has it: C1 is windows-1252, what is no character goes. 0: stays as written; 1: *c, 2: nothing. */
static int reference(const char *p, size_t n, uint32_t *c)
{
	bool hex = n > 1 && (p[0] | 32) == 'x';
	uint64_t v = 0;
	for (size_t i = hex; i < n; i++) {
		char d = p[i];
		uint32_t x = d >= '0' && d <= '9' ? (uint32_t)(d - '0') : (d | 32) >= 'a' && (d | 32) <= 'f' && hex ? (uint32_t)((d | 32) - 'a' + 10) : 99;
		if (x == 99)
			return 0;
		v = v * (hex ? 16 : 10) + x;
		v = v > 0x110000 ? 0x110000 : v;
	}
	*c = (uint32_t)v;
	if (v == ';')
		return 0;
	if (v >= 0x80 && v < 0xA0)
		*c = garble_c1(*c);
	else if (v == 0 || (v >= 0xD800 && v < 0xE000) || v > 0x10FFFF)
		*c = 0xFFFD;
	else if ((v < 0x20 && v != '\t' && v != '\n' && v != '\f' && v != '\r') || v == 0x7F || (v >= 0xFDD0 && v <= 0xFDEF) || (v & 0xFFFE) == 0xFFFE)
		return 2;
	return 1;
}

static void add_text(struct garble_text *t, const char *s)
{
	for (const char *end = s + strlen(s); s < end;)
		t->c[t->n++] = utf8_next(&s, end);
}

static struct garble_text unescape(struct garble_text t, struct arena *a)
{
	struct garble_text out = {arena_alloc(a, (t.n + 8) * sizeof(uint32_t)), 0};
	for (uint32_t i = 0; i < t.n; i++) {
		char name[ENTITY_MAX + 2];
		uint32_t n = 0, k = i + 1, c;
		bool number = k < t.n && t.c[k] == '#';
		for (k += number; t.c[i] == '&' && k < t.n && n <= ENTITY_MAX && t.c[k] < 128 && is_name((char)t.c[k]); k++)
			name[n++] = (char)t.c[k];
		bool whole = n && n <= ENTITY_MAX && k < t.n && t.c[k] == ';';
		const char *s = whole && !number ? entity(name, n) : NULL;
		int what = whole && number ? reference(name, n, &c) : 0;
		if (s)
			add_text(&out, s);
		else if (what == 1)
			out.c[out.n++] = c;
		if (s || what)
			i = k;
		else
			out.c[out.n++] = t.c[i];
	}
	return out;
}

static const char *replacement(uint32_t c)
{
	size_t lo = 0, hi = sizeof(repair_chars) / sizeof(*repair_chars);
	if (c < 0x132)
		return NULL;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (repair_chars[mid].c == c)
			return repair_chars[mid].to;
		if (c < repair_chars[mid].c)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* Length of ESC [ digits ; letter at i. */
static uint32_t escape(struct garble_text t, uint32_t i)
{
	uint32_t k = i + 2;
	if (t.c[i] != 0x1B || i + 1 >= t.n || t.c[i + 1] != '[')
		return 0;
	while (k < t.n && ((t.c[k] >= '0' && t.c[k] <= '9') || t.c[k] == ';'))
		k++;
	return k < t.n && (t.c[k] | 32) >= 'a' && (t.c[k] | 32) <= 'z' ? k + 1 - i : 0;
}

/* One character each: C1, ligatures, width, line ends, escapes, controls. */
static struct garble_text characters(struct garble_text t, struct arena *a)
{
	struct garble_text out = {arena_alloc(a, (3 * (size_t)t.n + 8) * sizeof(uint32_t)), 0};
	for (uint32_t i = 0; i < t.n; i++) {
		uint32_t c = t.c[i] >= 0x80 && t.c[i] < 0xA0 ? garble_c1(t.c[i]) : t.c[i], esc = escape(t, i);
		const char *s = replacement(c);
		if (s) {
			add_text(&out, s);
		} else if (c == '\r' || c == 0x2028 || c == 0x2029 || c == 0x85) {
			i += c == '\r' && i + 1 < t.n && t.c[i + 1] == '\n';
			out.c[out.n++] = '\n';
		} else if (esc) {
			i += esc - 1;
		} else if (!dropped(c)) {
			out.c[out.n++] = c;
		}
	}
	return out;
}

static struct garble_text normal(const struct repair *r, struct garble_text t)
{
	UErrorCode e = U_ZERO_ERROR;
	bool odd = false;
	for (uint32_t i = 0; i < t.n; i++)
		odd |= t.c[i] >= 0x300;
	if (!odd)
		return t;
	UChar *u = arena_alloc(r->arena, (2 * (size_t)t.n + 1) * sizeof(UChar)), *v;
	int32_t n = 0;
	for (uint32_t i = 0; i < t.n; i++)
		U16_APPEND_UNSAFE(u, n, t.c[i]);
	if (unorm2_isNormalized(r->nfc, u, n, &e) || U_FAILURE(e))
		return t;
	int32_t room = 3 * n + 16;
	v = arena_alloc(r->arena, (size_t)room * sizeof(UChar));
	n = unorm2_normalize(r->nfc, u, n, v, room, &e);
	if (U_FAILURE(e))
		return t;
	struct garble_text out = {arena_alloc(r->arena, ((size_t)n + 1) * sizeof(uint32_t)), 0};
	for (int32_t i = 0; i < n;) {
		UChar32 c;
		U16_NEXT_UNSAFE(v, i, c);
		out.c[out.n++] = (uint32_t)c;
	}
	return out;
}

static bool same(struct garble_text a, struct garble_text b)
{
	return a.n == b.n && memcmp(a.c, b.c, a.n * sizeof(uint32_t)) == 0;
}

/* A line into out; did it change? */
static bool line(struct repair *r, struct str s, bool entities, struct buf *out)
{
	arena_reset(r->arena, 1 << 20);
	struct garble_text t = {arena_alloc(r->arena, (s.n + 1) * sizeof(uint32_t)), 0}, first;
	for (const char *p = s.p, *end = p + s.n; p < end;)
		t.c[t.n++] = utf8_next(&p, end);
	first = t;
	for (int i = 0; i < ROUNDS; i++) {
		struct garble_text next = entities ? unescape(t, r->arena) : t;
		next = normal(r, characters(garble_fix(next, r->arena), r->arena));
		bool done = same(next, t);
		t = next;
		if (done)
			break;
	}
	if (same(first, t)) {
		buf_str(out, s);
		return false;
	}
	for (uint32_t i = 0; i < t.n; i++)
		utf8_add(out, t.c[i]);
	return true;
}

/* The line of text around p: back to the LF before it, on behind the next. Long ones are cut in parts, between characters. */
static struct str around(struct str text, const char *from, const char *p)
{
	const char *end = text.p + text.n, *begin = memrchr(from, '\n', (size_t)(p - from));
	begin = begin ? begin + 1 : from;
	if (p - begin > REPAIR_LINE_MAX / 2)
		begin = p; /* the part before it is in order */
	const char *stop = memchr(p, '\n', (size_t)(end - p));
	stop = stop ? stop + 1 : end;
	if (stop - begin > REPAIR_LINE_MAX)
		for (stop = begin + REPAIR_LINE_MAX; ((unsigned char)*stop & 0xC0) == 0x80;)
			stop--;
	return str_range(begin, stop);
}

uint32_t repair_text(struct repair *r, struct str text, struct buf *out)
{
	const char *done = text.p, *end = text.p + text.n, *p, *markup = memchr(text.p ? text.p : "", '<', text.n);
	uint32_t changed = 0;
	buf_clear(out);
	while ((p = suspect(done, end)) < end) {
		struct str l = around(text, done, p);
		buf_add(out, done, (size_t)(l.p - done));
		changed += line(r, l, !markup || markup >= l.p + l.n, out);
		done = l.p + l.n;
	}
	if (!changed) {
		buf_clear(out);
		return 0;
	}
	buf_add(out, done, (size_t)(end - done));
	return changed;
}
