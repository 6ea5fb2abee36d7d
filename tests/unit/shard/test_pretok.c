#include "shard/pretok.h"
#include "tests/tap.h"

/* The pieces, with | between them. */
static const struct {
	enum vocab_pretok kind;
	const char *text, *pieces;
} cases[] = {
	{VOCAB_GPT2, "Olá, mundo!", "Olá|,| mundo|!"},
	{VOCAB_GPT2, "a  b", "a| | b"},
	{VOCAB_GPT2, "a   ", "a|   "},
	{VOCAB_GPT2, "a \n b", "a| \n| b"},
	{VOCAB_GPT2, "don't DON'T", "don|'t| DON|'|T"},
	{VOCAB_GPT2, "abc123", "abc|123"},
	{VOCAB_GPT2, "a\u00a0b", "a|\u00a0|b"},
	{VOCAB_GPT2, " 'll", " '|ll"},
	{VOCAB_LLAMA3, "DON'T 12345", "DON|'T| |123|45"},
	{VOCAB_LLAMA3, "(olá)\n\nb", "(olá|)\n\n|b"},
	{VOCAB_LLAMA3, "a \n  \n b", "a| \n  \n| b"},
	{VOCAB_LLAMA3, "a\u00a0b", "a|\u00a0b"},
	{VOCAB_QWEN2, "12a", "1|2|a"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char got[256];
		size_t n = 0;
		for (struct str s = str_of(cases[i].text); s.n;) {
			size_t k = pretok_next(cases[i].kind, s);
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
