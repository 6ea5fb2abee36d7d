#include "shard/encode.h"
#include "tests/tap.h"
#include "tests/unit/shard/tiny.h"

static const struct {
	const char *text;
	bool special;
	const char *ids;
} cases[] = {
	{"", true, ""},
	{"abc", true, "5 8"},	     /* b c first, then a bc: U+2581 stays alone, its a is gone */
	{"a", true, "9"},
	{"ab", true, "5 6"},
	{"xyz", true, "5 1"},	     /* unknown characters become one */
	{"xay", true, "5 1 2 1"},
	{"<s>abc", true, "0 5 8"},
	{"<s>", false, "5 1"},
	{"a a  a", true, "9 9 5 9"},
	{"a\u2581" "a", true, "9 9"}, /* U+2581 itself is a space */
};

static void print(const struct bpe_ids *ids, char *out, size_t n)
{
	size_t at = 0;
	out[0] = 0;
	for (size_t i = 0; i < ids->n && at < n; i++)
		at += (size_t)snprintf(out + at, n - at, "%s%u", i ? " " : "", ids->v[i]);
}

/* A long word by one path must give what its repetition by another gives: no result depends on what was seen before. */
static void check_long(struct encode *x)
{
	struct err e = {0};
	struct bpe_ids ids = {0};
	static char text[3 << 16];
	bool good = true;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "abc"[i % 3];
	encode_text(x, (struct str){text, sizeof(text)}, true, &ids, &e);
	for (size_t i = 1; i < ids.n; i++)
		good &= ids.v[i] == 8;
	tap(good && ids.n == 1 + sizeof(text) / 3, "a word of %zu bytes", sizeof(text));
	free(ids.v);
}

int main(void)
{
	struct vocab *v;
	struct err e = {0};
	struct bpe_ids ids = {0};
	char got[256];
	if (!tap(tiny_open(&v, TINY_SPACED, &e) == 0, "the tokenizer opens%s", e.msg))
		return tap_done();
	struct encode *x = encode_start(v);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			ids.n = 0;
			encode_text(x, str_of(cases[i].text), cases[i].special, &ids, &e);
			print(&ids, got, sizeof(got));
			tap(strcmp(got, cases[i].ids) == 0, "'%s' gives %s%s", cases[i].text, got, round ? ", again" : "");
		}
	check_long(x);
	encode_stop(x);
	vocab_free(v);
	free(ids.v);
	return tap_done();
}
