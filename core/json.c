#include "core/json.h"

#include "core/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct json json_of(struct str s)
{
	return (struct json){.at = s.p, .end = s.p + s.n};
}

static void blanks(struct json *j)
{
	while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r'))
		j->at++;
}

static bool fail(struct json *j)
{
	j->bad = true;
	return false;
}

static bool over(struct json *j, char c)
{
	blanks(j);
	if (j->bad || j->at == j->end || *j->at != c)
		return false;
	j->at++;
	return true;
}

enum json_kind json_peek(struct json *j)
{
	blanks(j);
	if (j->bad || j->at == j->end)
		return JSON_NONE;
	switch (*j->at) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return *j->at == '-' || (*j->at >= '0' && *j->at <= '9') ? JSON_NUMBER : JSON_NONE;
	}
}

bool json_object(struct json *j)
{
	j->first = true;
	return over(j, '{') || fail(j);
}

bool json_array(struct json *j)
{
	j->first = true;
	return over(j, '[') || fail(j);
}

bool json_key(struct json *j, struct arena *a, struct str *key)
{
	if (j->bad)
		return false;
	if (over(j, '}')) {
		j->first = false;
		return false;
	}
	if (!j->first && !over(j, ','))
		return fail(j);
	j->first = false;
	if (!json_string(j, a, key))
		return false;
	return over(j, ':') || fail(j);
}

bool json_element(struct json *j)
{
	if (j->bad)
		return false;
	if (over(j, ']')) {
		j->first = false;
		return false;
	}
	if (!j->first && !over(j, ','))
		return fail(j);
	j->first = false;
	return true;
}

static int hex4(const char *p, const char *end)
{
	int v = 0;
	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* One escape at *p (after the backslash); returns its length in the input, 0 = bad. */
static size_t escape(const char *p, const char *end, uint32_t *c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (p == end)
		return 0;
	const char *at = *p ? strchr(from, *p) : NULL;
	if (at) {
		*c = (unsigned char)to[at - from];
		return 1;
	}
	int v = *p == 'u' ? hex4(p + 1, end) : -1;
	if (v < 0)
		return 0;
	*c = (uint32_t)v;
	if (v < 0xD800 || v > 0xDFFF)
		return 5;
	int low = v < 0xDC00 && end - p >= 11 && p[5] == '\\' && p[6] == 'u' ? hex4(p + 7, end) : -1;
	if (low < 0xDC00 || low > 0xDFFF) {
		*c = 0xFFFD;
		return 5;
	}
	*c = 0x10000 + ((uint32_t)(v - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
	return 11;
}

/* From p (after the quote) to the closing quote; *plain: no escape before it. NULL when there is none. */
static const char *string_end(const char *p, const char *end, bool *plain)
{
	*plain = true;
	for (;;) {
		const char *q = memchr(p, '"', (size_t)(end - p));
		if (!q)
			return NULL;
		const char *b = memchr(p, '\\', (size_t)(q - p));
		if (!b)
			return q;
		*plain = false;
		if (end - b < 2)
			return NULL;
		p = b + 2;
	}
}

static bool unescape(struct json *j, const char *p, const char *q, struct arena *a, struct str *out)
{
	char *to = arena_alloc(a, 3 * (size_t)(q - p) + 4), *o = to;
	while (p < q) {
		if (*p != '\\') {
			const char *b = memchr(p, '\\', (size_t)(q - p));
			size_t n = (size_t)((b ? b : q) - p);
			memcpy(o, p, n);
			o += n;
			p += n;
			continue;
		}
		uint32_t c;
		size_t n = escape(p + 1, q, &c);
		if (!n)
			return fail(j);
		o += utf8_put(o, c);
		p += 1 + n;
	}
	arena_shrink(a, to, (size_t)(o - to));
	*out = str_range(to, o);
	return true;
}

/* Invalid UTF-8 becomes U+FFFD, a byte at a time. */
static void mend(struct arena *a, struct str *s)
{
	if (utf8_valid(*s) == s->n)
		return;
	char *to = arena_alloc(a, 3 * s->n), *o = to;
	for (const char *p = s->p, *end = s->p + s->n; p < end;)
		o += utf8_put(o, utf8_next(&p, end));
	arena_shrink(a, to, (size_t)(o - to));
	*s = str_range(to, o);
}

bool json_string(struct json *j, struct arena *a, struct str *out)
{
	bool plain;
	if (!over(j, '"'))
		return fail(j);
	const char *p = j->at, *q = string_end(p, j->end, &plain);
	if (!q)
		return fail(j);
	if (plain)
		*out = str_range(p, q);
	else if (!unescape(j, p, q, a, out))
		return false;
	mend(a, out);
	j->at = q + 1;
	return true;
}

/* RFC 8259 section 6; returns the end of the number or NULL. */
static const char *number_end(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	if (p == end || *p < '0' || *p > '9')
		return NULL;
	if (*p == '0')
		p++;
	else
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	if (p < end && *p == '.') {
		if (++p == end || *p < '0' || *p > '9')
			return NULL;
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		if (++p < end && (*p == '+' || *p == '-'))
			p++;
		if (p == end || *p < '0' || *p > '9')
			return NULL;
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	return p;
}

bool json_number(struct json *j, double *out)
{
	char text[64];
	blanks(j);
	const char *q = j->bad ? NULL : number_end(j->at, j->end);
	if (!q || (size_t)(q - j->at) >= sizeof(text))
		return fail(j);
	memcpy(text, j->at, (size_t)(q - j->at));
	text[q - j->at] = 0;
	*out = strtod(text, NULL);
	j->at = q;
	return true;
}

bool json_u64(struct json *j, uint64_t *out)
{
	blanks(j);
	const char *q = j->bad ? NULL : number_end(j->at, j->end);
	if (!q || !str_u64(str_range(j->at, q), out))
		return fail(j);
	j->at = q;
	return true;
}

static bool word(struct json *j, struct str w)
{
	blanks(j);
	if (j->bad || !str_starts(str_range(j->at, j->end), w))
		return false;
	j->at += w.n;
	return true;
}

bool json_bool(struct json *j, bool *out)
{
	if (word(j, STR("true")))
		return *out = true;
	if (!word(j, STR("false")))
		return fail(j);
	*out = false;
	return true;
}

bool json_null(struct json *j)
{
	return word(j, STR("null")) || fail(j);
}

static bool skip_scalar(struct json *j)
{
	const char *q;
	bool plain;
	switch (json_peek(j)) {
	case JSON_STRING:
		q = string_end(j->at + 1, j->end, &plain);
		j->at = q ? q + 1 : j->at;
		return q || fail(j);
	case JSON_NUMBER:
		q = number_end(j->at, j->end);
		j->at = q ? q : j->at;
		return q || fail(j);
	case JSON_TRUE:
		return word(j, STR("true")) || fail(j);
	case JSON_FALSE:
		return word(j, STR("false")) || fail(j);
	case JSON_NULL:
		return json_null(j);
	default:
		return fail(j);
	}
}

static bool skip_value(struct json *j, int depth)
{
	enum json_kind kind = json_peek(j);
	if (kind != JSON_OBJECT && kind != JSON_ARRAY)
		return skip_scalar(j);
	if (depth == JSON_DEPTH_MAX)
		return fail(j);
	char close = kind == JSON_OBJECT ? '}' : ']';
	j->at++;
	for (bool first = true; !over(j, close); first = false) {
		if (!first && !over(j, ','))
			return fail(j);
		if (kind == JSON_OBJECT && (json_peek(j) != JSON_STRING || !skip_scalar(j) || !over(j, ':')))
			return fail(j);
		if (!skip_value(j, depth + 1))
			return false;
	}
	return true;
}

bool json_skip(struct json *j, struct str *raw)
{
	blanks(j);
	const char *from = j->at;
	if (!skip_value(j, 0))
		return false;
	if (raw)
		*raw = str_range(from, j->at);
	return true;
}

bool json_done(struct json *j)
{
	blanks(j);
	return !j->bad && j->at == j->end;
}

/* Bytes from p on that need no escape: neither control characters nor a quote or backslash. */
static size_t clean_run(const char *p, size_t n)
{
	size_t i = 0;
#ifdef __SSE2__
	const __m128i last = _mm_set1_epi8(0x1F), quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), del = _mm_set1_epi8(0x7F);
	for (; i + 16 <= n; i += 16) {
		__m128i v;
		memcpy(&v, p + i, 16);
		__m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, last), v), _mm_cmpeq_epi8(v, quote)), _mm_or_si128(_mm_cmpeq_epi8(v, slash), _mm_cmpeq_epi8(v, del)));
		unsigned m = (unsigned)_mm_movemask_epi8(hit);
		if (m)
			return i + (size_t)__builtin_ctz(m);
	}
#endif
	for (; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
			break;
	}
	return i;
}

void json_put_string(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	size_t valid = utf8_valid(s);
	buf_byte(b, '"');
	while (s.n) {
		size_t n = clean_run(s.p, valid);
		buf_add(b, s.p, n);
		s = str_from(s, n);
		valid -= n;
		if (!s.n)
			break;
		unsigned char c = (unsigned char)s.p[0];
		s = str_from(s, 1);
		if (valid) {
			valid--;
		} else {
			valid = utf8_valid(s);
			buf_add(b, "\xEF\xBF\xBD", 3);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_add(b, (char[]){'\\', (char)c}, 2);
		else if (c == '\n')
			buf_add(b, "\\n", 2);
		else if (c == '\t')
			buf_add(b, "\\t", 2);
		else if (c == '\r')
			buf_add(b, "\\r", 2);
		else
			buf_add(b, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
	}
	buf_byte(b, '"');
}

/* "%.6g" of a number that 32 bits hold, from a ten-thousandth to below a million: its bits times a power of ten are whole numbers of 64 bits,
 * so that the digits are exact and rounded as printf rounds. Its length; 0 when it is another number. */
static size_t put_short(char out[32], double v)
{
	static const double tens[] = {1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
	int e = 0, two;
	if (!(v >= 1e-4 && v < 1e6) || (double)(float)v != v)
		return 0;
	while (v >= tens[e + 1])
		e++;
	uint64_t bits = (uint64_t)(frexp(v, &two) * (1 << 24)) * powers[9 - e];
	int down = 24 - two; /* v * 10^(9 - e) = bits / 2^down */
	uint64_t digits = bits >> down, rest = bits & ((1ull << down) - 1), half = 1ull << down >> 1;
	digits += rest > half || (rest == half && (digits & 1));
	if (digits == 1000000) {
		digits = 100000;
		if (++e == 10)
			return 0;
	}
	char all[6];
	size_t n = 6, k = 0;
	for (size_t i = 6; i--; digits /= 10)
		all[i] = (char)('0' + digits % 10);
	while (n > 1 && all[n - 1] == '0')
		n--;
	for (int z = e; z < 4; z++) {
		out[k++] = '0';
		if (z == e)
			out[k++] = '.';
	}
	size_t whole = e < 4 ? 0 : (size_t)e - 3;
	for (size_t i = 0; i < n || i < whole; i++) {
		if (i == whole && whole)
			out[k++] = '.';
		out[k++] = all[i];
	}
	return k;
}

void json_put_real(struct buf *b, double v)
{
	if (!isfinite(v)) {
		buf_add(b, "null", 4);
		return;
	}
	if (v >= 0 && v < 1e6 && v == (double)(int64_t)v) {
		buf_u64(b, (uint64_t)v);
		return;
	}
	char out[32];
	size_t n = put_short(out, v);
	if (!n)
		n = (size_t)snprintf(out, sizeof(out), "%.6g", v);
	buf_add(b, out, n);
}
