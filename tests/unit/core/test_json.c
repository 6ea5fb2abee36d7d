/* json and jsonl. */
#include "core/json.h"
#include "core/jsonl.h"
#include "tests/tap.h"

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

int main(void)
{
	struct arena *a = arena_new(0);
	verdicts(a);
	deep(a);
	round_trip(a);
	reals();
	arena_free(a);
	return tap_done();
}
