#include "cli/place.h"

#include "core/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

struct finding {
	const char *dir;
	struct arena *a;
	struct place_lines *out;
	struct buf *json; /* instead of lines */
};

/* ---- as lines ---- */

static void put(struct finding *f, const char *label, struct str text)
{
	f->out->v[f->out->n++] = (struct place_line){label, text};
}

static void put_lines(struct finding *f, const char *split, const struct place *p, const struct lookup_files *x)
{
	struct arena *a = f->a;
	uint64_t last = p->position + (p->tokens ? p->tokens - 1 : 0);
	put(f, "position", arena_printf(a, "%s, tokens %" PRIu64 " to %" PRIu64 ", document %" PRIu64, split, p->position, last, p->document));
	if (x->mds)
		put(f, "MDS", x->offset ? arena_printf(a, "mds/%s/shard.%05u.mds.zstd, sample %" PRIu64 " from its token %" PRIu64, split, x->shard, x->sample, x->offset) : arena_printf(a, "mds/%s/shard.%05u.mds.zstd, sample %" PRIu64, split, x->shard, x->sample));
	if (x->megatron)
		put(f, "Megatron", arena_printf(a, "megatron/%s.bin, byte %" PRIu64 ", sequence %" PRIu64, split, p->position * x->width, x->sequence));
	if (x->flat)
		put(f, "flat", arena_printf(a, "flat/%s.ds, byte %" PRIu64, split, p->position * x->width));
}

/* ---- as JSON ---- */

static void put_json(struct buf *b, const char *split, const struct place *p, const struct lookup_files *x)
{
	buf_printf(b, "{\"split\":\"%s\",\"document\":%" PRIu64 ",\"position\":%" PRIu64 ",\"tokens\":%" PRIu64, split, p->document, p->position, p->tokens);
	if (p->id.p) {
		buf_z(b, ",\"id\":");
		json_put_string(b, p->id);
		buf_z(b, ",\"url\":");
		json_put_string(b, p->url);
	} else {
		buf_z(b, ",\"removed\":true");
	}
	if (x->mds)
		buf_printf(b, ",\"mds\":{\"shard\":\"mds/%s/shard.%05u.mds.zstd\",\"sample\":%" PRIu64 ",\"token\":%" PRIu64 "}", split, x->shard, x->sample, x->offset);
	if (x->megatron)
		buf_printf(b, ",\"megatron\":{\"sequence\":%" PRIu64 ",\"byte\":%" PRIu64 "}", x->sequence, p->position * x->width);
	if (x->flat)
		buf_printf(b, ",\"flat\":{\"byte\":%" PRIu64 "}", p->position * x->width);
	buf_z(b, "}\n");
}

/* ---- finding ---- */

static int take(void *self, const char *split, const struct place *p, struct err *e)
{
	struct finding *f = self;
	struct lookup_files x;
	if (!f->json && f->out->all++ >= PLACE_MAX)
		return 0;
	int rc = lookup_files(f->dir, split, p, &x, e);
	if (!rc && f->json)
		put_json(f->json, split, p, &x);
	else if (!rc)
		put_lines(f, split, p, &x);
	return rc;
}

int place_find(const char *shards, struct str id, struct str url, struct arena *a, struct place_lines *out, struct err *e)
{
	struct finding f = {.dir = shards, .a = a, .out = out};
	*out = (struct place_lines){.v = ARENA_ARRAY(a, struct place_line, 4 * PLACE_MAX + 1)};
	int rc = lookup_each(shards, id, url, take, &f, e);
	if (!rc && out->all > PLACE_MAX)
		put(&f, "", arena_printf(a, "and %" PRIu64 " more", out->all - PLACE_MAX));
	return rc;
}

bool place_alone(const char *dir)
{
	char meta[4096];
	snprintf(meta, sizeof(meta), "%s/meta", dir);
	return access(meta, F_OK) != 0 && lookup_any(dir);
}

int place_of_token(const char *shards, const struct place_ask *ask, struct arena *a, struct place *out, struct err *e)
{
	int rc = lookup_position(shards, ask->split, ask->position, a, out, e);
	if (rc > 0)
		return err_at(e, ERR_DATA, (struct where){shards, WHERE_NONE}, "token %" PRIu64 " of %s is of no document: it is padding, or beyond the end", ask->position, ask->split);
	return rc;
}

static void put_page(struct buf *b, struct str head, const char *label, struct str value)
{
	if (head.n) {
		buf_str(b, head);
		buf_byte(b, '\n');
	}
	if (value.n)
		buf_printf(b, "  %-15s %.*s\n", label, STR_ARG(value));
}

/* The one document of a token: its own place alone, when it was taken out or occurs more than once. */
static int page_of_token(const char *shards, const struct place_ask *ask, struct finding *f, struct buf *out, struct err *e)
{
	struct place p;
	int rc = place_of_token(shards, ask, f->a, &p, e);
	if (rc)
		return rc;
	if (!f->json)
		put_page(out, p.id.p ? p.url : STR("(taken out: removed.jsonl says what it was)"), "id", p.id);
	f->out->v = ARENA_ARRAY(f->a, struct place_line, 5);
	rc = take(f, ask->split, &p, e);
	if (!rc && !f->json)
		put(f, "token", arena_printf(f->a, "%" PRIu64 " is its number %" PRIu64, ask->position, ask->position - p.position));
	return rc;
}

int place_page(const char *shards, const struct place_ask *ask, bool json, struct buf *out, struct err *e)
{
	struct place_lines lines = {0};
	struct finding f = {.dir = shards, .a = arena_new(0), .out = &lines, .json = json ? out : NULL};
	struct str id = str_of(ask->id), url = str_of(ask->url);
	size_t before = out->n;
	int rc;
	if (ask->position != UINT64_MAX) {
		rc = page_of_token(shards, ask, &f, out, e);
	} else if (json) {
		rc = lookup_each(shards, id, url, take, &f, e);
	} else {
		put_page(out, id.n ? id : url, "", (struct str){0});
		rc = place_find(shards, id, url, f.a, &lines, e);
	}
	for (unsigned i = 0; i < lines.n; i++)
		put_page(out, (struct str){0}, lines.v[i].label, lines.v[i].text);
	if (!rc && (json ? out->n == before : !lines.n))
		rc = err_at(e, ERR_DATA, (struct where){shards, WHERE_NONE}, "no such document is in these shards");
	arena_free(f.a);
	return rc;
}
