#include "cli/tokenize.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/texts.h"
#include "core/json.h"
#include "core/utf8.h"
#include "shard/encode.h"

#include <stdatomic.h>

struct conf {
	const char *tokenizer;
	bool count, special, template;
};

static const struct opt tokenize_opts[] = {
	{OPT_TEXT, 't', "tokenizer", "FILE", "tokenizer.json of Hugging Face; default: built-in, 32,000 tokens", offsetof(struct conf, tokenizer)},
	{OPT_FLAG, 0, "count", NULL, "how many tokens, not which", offsetof(struct conf, count)},
	{OPT_FLAG, 0, "template", NULL, "with what the tokenizer's template puts around a text (add_special_tokens)", offsetof(struct conf, template)},
	{OPT_FLAG, 0, "special", NULL, "take the text of special tokens as the tokens", offsetof(struct conf, special), .def = 1},
	{0},
};

struct shared {
	struct vocab *vocab;
	struct conf conf;
	atomic_uint *failed; /* texts that could not be encoded */
};

struct work {
	struct encode *encode;
	struct bpe_ids ids;
};

static void *start(const void *shared)
{
	struct work *w = own_zalloc(sizeof(*w));
	w->encode = encode_start(((const struct shared *)shared)->vocab);
	return w;
}

static void stop(void *work)
{
	struct work *w = work;
	encode_stop(w->encode);
	free(w->ids.v);
	free(w);
}

static void put_around(struct bpe_ids *ids, const struct vocab_around *a)
{
	for (unsigned i = 0; i < a->n; i++)
		bpe_put(ids, a->v[i]);
}

static void answer(const void *shared, void *work, struct str id, struct str text, struct buf *out)
{
	const struct shared *s = shared;
	struct work *w = work;
	struct err e = {0};
	w->ids.n = 0;
	if (s->conf.template)
		put_around(&w->ids, &s->vocab->before);
	int rc = encode_text(w->encode, str_head(text, utf8_valid(text)), s->conf.special, &w->ids, &e);
	if (s->conf.template)
		put_around(&w->ids, &s->vocab->after);
	buf_z(out, "{\"id\":");
	buf_str(out, id);
	if (rc) {
		atomic_fetch_add(s->failed, 1);
		buf_z(out, ",\"error\":");
		json_put_string(out, str_of(e.msg));
		buf_z(out, "}\n");
		return;
	}
	if (s->conf.count) {
		buf_z(out, ",\"count\":");
		buf_u64(out, w->ids.n);
		buf_z(out, "}\n");
		return;
	}
	buf_z(out, ",\"ids\":[");
	for (size_t i = 0; i < w->ids.n; i++) {
		if (i)
			buf_byte(out, ',');
		buf_u64(out, w->ids.v[i]);
	}
	buf_z(out, "]}\n");
}

int cmd_tokenize(int argc, char **argv)
{
	struct common_conf common;
	atomic_uint failed = 0;
	struct shared s = {.failed = &failed};
	struct opt_set sets[] = {{"common", common_opts, &common}, {"tokenize", tokenize_opts, &s.conf}};
	struct err e = {0};
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	int rc = vocab_open(&s.vocab, s.conf.tokenizer, &e);
	if (!rc)
		rc = texts_answer(&common, argv + 1, n_args, &s, start, answer, stop, &e);
	vocab_free(s.vocab);
	if (!rc && failed)
		rc = err_at(&e, ERR_LIMIT, (struct where){s.conf.tokenizer, WHERE_NONE}, "%u texts could not be encoded: see \"error\" in the output", failed);
	if (rc)
		return common_fail(&e);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
