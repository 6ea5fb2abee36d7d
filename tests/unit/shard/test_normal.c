#include "shard/normal.h"
#include "shard/charclass.h"
#include "tests/tap.h"

static const struct {
	struct normal_step step;
	const char *in, *out;
} cases[] = {
	{{.kind = NORM_NFC}, "a\u0301 x e\u0302\u0323 \u00e9", "\u00e1 x \u1ec7 \u00e9"},
	{{.kind = NORM_NFC}, "\u0301a", "\u0301a"},
	{{.kind = NORM_NFD}, "\u00e9a", "e\u0301a"},
	{{.kind = NORM_NFKC}, "\ufb01m \u2460", "fim 1"},
	{{.kind = NORM_NFKD}, "\u00bd", "1\u20442"},
	{{.kind = NORM_LOWERCASE}, "\u00c9 \u03a3\u03a3 \u0130", "\u00e9 \u03c3\u03c3 i\u0307"},
	{{.kind = NORM_STRIP_ACCENTS}, "a\u0301\u00e9", "a\u00e9"},
	{{.kind = NORM_STRIP, .left = true}, " \u00a0a ", "a "},
	{{.kind = NORM_STRIP, .right = true}, " a\u3000 ", " a"},
	{{.kind = NORM_STRIP, .left = true, .right = true}, "  ", ""},
	{{.kind = NORM_PREPEND, .to = {"_", 1}}, "a", "_a"},
	{{.kind = NORM_PREPEND, .to = {"_", 1}}, "", ""},
	{{.kind = NORM_REPLACE, .from = {"aa", 2}, .to = {"b", 1}}, "aaa a", "ba a"},
	{{.kind = NORM_BERT, .clean = true, .lower = true, .accents = true, .chinese = true}, "\u00c9\t\u4e2da\001", "e  \u4e2d a"},
	{{.kind = NORM_BYTES}, "\u00e9 ", "\u00c3\u00a9\u0120"},
};

int main(void)
{
	charclass_prepare();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct normal n = {.step = {cases[i].step}, .n = 1};
		struct normal_work w;
		struct str out = {0};
		struct err e = {0};
		normal_start(&w, &n);
		int rc = normal_text(&n, &w, str_of(cases[i].in), &out, &e);
		tap(rc == 0 && str_eq(out, str_of(cases[i].out)), "'%s' gives '%.*s'", cases[i].in[0] == '\t' ? "" : cases[i].out, STR_ARG(out));
		normal_stop(&w);
	}
	bool back = true;
	for (int b = 0; b < 256; b++)
		back &= normal_byte_of_char(normal_char_of_byte((unsigned char)b)) == b;
	tap(back && normal_byte_of_char(0x144) < 0 && normal_byte_of_char(' ') < 0, "bytes and their printable characters");
	return tap_done();
}
