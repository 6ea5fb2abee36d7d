#include "tests/tap.h"
#include "tests/unit/shard/tiny.h"

#define MODEL(rest) "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2}" rest "}}"

static const struct {
	const char *json, *message; /* NULL = it opens */
} cases[] = {
	{"{" MODEL(",\"merges\":[\"a b\"]"), NULL},
	{"{" MODEL(",\"merges\":[[\"a\",\"b\"]]"), NULL},
	{"{" MODEL(",\"merges\":[\"a z\"]"), "a merge of tokens that the vocabulary lacks"},
	{"{" MODEL(",\"merges\":[],\"dropout\":0.5"), "dropout"},
	{"{\"normalizer\":{\"type\":\"Nowhere\"}," MODEL(",\"merges\":[]"), "normalizer 'Nowhere'"},
	{"{\"pre_tokenizer\":{\"type\":\"Nowhere\"}," MODEL(",\"merges\":[]"), "pre-tokenizer 'Nowhere'"},
	{"{\"model\":{\"type\":\"Nowhere\",\"vocab\":{\"a\":0}}}", "model type 'Nowhere'"},
	{"{\"model\":", "not a tokenizer.json"},
	{"[]", "not a tokenizer.json"},
};

int main(void)
{
	struct vocab *v;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err e = {0};
		int rc = tiny_open(&v, cases[i].json, &e);
		tap(cases[i].message ? rc < 0 && strstr(e.msg, cases[i].message) : rc == 0, "%s: %s", cases[i].json, rc ? e.msg : "opens");
		if (!rc)
			vocab_free(v);
	}
	struct err e = {0};
	tap(vocab_open(&v, "/nonexistent/tokenizer.json", &e) == ERR_IO, "no such file: %s", e.msg);
	e = (struct err){0};
	tap(vocab_open(&v, NULL, &e) == 0 && v->size == 32000, "the built-in tokenizer has 32,000 tokens");
	tap(vocab_find(v, STR("<s>")) == v->bos && vocab_find(v, STR("</s>")) == v->eos && v->bos != v->eos, "it has BOS and EOS");
	tap(vocab_find(v, STR("\u2581de")) != VOCAB_NONE && vocab_find(v, STR("no such token, surely")) == VOCAB_NONE, "tokens are found by their text");
	vocab_free(v);
	return tap_done();
}
