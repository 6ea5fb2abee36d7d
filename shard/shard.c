/* map tokenizes; fold chooses (split, copies) and writes, or hands to the shuffle, which writes at the end. */
#include "shard/shard.h"

#include "core/folder.h"
#include "shard/encode.h"
#include "shard/feed.h"
#include "shard/hub.h"
#include "shard/mds.h"
#include "shard/mix.h"
#include "shard/remove.h"
#include "shard/spool.h"
#include "shard/summary.h"

#include <stdio.h>
#include <time.h>
#include <xxhash.h>

enum { SHORT, LONG };
static const struct why shard_why[] = {
	[SHORT] = {"shard.short", "fewer tokens than --min-tokens"},
	[LONG] = {"shard.long", "more tokens than --max-tokens"},
	{0},
};

static const char *const packings[] = {"concatenate", "best-fit", NULL};

static const struct opt shard_opts[] = {
	{OPT_TEXT, 0, "tokenizer", "FILE", "tokenizer.json, SentencePiece .model or tiktoken file; default: built-in, 32,000 tokens", offsetof(struct shard_conf, tokenizer)},
	{OPT_TEXT, 'f', "format", "LIST", "shards to write: mds, megatron, flat, parquet", offsetof(struct shard_conf, format), .text = "mds,megatron"},
	{OPT_UINT, 0, "sequence", "N", "pack into sequences of N tokens; 0 = documents as they are", offsetof(struct shard_conf, sequence), .hi = PACK_LENGTH_MAX},
	{OPT_CHOICE, 0, "packing", "HOW", "how to pack: concatenate and cut, or best-fit", offsetof(struct shard_conf, packing), .choices = packings},
	{OPT_UINT, 0, "shuffle", "SEED", "shuffle all documents by this seed; 0 = the order of the input", offsetof(struct shard_conf, shuffle), .hi = 1e15},
	{OPT_TEXT, 0, "tokens", "N", "stop training data at this many tokens: 500M, 5.8B", offsetof(struct shard_conf, tokens)},
	{OPT_TEXT, 0, "mix", "FILE", "take documents as often as the weights in FILE say", offsetof(struct shard_conf, mix)},
	{OPT_REAL, 0, "validation", "X", "share of documents kept for validation", offsetof(struct shard_conf, validation), .def = 0.005, .hi = 0.9},
	{OPT_UINT, 0, "validation-from", "YEAR", "documents captured in YEAR or later are validation; 0 = none", offsetof(struct shard_conf, validation_from), .hi = 9999},
	{OPT_UINT, 0, "min-tokens", "N", "fewest tokens of a document", offsetof(struct shard_conf, min_tokens), .def = 1, .hi = 1e9},
	{OPT_UINT, 0, "max-tokens", "N", "most tokens of a document", offsetof(struct shard_conf, max_tokens), .def = 100e6, .lo = 1, .hi = 500e6},
	{OPT_FLAG, 0, "bos", NULL, "begin each document with the tokenizer's BOS token", offsetof(struct shard_conf, bos)},
	{OPT_FLAG, 0, "eos", NULL, "end each document with the tokenizer's EOS token", offsetof(struct shard_conf, eos), .def = 1},
	{OPT_TEXT, 0, "bos-token", "NAME", "the BOS token, where the tokenizer's own is not meant", offsetof(struct shard_conf, bos_token)},
	{OPT_TEXT, 0, "eos-token", "NAME", "the EOS token, where the tokenizer's own is not meant", offsetof(struct shard_conf, eos_token)},
	{OPT_FLAG, 0, "special", NULL, "take the text of special tokens in documents as the tokens", offsetof(struct shard_conf, special)},
	{OPT_UINT, 0, "level", "N", "zstd level of MDS shards; 0 = 3", offsetof(struct shard_conf, level), .hi = 19},
	{OPT_SIZE, 0, "frame", "SIZE", "bytes of samples after which a zstd frame of an MDS shard ends (1M: one sample is read without the rest); 0 = a shard is one frame", offsetof(struct shard_conf, frame), .hi = MDS_SHARD_BYTES},
	{OPT_UINT, 0, "threads", "N", "threads", offsetof(struct shard_conf, threads), .def = 1, .hi = 1024},
	{OPT_SIZE, 0, "memory", "SIZE", "memory to stay within", offsetof(struct shard_conf, memory), .def = 2147483648.0, .lo = 67108864},
	{OPT_TEXT, 0, "remove", "URLS", "take the documents of the URLs in this file out of the shards in DIR", offsetof(struct shard_conf, remove)},
	{OPT_TEXT, 0, "out", "DIR", "folder for the shards", offsetof(struct shard_conf, out)},
	{0},
};

enum { TRAIN, VALIDATION, SPLITS };
static const char *const splits[] = {"train", "validation"};

struct shard {
	const struct shard_conf *conf;
	struct vocab *vocab;
	struct mix *mix;
	struct feed *feed[SPLITS];
	struct spool *spool; /* NULL: not shuffled */
	struct buf record;
	unsigned formats;
	uint32_t bos, eos;
	uint64_t documents, tokens, copies, mixed_out;
};

struct scratch {
	struct encode *encode;
	struct bpe_ids ids;
};

/* ---- opening ---- */

/* "5.8B": a number and one of K, M, B, T (powers of 1000). */
static bool read_budget(const char *s, uint64_t *out)
{
	char *end;
	double v = strtod(s, &end);
	double unit = *end == 'K' || *end == 'k' ? 1e3 : *end == 'M' ? 1e6 : *end == 'B' || *end == 'G' ? 1e9 : *end == 'T' ? 1e12 : 1;
	if (end == s || (unit > 1 ? end[1] : end[0]) || !(v > 0) || v * unit > 1e18)
		return false;
	*out = (uint64_t)(v * unit);
	return true;
}

static int find_token(const struct shard *s, const char *what, bool wanted, const char *name, uint32_t own, uint32_t *out, struct err *e)
{
	*out = name ? vocab_id(s->vocab, str_of(name)) : own;
	if (*out != VOCAB_NONE || (!wanted && !name))
		return 0;
	return err_at(e, ERR_USAGE, (struct where){s->conf->tokenizer, WHERE_NONE}, "the tokenizer has no %s token%s%s: name one with --%s-token, or give --no-%s", what, name ? " " : "", name ? name : "", what, what);
}

static int open_feeds(struct shard *s, struct err *e)
{
	const struct shard_conf *c = s->conf;
	uint64_t budget = 0;
	int rc = 0;
	if (c->tokens && !read_budget(c->tokens, &budget))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--tokens: '%s' is no number of tokens (500M, 5.8B)", c->tokens);
	for (int i = 0; i < SPLITS && !rc; i++) {
		struct feed_conf f = {.outputs = {.folder = c->out, .split = splits[i], .tokenizer = c->tokenizer ? c->tokenizer : "built-in", .formats = s->formats, .wide = s->vocab->size > 65536, .packed = c->sequence, .level = (int)c->level, .frame = (size_t)c->frame, .threads = (unsigned)c->threads},
				      .sequence = c->sequence, .best_fit = c->packing, .padding = s->eos != VOCAB_NONE ? s->eos : 0, .budget = i == TRAIN ? budget : 0};
		rc = feed_open(&s->feed[i], &f, e);
	}
	return rc;
}

static struct shard *shard_free(struct shard *s)
{
	for (int i = 0; i < SPLITS; i++)
		feed_free(s->feed[i]);
	spool_free(s->spool);
	mix_free(s->mix);
	vocab_free(s->vocab);
	buf_free(&s->record);
	free(s);
	return NULL;
}

static int shard_open(void **shared, const void *conf, struct err *e)
{
	struct shard *s = own_zalloc(sizeof(*s));
	const struct shard_conf *c = s->conf = conf;
	buf_init(&s->record, BUF_NO_MAX);
	int rc = c->out ? outputs_formats(&s->formats, str_of(c->format), e) : err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "shard needs -o DIR");
	if (!rc)
		rc = vocab_open(&s->vocab, c->tokenizer, e);
	if (!rc)
		rc = find_token(s, "bos", c->bos, c->bos_token, s->vocab->bos, &s->bos, e);
	if (!rc)
		rc = find_token(s, "eos", c->eos, c->eos_token, s->vocab->eos, &s->eos, e);
	if (!rc && c->mix)
		rc = mix_open(&s->mix, c->mix, e);
	if (!rc)
		rc = folder_make(c->out, e);
	if (!rc && s->formats)
		summary_begin(c->out);
	if (!rc)
		rc = open_feeds(s, e);
	if (!rc && c->shuffle)
		s->spool = spool_new(c->out, (size_t)(c->memory ? c->memory / 4 : 256 << 20));
	if (rc) {
		shard_free(s);
		return rc;
	}
	*shared = s;
	return 0;
}

/* ---- tokenizing ---- */

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
			ids[n++] = s->bos;
		if (w->ids.n)
			memcpy(ids + n, w->ids.v, w->ids.n * sizeof(*ids));
		n += (uint32_t)w->ids.n;
		if (s->conf->eos)
			ids[n++] = s->eos;
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

/* ---- choosing and writing ---- */

static int year_of(int64_t date)
{
	time_t t = (time_t)date;
	struct tm tm;
	return date != DATE_NONE && gmtime_r(&t, &tm) ? tm.tm_year + 1900 : 0;
}

/* By what the document is alone, so that it stays on its side whatever else is in the corpus. */
static int split_of(const struct shard *s, const struct doc *d, uint64_t hash)
{
	if (s->conf->validation_from && (uint64_t)year_of(d->date) >= s->conf->validation_from)
		return VALIDATION;
	return (double)(hash >> 11) * 0x1p-53 < s->conf->validation ? VALIDATION : TRAIN;
}

static void pack_u32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, 4);
}

static int spool_doc(struct shard *s, const struct doc *d, int split, uint64_t key, struct err *e)
{
	struct buf *b = &s->record;
	buf_clear(b);
	pack_u32(b, (uint32_t)split);
	pack_u32(b, (uint32_t)d->id.n);
	pack_u32(b, (uint32_t)d->url.n);
	buf_str(b, d->id);
	buf_str(b, d->url);
	buf_add(b, d->tokens, d->token_count * sizeof(uint32_t));
	return spool_put(s->spool, key, buf_view(b), e);
}

static int feed_spooled(struct shard *s, struct err *e)
{
	struct str r;
	int rc;
	while ((rc = spool_next(s->spool, &r, e)) > 0) {
		uint32_t head[3];
		memcpy(head, r.p, sizeof(head));
		struct str id = {r.p + 12, head[1]}, url = {id.p + id.n, head[2]};
		size_t n = (r.n - 12 - id.n - url.n) / sizeof(uint32_t);
		/* Tokens stand at any offset. */
		uint32_t *tokens = own_alloc(n * sizeof(*tokens) + 1);
		memcpy(tokens, url.p + url.n, n * sizeof(*tokens));
		rc = feed_put(s->feed[head[0]], id, url, tokens, n, e);
		free(tokens);
		if (rc)
			return rc;
	}
	return rc;
}

static int shard_fold(void *shared, struct batch *b, struct err *e)
{
	struct shard *s = shared;
	BATCH_EACH(b, d) {
		struct str key = d->id.n ? d->id : d->text;
		uint64_t hash = XXH3_64bits(key.p, key.n);
		int split = split_of(s, d, hash), rc = feed_text(s->feed[split], d, e);
		unsigned copies = s->mix && split == TRAIN ? mix_copies(s->mix, d, XXH3_64bits_withSeed(key.p, key.n, 1)) : 1;
		s->copies += copies > 1 ? copies - 1 : 0;
		s->mixed_out += copies == 0;
		if (copies != 1)
			tally_note(b->tally, copies ? "shard.copies" : "shard.mixed_out", copies ? copies - 1 : 1);
		for (unsigned i = 0; i < copies && !rc; i++)
			rc = s->spool ? spool_doc(s, d, split, XXH3_64bits_withSeed(key.p, key.n, s->conf->shuffle + ((uint64_t)i << 52)), e) : feed_put(s->feed[split], d->id, d->url, d->tokens, d->token_count, e);
		if (rc)
			return rc;
		s->documents++;
		s->tokens += d->token_count;
	}
	return 0;
}

static void note(struct tally *t, const char *name, uint64_t n)
{
	if (t && n)
		tally_note(t, name, n);
}

static int shard_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct shard *s = shared;
	struct summary sum = {.conf = s->conf, .vocab = s->vocab, .bos = s->bos, .eos = s->eos, .copies = s->copies, .mixed_out = s->mixed_out};
	char path[4096];
	int rc = done && s->spool ? feed_spooled(s, e) : 0;
	for (int i = 0; i < SPLITS && done && !rc; i++) {
		struct feed_count c = {0};
		rc = feed_commit(s->feed[i], &c, e);
		sum.count[i] = c;
		s->feed[i] = NULL;
		note(t, i == TRAIN ? "shard.train_documents" : "shard.validation_documents", c.documents);
		note(t, i == TRAIN ? "shard.train_tokens" : "shard.validation_tokens", c.tokens);
		note(t, i == TRAIN ? "shard.train_sequences" : "shard.validation_sequences", c.sequences);
		note(t, "shard.padding", c.padding);
		note(t, "shard.beyond_budget", c.beyond);
		note(t, "shard.beyond_budget_tokens", c.beyond_tokens);
	}
	snprintf(path, sizeof(path), "%s/parquet", s->conf->out);
	if (done && !rc && s->formats & OUTPUTS_PARQUET)
		rc = hub_card(path, s->documents, s->tokens, s->conf->tokenizer ? s->conf->tokenizer : "built-in tokenizer", e);
	if (done && !rc && s->formats)
		rc = summary_write(&sum, e);
	shard_free(s);
	return rc;
}

int shard_remove(const struct shard_conf *c, uint64_t *documents, uint64_t *tokens, struct err *e)
{
	struct shard s = {.conf = c};
	struct remove_count count = {0};
	int rc = c->out ? vocab_open(&s.vocab, c->tokenizer, e) : err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "shard needs -o DIR");
	if (!rc)
		rc = find_token(&s, "eos", true, c->eos_token, s.vocab->eos, &s.eos, e);
	if (!rc)
		rc = remove_urls(c->out, c->remove, s.eos, &count, e);
	vocab_free(s.vocab);
	*documents = count.documents;
	*tokens = count.tokens;
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
