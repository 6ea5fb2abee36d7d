#include "shard/charsmap.h"
#include "shard/cluster.h"
#include "shard/encode.h"
#include "shard/spnorm.h"
#include "tests/tap.h"
#include "tests/unit/shard/tiny.h"

#define PIECES "[[\"<unk>\",0.0],[\"a\",-1.0],[\"b\",-1.0],[\"ab\",-1.5],[\"abc\",-9.0],[\"\u2581a\",-2.0],[\"\u2581\",-3.0]]"
#define TINY(rest) "{\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"always\",\"split\":true},\"model\":{\"type\":\"Unigram\"," rest ",\"vocab\":" PIECES "}}"

static const struct {
	const char *json, *text, *ids; /* ids NULL = an error */
} cases[] = {
	{TINY("\"unk_id\":0"), "ab", "5 2"},	 /* -3, while U+2581 and ab have -4.5 */
	{TINY("\"unk_id\":0"), "a", "5"},
	{TINY("\"unk_id\":0"), "xyz", "6 0"},	 /* unknown ones are one */
	{TINY("\"unk_id\":0"), "<unk>xa", "6 0 1"},
	{TINY("\"unk_id\":null"), "ab", "5 2"},
	{TINY("\"unk_id\":null"), "x", NULL},
};

static void check_encode(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err e = {0};
		struct vocab *v;
		struct bpe_ids ids = {0};
		char got[256] = "";
		if (tiny_open(&v, cases[i].json, &e)) {
			tap(false, "%s", e.msg);
			continue;
		}
		struct encode *x = encode_start(v);
		int rc = encode_text(x, str_of(cases[i].text), true, &ids, &e);
		for (size_t k = 0, at = 0; k < ids.n; k++)
			at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%u", k ? " " : "", ids.v[k]);
		tap(cases[i].ids ? !rc && strcmp(got, cases[i].ids) == 0 : rc < 0, "'%s' is %s%s", cases[i].text, rc ? e.msg : "", rc ? "" : got);
		free(ids.v);
		encode_stop(x);
		vocab_free(v);
	}
}

static void check_refused(void)
{
	static const struct {
		const char *json, *message;
	} bad[] = {
		{"{\"model\":{\"type\":\"Unigram\",\"vocab\":{\"a\":0}}}", "a vocabulary of this form"},
		{"{\"model\":{\"type\":\"Unigram\",\"unk_id\":9,\"vocab\":[[\"a\",0]]}}", "an unk_id above"},
		{"{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"},\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}}", "a precompiled_charsmap"},
		{"{\"pre_tokenizer\":{\"type\":\"FixedLength\",\"length\":0},\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}}", "a length of 0"},
		{"{\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"x\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"special_tokens\":{}},"
		 "\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}}", "a template with a token"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = {0};
		struct vocab *v;
		int rc = tiny_open(&v, bad[i].json, &e);
		tap(rc < 0 && strstr(e.msg, bad[i].message), "refused: %s", rc ? e.msg : "it opens");
		if (!rc)
			vocab_free(v);
	}
}

static void check_clusters(void)
{
	static const struct {
		const char *text;
		size_t n;
	} clusters[] = {{"ab", 1}, {"\r\n", 2}, {"\r\r", 1}, {"a\u0301b", 3}, {"e\u0301\u0327x", 5}, {"\u1100\u1161\u11A8", 9}, {"\U0001F1F5\U0001F1F9\U0001F1F5", 8}, {"\U0001F468\u200D\U0001F469x", 11}, {"\u0600a", 3}, {"\n\u0301", 1}};
	for (size_t i = 0; i < sizeof(clusters) / sizeof(*clusters); i++) {
		const char *t = clusters[i].text;
		size_t n = (size_t)(cluster_end(t, t + strlen(t)) - t);
		tap(n == clusters[i].n, "cluster %zu has %zu bytes", i, n);
	}
}

static void check_spaces(void)
{
	static const struct {
		struct spnorm how;
		const char *text, *want;
	} texts[] = {
		{{.prefix = true, .extra_spaces = true, .escape = true}, "  a  b ", "\u2581a\u2581b"},
		{{.prefix = true, .extra_spaces = true, .escape = true}, "   ", ""},
		{{.prefix = true, .escape = true}, " a  ", "\u2581\u2581a\u2581\u2581"},
		{{.prefix = true, .suffix = true, .escape = true}, "a b", "a\u2581b\u2581"},
		{{.prefix = true}, "a b", " a b"},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf b;
		buf_init(&b, BUF_NO_MAX);
		spnorm_text(&texts[i].how, str_of(texts[i].text), &b);
		tap(str_eq(buf_view(&b), str_of(texts[i].want)), "'%s' becomes '%.*s'", texts[i].text, STR_ARG(buf_view(&b)));
		buf_free(&b);
	}
}

int main(void)
{
	check_encode();
	check_refused();
	check_clusters();
	check_spaces();
	tap(!charsmap_new(STR("")) && !charsmap_new(STR("\xFF\xFF\xFF\xFFxx")) && !charsmap_new(STR("\4\0\0\0")), "no compiled rules");
	return tap_done();
}
