#include "shard/split.h"
#include "tests/tap.h"

/* A pattern as tokenizer files write it (Oniguruma), a text, the matches in brackets; NULL: refused. */
static const struct {
	const char *regex, *text, *found;
} cases[] = {
	{"\\p{L}+", "olá mundo", "[olá] [mundo]"},
	{"[\\p{L}\\p{M}]+|\\p{N}", "a\u0301 12", "[a\u0301] [1][2]"},
	{"\\p{N}{1,3}+", "12345", "[12345]"},	      /* {n,m}+ repeats; it is not possessive */
	{"(?:ab){1,2}+c", "ababababc", "[ababababc]"},
	{"\\p{L}++", "abc", "[abc]"},
	{"\\s+$", "a \nb ", "a[ ]\nb[ ]"},	      /* $ is of lines */
	{"^b", "a\nb", "a\n[b]"},
	{"[]a]+", "x]a", "x[]a]"},
	{"\\w+", "a\u00b2-b\u200d", "[a\u00b2]-[b]\u200d"},
	{"[^\\s\\p{L}]+", "a,,b", "a[,,]b"},
	{"\U00013460", "\U00013460", "[\U00013460]"},
	{"\\p{L}", "\U00013460", "[\U00013460]"},     /* a letter since Unicode 16 */
	{"(?i:'s|'ll)", "'S 'lL", "['S] ['lL]"},
	{"(", "", NULL},
	{"\\h", "", NULL},
	{"(?x)a", "", NULL},
	{"a\\", "", NULL},
	{"[a", "", NULL},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct split *s, *mine;
		struct split_spans spans = {0};
		struct err e = {0};
		char got[256] = "";
		size_t n = 0, done = 0;
		int rc = split_open(&s, str_of(cases[i].regex), &e);
		if (rc || !cases[i].found) {
			tap(rc && !cases[i].found, "%s: %s", cases[i].regex, e.msg);
			continue;
		}
		mine = split_clone(s);
		split_find(mine, str_of(cases[i].text), &spans, &e);
		for (size_t k = 0; k < spans.n; k++) {
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s[%.*s]", (int)(spans.v[k].from - done), cases[i].text + done, (int)(spans.v[k].to - spans.v[k].from), cases[i].text + spans.v[k].from);
			done = spans.v[k].to;
		}
		snprintf(got + n, sizeof(got) - n, "%s", cases[i].text + done);
		tap(strcmp(got, cases[i].found) == 0, "%s gives %zu matches", cases[i].regex, spans.n);
		free(spans.v);
		split_free(mine);
		split_free(s);
	}
	return tap_done();
}
