/* json and jsonl. */
#include "core/json.h"
#include "core/jsonl.h"
#include "core/utf8.h"
#include "tests/tap.h"

#include <math.h>

static struct str print(const struct doc *d, struct buf *b)
{
	buf_clear(b);
	jsonl_print(d, b);
	return buf_view(b);
}

static void verdicts(struct arena *a)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{"{}", true}, {"{\"id\":\"x\"}", true}, {" { \"id\" : \"x\" , \"y\":[1,2,{\"z\":null}]} ", true}, {"{\"id\":\"x\",}", false},
		{"{\"id\"}", false}, {"{\"id\":01}", false}, {"{\"x\":1e5}", true}, {"{\"x\":1.}", false}, {"{\"x\":-}", false}, {"[]", false},
		{"{\"id\":\"x\"", false}, {"{\"id\":\"x\\q\"}", false}, {"{\"id\":\"\\ud83d\\ude00\"}", true}, {"{\"x\":tru}", false},
		{"{\"http_status\":200}", true}, {"{\"http_status\":\"200\"}", false}, {"{\"text\":null}", true}, {"{} x", false}, {"", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doc d;
		doc_init(&d);
		tap((jsonl_parse(&d, str_of(cases[i].text), a, false, NULL) == 0) == cases[i].good, "%s", cases[i].text);
	}
}

static void deep(struct arena *a)
{
	struct doc d;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_z(&b, "{\"x\":");
	for (int i = 0; i < 100000; i++)
		buf_byte(&b, '[');
	doc_init(&d);
	tap(jsonl_parse(&d, buf_view(&b), a, false, NULL) < 0, "100,000 open brackets are refused");
	buf_free(&b);
}

static void round_trip(struct arena *a)
{
	static const char line[] = "{\"id\":\"a\",\"text\":\"tab\\t quote\\\" line\\nação \xF0\x9F\x98\x80\",\"date\":\"2004-02-29T12:00:00Z\","
				   "\"language_score\":0.25,\"file_path\":\"f.arc\",\"file_offset\":123456789012,\"http_status\":200,"
				   "\"signals\":{\"a\":1,\"b\":0.5,\"c\":null},\"mine\":{\"k\":[1,2]},\"other\":\"x\"}\n";
	struct doc d;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	doc_init(&d);
	tap(jsonl_parse(&d, str_of(line), a, false, NULL) == 0, "a full line parses");
	tap(str_eq(print(&d, &b), str_of(line)), "and prints as it was, unknown fields too");
	tap(str_eq(d.text, STR("tab\t quote\" line\nação \xF0\x9F\x98\x80")), "escapes are undone");
	tap(doc_signal_get(&d, "b") == 0.5f && isnan(doc_signal_get(&d, "c")) && isnan(doc_signal_get(&d, "none")), "signals");
	doc_init(&d);
	jsonl_parse(&d, STR("{\"text\":\"\\ud800x\\udc00\",\"drop\":\"filter.x\"}"), a, false, NULL);
	tap(str_eq(d.text, STR("\xEF\xBF\xBDx\xEF\xBF\xBD")), "lone surrogates become U+FFFD");
	tap(!d.drop, "a reason in the input is not believed");
	doc_init(&d);
	jsonl_parse(&d, STR("{\"text\":\"\xFFok\",\"drop\":\"filter.x\"}"), a, true, NULL);
	tap(str_eq(d.text, STR("\xEF\xBF\xBDok")), "invalid UTF-8 becomes U+FFFD");
	tap(d.drop && strcmp(d.drop->name, "filter.x") == 0, "unless asked for");
	d.text = STR("\x01\x7F\xC3");
	d.drop = NULL;
	tap(str_eq(print(&d, &b), STR("{\"text\":\"\\u0001\\u007f\xEF\xBF\xBD\"}\n")), "control characters are escaped");
	buf_free(&b);
}

static void reals(void)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0"}, {1, "1"}, {0.5, "0.5"}, {1.0 / 3, "0.333333"}, {1e-7, "1e-07"}, {123456789, "1.23457e+08"}, {-2, "-2"}, {NAN, "null"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b;
		buf_init(&b, 64);
		json_put_real(&b, cases[i].v);
		tap(str_eq(buf_view(&b), str_of(cases[i].text)), "%s", cases[i].text);
		buf_free(&b);
	}
}

/* The fast form of reals against printf: all exponents of 32 bits, and what lies around ties and powers of ten. */
static void reals_as_printf(void)
{
	uint64_t dice = 11;
	unsigned wrong = 0;
	struct buf b;
	buf_init(&b, 64);
	for (unsigned round = 0; round < 400000; round++) {
		dice = dice * 6364136223846793005u + 1442695040888963407u;
		uint32_t bits = (uint32_t)(dice >> 32);
		float f;
		memcpy(&f, &bits, 4);
		if (round % 2)
			f = (float)(bits % 2000001) / (float[]){1, 2, 4, 10, 64, 1000, 1024, 65536, 1e6f, 1e9f}[dice >> 20 & 7];
		double v = round % 32 == 5 ? (double)f * 1.0000000001 : (double)f;
		if (!isfinite(v))
			continue;
		char want[40];
		snprintf(want, sizeof(want), v >= 0 && v < 1e6 && v == floor(v) ? "%.0f" : "%.6g", v);
		buf_clear(&b);
		json_put_real(&b, v);
		bool same = str_eq(buf_view(&b), str_of(want)) || (v == 0 && str_eq(buf_view(&b), STR("0")));
		if (!same && !wrong++)
			printf("# %s, not %.*s\n", want, STR_ARG(buf_view(&b)));
	}
	buf_free(&b);
	tap(wrong == 0, "reals as printf has them");
}

/* Any bytes, printed and read again: the same, but for what is not UTF-8. */
static void strings(struct arena *a)
{
	static const char *const parts[] = {"a", "\"", "\\", "\n", "\x01", "\x7F", "\xC3\xA7", "\xE2\x82\xAC", "\xFF", "\xC3", "bcdefghijklmnopqrst", "\xEF\xBF\xBD", "\x1F ", "\t\r"};
	uint64_t dice = 5;
	unsigned wrong = 0;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (unsigned round = 0; round < 40000; round++) {
		char text[256], want[800];
		size_t n = 0, m = 0, most = round % 150;
		while (n < most) {
			dice = dice * 6364136223846793005u + 1442695040888963407u;
			const char *part = parts[(dice >> 33) % (round % 3 ? 8 : sizeof(parts) / sizeof(*parts))];
			n = (size_t)(stpcpy(text + n, part) - text);
		}
		char *exact = malloc(n + 1);
		memcpy(exact, text, n);
		for (const char *p = exact; p < exact + n;)
			m += utf8_put(want + m, utf8_next(&p, exact + n));
		buf_clear(&b);
		json_put_string(&b, (struct str){exact, n});
		bool plain = true;
		for (size_t i = 0; i < b.n; i++)
			plain &= (unsigned char)b.p[i] >= 0x20 && b.p[i] != 0x7F;
		struct json j = json_of(buf_view(&b));
		struct str back;
		wrong += !json_string(&j, a, &back) || !json_done(&j) || !plain || !str_eq(back, (struct str){want, m});
		free(exact);
		arena_reset(a, 1 << 20);
	}
	buf_free(&b);
	tap(wrong == 0, "strings there and back, stray bytes as U+FFFD");
}

int main(void)
{
	struct arena *a = arena_new(0);
	verdicts(a);
	deep(a);
	round_trip(a);
	reals();
	reals_as_printf();
	strings(a);
	arena_free(a);
	return tap_done();
}
