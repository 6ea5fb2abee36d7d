#include "shard/charclass.h"
#include "shard/scan.h"
#include "tests/tap.h"

/* The pieces, with | between them. */
static const struct {
	enum scan kind;
	const char *text, *pieces;
} cases[] = {
	{SCAN_GPT2, "Olá, mundo!", "Olá|,| mundo|!"},
	{SCAN_GPT2, "a  b", "a| | b"},
	{SCAN_GPT2, "a   ", "a|   "},
	{SCAN_GPT2, "a \n b", "a| \n| b"},
	{SCAN_GPT2, "don't DON'T", "don|'t| DON|'|T"},
	{SCAN_GPT2, "abc123", "abc|123"},
	{SCAN_GPT2, "a\u00a0b", "a|\u00a0|b"},
	{SCAN_GPT2, " 'll", " '|ll"},
	{SCAN_CL100K, "DON'T 12345", "DON|'T| |123|45"},
	{SCAN_CL100K, "(olá)\n\nb", "(olá|)\n\n|b"},
	{SCAN_CL100K, "a \n  \n b", "a| \n  \n| b"},
	{SCAN_CL100K, "a\u00a0b", "a|\u00a0b"},
	{SCAN_QWEN2, "12a", "1|2|a"},
	{SCAN_O200K, "camelCase ABCdef don'T", "camel|Case| ABCdef| don'T"},
	{SCAN_O200K, "\u65e5A a/b//\nc", "\u65e5|A| a|/b|//\n|c"},
	{SCAN_TEKKEN, "it's 12", "it|'s| |1|2"},
};

int main(void)
{
	charclass_prepare();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char got[256];
		size_t n = 0;
		for (struct str s = str_of(cases[i].text); s.n;) {
			size_t k = (size_t)(scan_next(cases[i].kind, s.p, s.p + s.n) - s.p);
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s", n ? "|" : "", (int)k, s.p);
			s = str_from(s, k);
		}
		bool good = strcmp(got, cases[i].pieces) == 0;
		for (char *p = got; *p; p++)
			*p = *p == '\n' ? '$' : *p;
		tap(good, "%s", got);
	}
	return tap_done();
}
