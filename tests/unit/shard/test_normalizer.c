#include "shard/normalizer.h"
#include "shard/charclass.h"
#include "tests/tap.h"

static const struct {
	struct normalizer_step step;
	const char *in, *out;
} cases[] = {
	{{.kind = NORMALIZER_NFC}, "a\u0301 x e\u0302\u0323 \u00e9", "\u00e1 x \u1ec7 \u00e9"},
	{{.kind = NORMALIZER_NFC}, "\u0301a", "\u0301a"},
	{{.kind = NORMALIZER_NFD}, "\u00e9a", "e\u0301a"},
	{{.kind = NORMALIZER_NFKC}, "\ufb01m \u2460", "fim 1"},
	{{.kind = NORMALIZER_NFKD}, "\u00bd", "1\u20442"},
	{{.kind = NORMALIZER_LOWERCASE}, "\u00c9 \u03a3\u03a3 \u0130", "\u00e9 \u03c3\u03c3 i\u0307"},
	{{.kind = NORMALIZER_STRIP_ACCENTS}, "a\u0301\u00e9", "a\u00e9"},
	{{.kind = NORMALIZER_STRIP, .left = true}, " \u00a0a ", "a "},
	{{.kind = NORMALIZER_STRIP, .right = true}, " a\u3000 ", " a"},
	{{.kind = NORMALIZER_STRIP, .left = true, .right = true}, "  ", ""},
	{{.kind = NORMALIZER_PREPEND, .to = {"_", 1}}, "a", "_a"},
	{{.kind = NORMALIZER_PREPEND, .to = {"_", 1}}, "", ""},
	{{.kind = NORMALIZER_REPLACE, .from = {"aa", 2}, .to = {"b", 1}}, "aaa a", "ba a"},
	{{.kind = NORMALIZER_BERT, .clean = true, .lower = true, .accents = true, .chinese = true}, "\u00c9\t\u4e2da\001", "e  \u4e2d a"},
	{{.kind = NORMALIZER_BYTES}, "\u00e9 ", "\u00c3\u00a9\u0120"},
};

int main(void)
{
	charclass_prepare();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct normalizer n = {.step = {cases[i].step}, .n = 1};
		struct normalizer_work w;
		struct str out = {0};
		struct err e = {0};
		normalizer_start(&w, &n);
		int rc = normalizer_text(&n, &w, str_of(cases[i].in), &out, &e);
		tap(rc == 0 && str_eq(out, str_of(cases[i].out)), "'%s' gives '%.*s'", cases[i].in[0] == '\t' ? "" : cases[i].out, STR_ARG(out));
		normalizer_stop(&w);
	}
	bool back = true;
	for (int b = 0; b < 256; b++)
		back &= normalizer_byte_of_char(normalizer_char_of_byte((unsigned char)b)) == b;
	tap(back && normalizer_byte_of_char(0x144) < 0 && normalizer_byte_of_char(' ') < 0, "bytes and their printable characters");
	return tap_done();
}
