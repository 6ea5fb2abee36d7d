#include "shard/feed.h"

#include <inttypes.h>
#include <stdio.h>

struct feed {
	struct feed_conf conf;
	char *split;
	struct outputs *outputs;
	struct pack *pack;
	struct feed_count count;
	uint64_t position;
};

static int put_sequence(void *self, const struct pack_sequence *s, struct err *e)
{
	struct feed *f = self;
	char id[64];
	int n = snprintf(id, sizeof(id), "%s-%09" PRIu64, f->split, s->number);
	f->count.sequences++;
	return outputs_tokens(f->outputs, (struct str){id, (size_t)n}, s->starts, s->n_starts, s->tokens, s->n, e);
}

static int put_place(void *self, const struct place *p, struct err *e)
{
	struct feed *f = self;
	return outputs_place(f->outputs, p, e);
}

int feed_open(struct feed **out, const struct feed_conf *c, struct err *e)
{
	struct feed *f = own_zalloc(sizeof(*f));
	f->conf = *c;
	f->split = own_strdup(c->outputs.split);
	if (c->sequence)
		f->pack = pack_new(c->sequence, c->best_fit, c->padding, (struct pack_sink){put_sequence, put_place, f});
	int rc = outputs_open(&f->outputs, &c->outputs, e);
	if (rc) {
		feed_free(f);
		return rc;
	}
	*out = f;
	return 0;
}

struct feed *feed_free(struct feed *f)
{
	if (!f)
		return NULL;
	pack_free(f->pack);
	outputs_free(f->outputs);
	free(f->split);
	free(f);
	return NULL;
}

int feed_put(struct feed *f, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e)
{
	if (f->conf.budget && f->count.tokens >= f->conf.budget) {
		f->count.beyond++;
		f->count.beyond_tokens += n;
		return 0;
	}
	struct place place = {f->count.documents, f->position, n, id, url};
	f->count.documents++;
	f->count.tokens += n;
	f->position += n;
	if (f->pack)
		return pack_put(f->pack, id, url, tokens, n, e);
	int rc = outputs_tokens(f->outputs, id, NULL, 0, tokens, n, e);
	return rc ? rc : outputs_place(f->outputs, &place, e);
}

int feed_text(struct feed *f, const struct doc *d, struct err *e)
{
	return outputs_text(f->outputs, d, e);
}

int feed_commit(struct feed *f, struct feed_count *count, struct err *e)
{
	int rc = f->pack ? pack_end(f->pack, e) : 0;
	if (f->pack)
		f->count.padding = pack_padding(f->pack);
	if (count)
		*count = f->count;
	if (!rc) {
		rc = outputs_commit(f->outputs, e);
		f->outputs = NULL;
	}
	feed_free(f);
	return rc;
}
