#include "shard/summary.h"

#include "core/json.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static void put_text(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, ",\"%s\":", name);
	if (text)
		json_put_string(b, str_of(text));
	else
		buf_z(b, "null");
}

static void put_number(struct buf *b, const char *name, uint64_t n)
{
	buf_printf(b, ",\"%s\":%" PRIu64, name, n);
}

static void put_id(struct buf *b, const char *name, uint32_t id)
{
	if (id == VOCAB_NONE)
		put_text(b, name, NULL);
	else
		put_number(b, name, id);
}

static void put_tokenizer(struct buf *b, const struct summary *s)
{
	buf_z(b, ",\"tokenizer\":{\"name\":");
	json_put_string(b, str_of(s->conf->tokenizer ? s->conf->tokenizer : "built-in"));
	put_text(b, "kind", s->vocab->kind);
	buf_printf(b, ",\"digest\":\"xxh3:%016" PRIx64 "\"", s->vocab->digest);
	put_number(b, "size", s->vocab->size);
	put_id(b, "bos", s->bos);
	put_id(b, "eos", s->eos);
	buf_byte(b, '}');
}

static void put_formats(struct buf *b, struct str list)
{
	buf_z(b, ",\"formats\":[");
	for (bool first = true; list.n; first = false) {
		buf_z(b, first ? "" : ",");
		json_put_string(b, str_trim(str_cut(list, ',', &list)));
	}
	buf_byte(b, ']');
}

static void put_settings(struct buf *b, const struct shard_conf *c)
{
	put_number(b, "sequence", c->sequence);
	put_text(b, "packing", !c->sequence ? NULL : c->packing ? "best-fit" : "concatenate");
	put_number(b, "shuffle", c->shuffle);
	put_text(b, "budget", c->tokens);
	put_text(b, "mix", c->mix);
	buf_z(b, ",\"validation\":");
	json_put_real(b, c->validation);
	put_number(b, "validation_from", c->validation_from);
	put_number(b, "min_tokens", c->min_tokens);
	put_number(b, "max_tokens", c->max_tokens);
	buf_printf(b, ",\"begins_with_bos\":%s,\"ends_with_eos\":%s,\"special\":%s", c->bos ? "true" : "false", c->eos ? "true" : "false", c->special ? "true" : "false");
}

static void put_split(struct buf *b, const char *name, const struct feed_count *c, uint64_t length)
{
	buf_printf(b, "\"%s\":{\"documents\":%" PRIu64, name, c->documents);
	put_number(b, "tokens", c->tokens);
	if (length) {
		put_number(b, "sequences", c->sequences);
		put_number(b, "padding", c->padding);
		buf_z(b, ",\"padding_share\":");
		json_put_real(b, c->sequences ? (double)c->padding / ((double)c->sequences * (double)length) : 0);
	}
	put_number(b, "beyond_budget_documents", c->beyond);
	put_number(b, "beyond_budget_tokens", c->beyond_tokens);
	buf_byte(b, '}');
}

void summary_begin(const char *dir)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/shards.json", dir);
	unlink(path);
}

int summary_write(const struct summary *s, struct err *e)
{
	char path[4096];
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_z(&b, "{\"peneira\":");
	json_put_string(&b, STR(PENEIRA_VERSION));
	put_tokenizer(&b, s);
	put_formats(&b, str_of(s->conf->format));
	put_number(&b, "token_bytes", s->vocab->size > 65536 ? 4 : 2);
	put_settings(&b, s->conf);
	put_number(&b, "copies", s->copies);
	put_number(&b, "mixed_out", s->mixed_out);
	buf_z(&b, ",\"splits\":{");
	put_split(&b, "train", &s->count[0], s->conf->sequence);
	buf_byte(&b, ',');
	put_split(&b, "validation", &s->count[1], s->conf->sequence);
	buf_z(&b, "}}\n");
	snprintf(path, sizeof(path), "%s/shards.json", s->conf->out);
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}
