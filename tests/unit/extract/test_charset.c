/* charset, label, latin, mojibake: which encoding, and what becomes of broken ones. */
#include "core/utf8.h"
#include "extract/charset.h"
#include "extract/label.h"
#include "extract/latin.h"
#include "extract/mojibake.h"
#include "tests/tap.h"

#define S(lit) {(lit), sizeof(lit) - 1}

static const struct {
	const char *name;
	struct str in, http, text, charset;
} pages[] = {
	{"ASCII is UTF-8", S("<p>abc"), S("iso-8859-1"), S("<p>abc"), S("utf-8")},
	{"valid UTF-8 overrules HTTP", S("não há"), S("iso-8859-1"), S("não há"), S("utf-8")},
	{"valid UTF-8 overrules meta", S("<meta charset=windows-1250>não"), S(""), S("<meta charset=windows-1250>não"), S("utf-8")},
	{"a mark is taken off", S("\xEF\xBB\xBFé"), S(""), S("é"), S("utf-8")},
	{"a mark stands even over stray bytes", S("\xEF\xBB\xBF\xE9s"), S(""), S("és"), S("utf-8")},
	{"Latin-1 means windows-1252", S("<meta charset=iso-8859-1>\x93ol\xE1\x94 \x96 50 \x80"), S(""), S("<meta charset=iso-8859-1>“olá” – 50 €"), S("windows-1252")},
	{"declared UTF-8 falsely", S("<meta charset=utf-8>a situa\xE7\xE3o n\xE3o \xE9"), S("utf-8"), S("<meta charset=utf-8>a situação não é"), S("windows-1252")},
	{"declared Cyrillic falsely", S("situa\xE7\xE3o, n\xE3o, \xE9 l\xE1, p\xF5""e"), S("windows-1251"), S("situação, não, é lá, põe"), S("windows-1252")},
	{"declared Chinese falsely", S("situa\xE7\xE3o, n\xE3o, \xE9 l\xE1, p\xF5""e"), S("gbk"), S("situação, não, é lá, põe"), S("windows-1252")},
	{"declared Central European falsely", S("situa\xE7\xE3o, n\xE3o, \xE9 l\xE1, p\xF5""e"), S("windows-1250"), S("situação, não, é lá, põe"), S("windows-1252")},
	{"Cyrillic, truly", S("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0"), S("windows-1251"), S("Привет, мир"), S("windows-1251")},
	{"Polish, truly", S("za\xBF\xF3\xB3\xE6 g\xEA\x9Cl\xB9 ja\x9F\xF1"), S("cp1250"), S("zażółć gęślą jaźń"), S("windows-1250")},
	{"Chinese, truly", S("\xC4\xE3\xBA\xC3\xA3\xAC\xCA\xC0\xBD\xE7"), S("gb2312"), S("你好，世界"), S("gbk")},
	{"Japanese in seven bits", S("\x1B$B$3$s\x1B(B"), S("iso-2022-jp"), S("こん"), S("iso-2022-jp")},
	{"the euro of iso-8859-15", S("caf\xE9 50 \xA4"), S("iso-8859-15"), S("café 50 €"), S("iso-8859-15")},
	{"undeclared Macintosh", S("situa\x8D\x8Bo, n\x8Bo, \x8E l\x87, p\x9B""e"), S(""), S("situação, não, é lá, põe"), S("macintosh")},
	{"undeclared DOS", S("situa\x87\xC6o, n\xC6o, \x82 l\xA0, p\xE4""e"), S(""), S("situação, não, é lá, põe"), S("ibm850")},
	{"undeclared DOS of Portugal", S("situa\x87\x84o, n\x84o, \x82 l\xA0, p\x94""e, quest\x94""es"), S(""), S("situação, não, é lá, põe, questões"), S("ibm860")},
	{"apostrophes are not Macintosh", S("the editors\x92 note, don\x92t"), S(""), S("the editors’ note, don’t"), S("windows-1252")},
	{"stray bytes in UTF-8", S("ação não é l\xE1 assim"), S(""), S("ação não é lá assim"), S("utf-8")},
	{"a cut character is left out", S("ação\xC3"), S(""), S("ação"), S("utf-8")},
	{"of three bytes too", S("ação \xE2\x82"), S(""), S("ação "), S("utf-8")},
	{"and when it is all there is", S("<p>caf\xC3"), S(""), S("<p>caf"), S("utf-8")},
	{"UTF-16, little end first", S("\xFF\xFE""n\0\xE3\0o\0"), S(""), S("não"), S("utf-16le")},
	{"UTF-16, big end first, cut", S("\xFE\xFF\0n\0\xE3\0"), S(""), S("nã"), S("utf-16be")},
	{"UTF-16 without a mark", S("<\0p\0>\0n\0\xE3\0o\0"), S(""), S("<p>não"), S("utf-16le")},
	{"a pair of surrogates", S("\xFF\xFE\x3D\xD8\x00\xDE"), S(""), S("😀"), S("utf-16le")},
	{"encoded twice", S("situaÃ§Ã£o nÃ£o Ã© â€œboaâ€\xC2\x9D"), S(""), S("situação não é “boa”"), S("utf-8")},
	{"encoded three times", S("nÃƒÂ£o"), S(""), S("não"), S("utf-8")},
	{"but not this", S("«AMANHÃ», disse; IRMÃ…"), S(""), S("«AMANHÃ», disse; IRMÃ…"), S("utf-8")},
	{"capitals encoded twice", S("SITUAÃ‡ÃƒO"), S(""), S("SITUAÇÃO"), S("utf-8")},
	{"nothing", S(""), S(""), S(""), S("utf-8")},
};

static const struct {
	const char *name;
	struct str page, want;
} metas[] = {
	{"charset", S("<meta charset='Latin1'>"), S("windows-1252")},
	{"http-equiv", S("<META HTTP-EQUIV=Content-Type CONTENT=\"text/html; charset=macintosh\">"), S("macintosh")},
	{"content alone is not enough", S("<meta content='text/html; charset=macintosh'>"), S("")},
	{"not in a comment", S("<!-- <meta charset=koi8-r> --><p>"), S("")},
	{"not in another tag's attribute", S("<a title='<meta charset=koi8-r>'>"), S("")},
	{"an unknown one is passed over", S("<meta charset=klingon><meta charset=utf8>"), S("utf-8")},
	{"UTF-16 cannot be", S("<meta charset=utf-16>"), S("utf-8")},
};

/* 16 bytes at a time against character by character: every length, a high byte at every place, all encodings. */
static void decodes(struct arena *a)
{
	unsigned wrong = 0;
	uint64_t dice = 3;
	for (unsigned round = 0; round < 20000; round++) {
		size_t n = round % 70, m = 0;
		char *exact = malloc(n + 1), want[210];
		for (size_t i = 0; i < n; i++) {
			dice = dice * 6364136223846793005u + 1442695040888963407u;
			exact[i] = (char)(dice >> 60 < round % 5 ? dice >> 40 | 0x80 : dice >> 40 & 0x7F);
			m += utf8_put(want + m, latin_char(round % LATIN_MAPS, (unsigned char)exact[i]));
		}
		struct str got = latin_decode((struct str){exact, n}, round % LATIN_MAPS, a);
		wrong += !str_eq(got, (struct str){want, m});
		free(exact);
		if (round % 1000 == 0)
			arena_reset(a, 1 << 20);
	}
	tap(wrong == 0, "latin_decode is latin_char, one after the other");
}

int main(void)
{
	struct arena *a = arena_new(0);
	struct charset_result r;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		charset_decode(pages[i].in, pages[i].http, a, &r);
		if (!tap(str_eq(r.text, pages[i].text) && str_eq(r.name, pages[i].charset), "%s", pages[i].name))
			printf("# got %.*s: %.*s\n", STR_ARG(r.name), STR_ARG(r.text));
	}
	for (size_t i = 0; i < sizeof(metas) / sizeof(*metas); i++)
		tap(str_eq(charset_declared(metas[i].page), metas[i].want), "meta: %s", metas[i].name);
	tap(label_find(STR(" ISO8859-1\t")) == label_find(STR("windows-1252")), "labels: blanks and case");
	tap(!label_find(STR("")) && !label_find(STR("utf")), "labels: not a prefix, not nothing");
	decodes(a);
	arena_free(a);
	return tap_done();
}
