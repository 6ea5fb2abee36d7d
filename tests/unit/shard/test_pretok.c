#include "shard/charclass.h"
#include "shard/pretok.h"
#include "tests/tap.h"

/* One step, the text, the pieces with | between them. */
static const struct {
	struct pretok_step step;
	const char *text, *pieces;
} cases[] = {
	{{.kind = PRETOK_DIGITS}, "a12b", "a|12|b"},
	{{.kind = PRETOK_DIGITS, .individual = true}, "a12b", "a|1|2|b"},
	{{.kind = PRETOK_PUNCTUATION, .behavior = PRETOK_ISOLATED}, "a,.b", "a|,|.|b"},
	{{.kind = PRETOK_PUNCTUATION, .behavior = PRETOK_CONTIGUOUS}, "a,.b", "a|,.|b"},
	{{.kind = PRETOK_PUNCTUATION, .behavior = PRETOK_MERGED_WITH_PREVIOUS}, "a,.b", "a,|.|b"},
	{{.kind = PRETOK_PUNCTUATION, .behavior = PRETOK_MERGED_WITH_NEXT}, "a,.b", "a|,|.b"},
	{{.kind = PRETOK_PUNCTUATION, .behavior = PRETOK_REMOVED}, "a,.b", "a|b"},
	{{.kind = PRETOK_WHITESPACE}, "olá, mundo  x", "olá|,|mundo|x"},
	{{.kind = PRETOK_WHITESPACE_SPLIT}, "olá,\u00a0mundo ", "olá,|mundo"},
	{{.kind = PRETOK_BERT}, "olá, (eu)", "olá|,|(|eu|)"},
	{{.kind = PRETOK_DELIMITER, .text = {"-", 1}}, "a-b--c", "a|b|c"},
	{{.kind = PRETOK_METASPACE, .text = {"\u2581", 3}, .split = true}, "a  b", "\u2581" "a|\u2581|\u2581" "b"},
	{{.kind = PRETOK_METASPACE, .text = {"\u2581", 3}, .prepend = PRETOK_NEVER}, "a b", "a\u2581" "b"},
	{{.kind = PRETOK_BYTES, .scan = SCAN_GPT2, .map = true}, "a b", "a|Ġb"},
	{{.kind = PRETOK_BYTES, .add_prefix = true}, "a", " a"},
	{{.kind = PRETOK_SPLIT, .text = {"e", 1}, .behavior = PRETOK_ISOLATED, .invert = true}, "aeb", "a|e|b"},
	{{.kind = PRETOK_SPLIT, .text = {"e", 1}, .behavior = PRETOK_REMOVED, .invert = true}, "aebee", "e|e|e"},
};

int main(void)
{
	charclass_prepare();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pretok p = {.step = {cases[i].step}, .n = 1};
		struct pretok_work w;
		const struct pretok_pieces *out;
		struct err e = {0};
		char got[256] = "";
		size_t n = 0;
		pretok_start(&w, &p);
		if (!pretok_text(&p, &w, str_of(cases[i].text), true, &out, &e))
			for (size_t k = 0; k < out->n; k++)
				n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s", k ? "|" : "", STR_ARG(out->v[k].s));
		tap(strcmp(got, cases[i].pieces) == 0, "'%s': %s", cases[i].text, got);
		pretok_stop(&w);
	}
	return tap_done();
}
