#include "shard/added.h"
#include "shard/charclass.h"
#include "tests/tap.h"

#include <stdio.h>

static const struct {
	const char *text;
	bool special;
	const char *found; /* FROM-TO:ID */
} cases[] = {
	{"a<s>b<s>", true, "1-4:1 5-8:1"},
	{"a<s>b<s>", false, ""},
	{"<s></s>", true, "0-3:1 3-7:2"},
	{"<ss>", true, "0-4:5"},	  /* longest first */
	{"<ss>", false, ""},		  /* and it takes its place although it is not wanted */
	{"a  <l> b", true, "1-6:3"},	  /* lstrip */
	{"<l>  <l>", true, "0-3:3 3-8:3"},
	{"a <r> \n b", true, "2-8:4"},	  /* rstrip */
	{"w xw w\u00e9 w", true, "0-1:6 9-10:6"}, /* single_word */
	{"<", true, ""},
};

int main(void)
{
	struct added a = {0};
	const struct added_token tokens[] = {
		{.content = STR("<s>"), .id = 1, .special = true}, {.content = STR("</s>"), .id = 2},
		{.content = STR("<l>"), .id = 3, .lstrip = true},  {.content = STR("<r>"), .id = 4, .rstrip = true},
		{.content = STR("<ss>"), .id = 5, .special = true}, {.content = STR("w"), .id = 6, .single_word = true},
	};
	charclass_prepare();
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
		added_put(&a, &tokens[i]);
	added_ready(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct added_match m;
		char got[256] = "";
		size_t at = 0, taken = 0, n = 0;
		while (added_next(&a, str_of(cases[i].text), cases[i].special, &at, taken, &m)) {
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%zu-%zu:%u", n ? " " : "", m.from, m.to, m.token->id);
			taken = m.to;
		}
		tap(strcmp(got, cases[i].found) == 0, "case %zu gives %s", i, got);
	}
	added_free(&a);
	added_ready(&a);
	size_t at = 0;
	struct added_match m;
	tap(!added_next(&a, STR("<s>"), true, &at, 0, &m), "no tokens, nothing found");
	added_free(&a);
	return tap_done();
}
