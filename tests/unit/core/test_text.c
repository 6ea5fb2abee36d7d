/* str, buf, arena, utf8, dates. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/doc.h"
#include "core/utf8.h"
#include "tests/tap.h"

static void strings(void)
{
	struct str rest, s = STR("a=b=c");
	tap(str_eq(str_cut(s, '=', &rest), STR("a")) && str_eq(rest, STR("b=c")), "cut at the first separator");
	tap(str_eq(str_cut(STR("abc"), '=', &rest), STR("abc")) && !rest.p, "cut without a separator leaves nothing");
	tap(str_find(STR("needle in hay"), STR("in ")) == 7, "find");
	tap(str_find(STR("abc"), STR("x")) == 3, "find nothing gives the length");
	tap(str_find_ci(STR("Content-TYPE: x"), STR("type")) == 8, "find without case");
	tap(str_eq(str_trim(STR(" \t\r\nx y\f ")), STR("x y")), "trim");
	tap(str_cmp(STR("ab"), STR("abc")) < 0 && str_cmp(STR("b"), STR("abc")) > 0 && str_cmp(STR(""), STR("")) == 0, "order");
	uint64_t v = 7;
	tap(str_u64(STR("18446744073709551615"), &v) && v == UINT64_MAX, "largest number");
	v = 7;
	tap(!str_u64(STR("18446744073709551616"), &v) && v == 7, "one more does not fit, and leaves the old value");
	tap(!str_u64(STR(""), &v) && !str_u64(STR("-1"), &v) && !str_u64(STR("1 "), &v), "not numbers");
}

static void buffers(void)
{
	struct buf b;
	buf_init(&b, 10);
	buf_add(&b, "12345", 5);
	buf_add(&b, "678901", 6);
	tap(b.full && b.n == 5, "past the ceiling nothing is added");
	buf_add(&b, "6", 1);
	tap(b.n == 5, "and full stays");
	buf_clear(&b);
	buf_add(&b, "1234567890", 10);
	tap(!b.full && b.n == 10, "exactly the ceiling fits");
	buf_free(&b);
}

static void arenas(void)
{
	struct arena *a = arena_new(64);
	char *p = arena_alloc(a, 40);
	memset(p, 'x', 40);
	char *q = arena_grow(a, p, 40, 4000);
	tap(q[0] == 'x' && q[39] == 'x', "growing keeps the bytes");
	tap(((uintptr_t)arena_alloc(a, 1) & 15) == 0, "aligned to 16");
	arena_reset(a, 1 << 20);
	tap(arena_used(a) == 0, "reset forgets");
	tap(str_eq(arena_printf(a, "%d-%s", 7, "x"), STR("7-x")), "printf");
	arena_free(a);
	a = arena_new(4096);
	arena_alloc(a, 4000);
	arena_alloc(a, 4000);
	arena_reset(a, 1 << 20);
	char *used = arena_alloc(a, 16);
	arena_reset(a, 1 << 20);
	tap(arena_alloc(a, 16) == used, "memory used last is used next");
	p = arena_alloc(a, 10000);
	memset(p, 'y', 10000);
	size_t before = arena_used(a);
	p = arena_grow(a, p, 10000, 3 << 20);
	tap(p[0] == 'y' && p[9999] == 'y' && arena_used(a) == before - 10000 + (3 << 20), "alone in its chunk it grows with the chunk");
	memset(p, 'z', 3 << 20);
	tap(arena_alloc(a, 16) != p && p[(3 << 20) - 1] == 'z', "and what comes next is elsewhere");
	arena_free(a);
}

static void utf8(void)
{
	static const struct {
		const char *name;
		struct str s;
		size_t valid;
	} cases[] = {
		{"ascii", STR("plain"), 5},
		{"two bytes", STR("\xC3\xA7"), 2},
		{"shortest form only", STR("a\xC0\xAF"), 1},
		{"three-byte overlong", STR("\xE0\x9F\xBF"), 0},
		{"surrogate", STR("x\xED\xA0\x80"), 1},
		{"highest", STR("\xF4\x8F\xBF\xBF"), 4},
		{"above the highest", STR("\xF4\x90\x80\x80"), 0},
		{"cut", STR("ab\xE2\x82"), 2},
		{"stray continuation", STR("\x80"), 0},
		{"fault behind a long ascii run", STR("0123456789012345678901234567890123456789\xFF"), 40},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		tap(utf8_valid(cases[i].s) == cases[i].valid, "utf8: %s", cases[i].name);
	int wrong = 0;
	for (uint32_t c = 0; c < 0x110000; c++) {
		char out[4];
		if (c >= 0xD800 && c < 0xE000)
			continue;
		size_t n = utf8_put(out, c);
		const char *at = out;
		wrong += utf8_next(&at, out + n) != c || at != out + n || utf8_valid((struct str){out, n}) != n;
	}
	tap(wrong == 0, "every scalar value there and back");
	tap(utf8_count(STR("ação")) == 4, "count characters");
}

/* Bytes that are hard to get right, in any order, around the edges of 32-byte blocks. */
static void utf8_kernels(void)
{
	static const unsigned char hard[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
	static const char *const whole[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xE0\xA0\x80", "\xF0\x90\x80\x80"};
	uint64_t dice = 7;
	unsigned wrong = 0, valid = 0;
	for (int round = 0; round < 60000; round++) {
		char text[200];
		size_t n = 0, most = 64 + (size_t)round % 130;
		while (n < most) {
			dice = dice * 6364136223846793005u + 1442695040888963407u;
			unsigned r = (unsigned)(dice >> 33);
			const char *w = whole[r / 16 % 9];
			if (r % 512 < (unsigned)round % 4) /* some rounds have faults, some none */
				text[n++] = (char)hard[r / 512 % sizeof(hard)];
			else if (n + strlen(w) <= sizeof(text))
				n = (size_t)(stpcpy(text + n, w) - text);
			else
				break;
		}
		n = n < most ? n : most; /* cut anywhere */
		char *exact = own_alloc(n);
		memcpy(exact, text, n);
		size_t a = utf8_valid((struct str){exact, n}), b = utf8_valid_plain((struct str){exact, n});
		wrong += a != b || utf8_high(exact, exact + n) != utf8_high_plain(exact, exact + n);
		valid += b == n;
		free(exact);
	}
	for (unsigned i = 0; i < sizeof(hard) * sizeof(hard) * sizeof(hard); i++)
		for (unsigned at = 28; at < 34; at++) {
			char text[96];
			memset(text, 'x', sizeof(text));
			text[at] = (char)hard[i % sizeof(hard)];
			text[at + 1] = (char)hard[i / sizeof(hard) % sizeof(hard)];
			text[at + 2] = (char)hard[i / sizeof(hard) / sizeof(hard)];
			text[at + 3] = i % 2 ? '\x80' : 'y';
			wrong += utf8_valid((struct str){text, sizeof(text)}) != utf8_valid_plain((struct str){text, sizeof(text)});
		}
	tap(wrong == 0 && valid > 1000 && valid < 59000, "32 bytes at a time find what one at a time finds (%u of them valid)", valid);
}

static void dates(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"2004-02-29T12:34:56Z", "2004-02-29T12:34:56Z"}, {"20040229123456", "2004-02-29T12:34:56Z"},
		{"1996", "1996-01-01T00:00:00Z"},		 {"199610", "1996-10-01T00:00:00Z"},
		{"2004-02-29", "2004-02-29T00:00:00Z"},		 {"2004-02-29T12:34:56+01:00", "2004-02-29T11:34:56Z"},
		{"2004-02-29T12:34:56.789Z", "2004-02-29T12:34:56Z"}, {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
		{"2004-13-01", ""},				 {"2004-02-31T00:00:00Z", ""},
		{"no date", ""},				 {"", ""},
		{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"}, {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
	};
	char out[24];
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		tap(strcmp(doc_date_print(doc_date_parse(str_of(cases[i].in)), out), cases[i].out) == 0, "date '%s' (got '%s')", cases[i].in, out);
	int wrong = 0;
	for (int64_t t = -62167219200; t < 253402300799; t += 86399 * 37)
		wrong += doc_date_parse(str_of(doc_date_print(t, out))) != t;
	tap(wrong == 0, "dates there and back from year 0 to 9999");
}

int main(void)
{
	strings();
	buffers();
	arenas();
	utf8();
	utf8_kernels();
	dates();
	return tap_done();
}
