/* map tokenizes; fold writes. A document goes to validation by the hash of its id alone, so it stays there whatever else is in the corpus. */
#include "shard/shard.h"

#include "shard/encode.h"
#include "shard/mds.h"
#include "shard/megatron.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <xxhash.h>

enum { SHORT, LONG };
static const struct why shard_why[] = {
	[SHORT] = {"shard.short", "fewer tokens than --min-tokens"},
	[LONG] = {"shard.long", "more tokens than --max-tokens"},
	{0},
};

static const struct opt shard_opts[] = {
	{OPT_TEXT, 0, "tokenizer", "FILE", "tokenizer.json of Hugging Face; default: built-in, 32,000 tokens", offsetof(struct shard_conf, tokenizer)},
	{OPT_TEXT, 'f', "format", "LIST", "shards to write", offsetof(struct shard_conf, format), .text = "mds,megatron"},
	{OPT_REAL, 0, "validation", "X", "share of documents kept for validation", offsetof(struct shard_conf, validation), .def = 0.005, .hi = 0.9},
	{OPT_UINT, 0, "min-tokens", "N", "fewest tokens of a document", offsetof(struct shard_conf, min_tokens), .def = 1, .hi = 1e9},
	{OPT_UINT, 0, "max-tokens", "N", "most tokens of a document", offsetof(struct shard_conf, max_tokens), .def = 100e6, .lo = 1, .hi = 500e6},
	{OPT_FLAG, 0, "bos", NULL, "begin each document with the tokenizer's BOS token", offsetof(struct shard_conf, bos)},
	{OPT_FLAG, 0, "eos", NULL, "end each document with the tokenizer's EOS token", offsetof(struct shard_conf, eos), .def = 1},
	{OPT_FLAG, 0, "special", NULL, "take the text of special tokens in documents as the tokens", offsetof(struct shard_conf, special)},
	{OPT_TEXT, 0, "out", "DIR", "folder for the shards", offsetof(struct shard_conf, out)},
	{0},
};

struct shard {
	const struct shard_conf *conf;
	struct vocab *vocab;
	struct mds *mds[2]; /* train, validation */
	struct megatron *megatron[2];
};

struct scratch {
	struct encode *encode;
	struct bpe_ids ids;
};

static const char *const splits[] = {"train", "validation"};

static int make_folder(const char *path, struct err *e)
{
	char part[4096];
	size_t n = strlen(path);
	for (size_t i = 1; i <= n && n < sizeof(part); i++) {
		if (i < n && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		if (mkdir(part, 0777) && errno != EEXIST)
			return err_sys(e, part, "cannot create folder");
	}
	return 0;
}

static int open_writers(struct shard *s, struct err *e)
{
	bool wide = s->vocab->size > 65536;
	struct str list = str_of(s->conf->format);
	char path[4096];
	int rc = 0;
	while (list.n && !rc) {
		struct str one = str_trim(str_cut(list, ',', &list));
		bool mds = str_eq(one, STR("mds")), megatron = str_eq(one, STR("megatron"));
		if (!mds && !megatron)
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--format: '%.*s' is neither mds nor megatron", STR_ARG(one));
		for (int i = 0; i < 2 && !rc; i++) {
			snprintf(path, sizeof(path), mds ? "%s/mds/%s" : "%s/megatron", s->conf->out, splits[i]);
			rc = make_folder(path, e);
			if (!rc && mds && !s->mds[i])
				rc = mds_open(&s->mds[i], path, wide, 0, e);
			snprintf(path, sizeof(path), "%s/megatron/%s", s->conf->out, splits[i]);
			if (!rc && megatron && !s->megatron[i])
				rc = megatron_open(&s->megatron[i], path, wide, e);
		}
	}
	return rc;
}

static void shard_free(struct shard *s)
{
	for (int i = 0; i < 2; i++) {
		mds_free(s->mds[i]);
		megatron_free(s->megatron[i]);
	}
	vocab_free(s->vocab);
	free(s);
}

static int shard_open(void **shared, const void *conf, struct err *e)
{
	struct shard *s = own_zalloc(sizeof(*s));
	s->conf = conf;
	int rc = s->conf->out ? vocab_open(&s->vocab, s->conf->tokenizer, e) : err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "shard needs -o DIR");
	if (!rc && ((s->conf->bos && s->vocab->bos == VOCAB_NONE) || (s->conf->eos && s->vocab->eos == VOCAB_NONE)))
		rc = err_at(e, ERR_USAGE, (struct where){s->conf->tokenizer, WHERE_NONE}, "the tokenizer has no %s token: --no-%s", s->conf->bos && s->vocab->bos == VOCAB_NONE ? "BOS" : "EOS",
			    s->conf->bos && s->vocab->bos == VOCAB_NONE ? "bos" : "eos");
	if (!rc)
		rc = open_writers(s, e);
	if (rc) {
		shard_free(s);
		return rc;
	}
	*shared = s;
	return 0;
}

static void *shard_start(const void *shared)
{
	struct scratch *w = own_zalloc(sizeof(*w));
	w->encode = encode_start(((const struct shard *)shared)->vocab);
	return w;
}

static void shard_stop(void *worker)
{
	struct scratch *w = worker;
	encode_stop(w->encode);
	free(w->ids.v);
	free(w);
}

static int shard_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct shard *s = shared;
	struct scratch *w = worker;
	BATCH_EACH(b, d) {
		w->ids.n = 0;
		int rc = encode_text(w->encode, d->text, s->conf->special, &w->ids, e);
		if (rc)
			return rc;
		uint32_t *ids = ARENA_ARRAY(b->arena, uint32_t, w->ids.n + 2), n = 0;
		if (s->conf->bos)
			ids[n++] = s->vocab->bos;
		if (w->ids.n)
			memcpy(ids + n, w->ids.v, w->ids.n * sizeof(*ids));
		n += (uint32_t)w->ids.n;
		if (s->conf->eos)
			ids[n++] = s->vocab->eos;
		d->tokens = ids;
		d->token_count = n;
		if (w->ids.n < s->conf->min_tokens)
			doc_drop(d, &shard_why[SHORT]);
		else if (w->ids.n > s->conf->max_tokens)
			doc_drop(d, &shard_why[LONG]);
		else
			tally_note(b->tally, "shard.tokens", n);
	}
	return 0;
}

static bool for_validation(const struct shard *s, const struct doc *d)
{
	struct str key = d->id.n ? d->id : d->text;
	return (double)(XXH3_64bits(key.p, key.n) >> 11) * 0x1p-53 < s->conf->validation;
}

static int shard_fold(void *shared, struct batch *b, struct err *e)
{
	struct shard *s = shared;
	BATCH_EACH(b, d) {
		int i = for_validation(s, d), rc = 0;
		if (s->mds[i])
			rc = mds_put(s->mds[i], d->id, d->tokens, d->token_count, e);
		if (!rc && s->megatron[i])
			rc = megatron_put(s->megatron[i], d->id, d->url, d->tokens, d->token_count, e);
		if (rc)
			return rc;
	}
	return 0;
}

static int shard_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct shard *s = shared;
	int rc = 0;
	(void)t;
	for (int i = 0; i < 2 && done; i++) {
		if (s->mds[i] && !rc) {
			rc = mds_commit(s->mds[i], e);
			s->mds[i] = NULL;
		}
		if (s->megatron[i] && !rc) {
			rc = megatron_commit(s->megatron[i], e);
			s->megatron[i] = NULL;
		}
	}
	shard_free(s);
	return rc;
}

const struct stage shard_stage = {
	.name = "shard",
	.summary = "texts in, training shards out",
	.reads = DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_ID),
	.writes = DOC_BIT(DOC_TOKEN_COUNT),
	.drops = shard_why,
	.opts = shard_opts,
	.conf_size = sizeof(struct shard_conf),
	.open = shard_open,
	.start = shard_start,
	.map = shard_map,
	.fold = shard_fold,
	.stop = shard_stop,
	.close = shard_close,
};
