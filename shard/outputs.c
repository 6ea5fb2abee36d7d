#include "shard/outputs.h"

#include "core/folder.h"
#include "shard/flat.h"
#include "shard/hub.h"
#include "shard/mds.h"
#include "shard/megatron.h"

#include <stdio.h>

static const char *const names[] = {"mds", "megatron", "flat", "parquet"};
enum { MDS, MEGATRON, FLAT, TOKEN_FORMATS, PARQUET = TOKEN_FORMATS, FORMATS };

struct outputs {
	struct mds *mds;
	struct megatron *megatron;
	struct flat *flat;
	struct hub *hub;
	struct places *places[TOKEN_FORMATS];
};

int outputs_formats(unsigned *out, struct str list, struct err *e)
{
	*out = 0;
	while (list.n) {
		struct str one = str_trim(str_cut(list, ',', &list));
		unsigned bit = 0;
		for (int i = 0; i < FORMATS; i++)
			if (str_eq(one, str_of(names[i])))
				bit = 1u << i;
		if (!bit)
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--format: '%.*s' is none of mds, megatron, flat, parquet", STR_ARG(one));
		*out |= bit;
	}
	return 0;
}

static int open_one(struct outputs *o, const struct outputs_conf *c, int which, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), which == MDS ? "%s/%s/%s" : "%s/%s", c->folder, names[which], c->split);
	int rc = folder_make(path, e);
	if (!rc && which == MDS)
		rc = mds_open(&o->mds, path, &(struct mds_conf){{c->wide, c->packed, c->level}, c->frame, c->threads}, e);
	if (!rc && which == PARQUET)
		rc = hub_open(&o->hub, path, c->split, e);
	snprintf(path, sizeof(path), "%s/%s/%s", c->folder, names[which], c->split);
	if (!rc && which == MEGATRON)
		rc = megatron_open(&o->megatron, path, c->wide, e);
	if (!rc && which == FLAT)
		rc = flat_open(&o->flat, path, c->wide, c->tokenizer, e);
	snprintf(path, sizeof(path), "%s/%s/%s.documents.jsonl.zst", c->folder, names[which], c->split);
	return rc || which == PARQUET ? rc : places_open(&o->places[which], path, e);
}

int outputs_open(struct outputs **out, const struct outputs_conf *c, struct err *e)
{
	struct outputs *o = own_zalloc(sizeof(*o));
	int rc = 0;
	for (int i = 0; i < FORMATS && !rc; i++)
		if (c->formats >> i & 1)
			rc = open_one(o, c, i, e);
	if (rc) {
		outputs_free(o);
		return rc;
	}
	*out = o;
	return 0;
}

struct outputs *outputs_free(struct outputs *o)
{
	if (!o)
		return NULL;
	mds_free(o->mds);
	megatron_free(o->megatron);
	flat_free(o->flat);
	hub_free(o->hub);
	for (int i = 0; i < TOKEN_FORMATS; i++)
		places_free(o->places[i]);
	free(o);
	return NULL;
}

int outputs_tokens(struct outputs *o, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e)
{
	int rc = o->mds ? mds_put(o->mds, id, starts, n_starts, tokens, n, e) : 0;
	if (!rc && o->megatron)
		rc = megatron_put(o->megatron, tokens, n, e);
	if (!rc && o->flat)
		rc = flat_put(o->flat, tokens, n, e);
	return rc;
}

int outputs_place(struct outputs *o, const struct place *p, struct err *e)
{
	int rc = 0;
	for (int i = 0; i < TOKEN_FORMATS && !rc; i++)
		if (o->places[i])
			rc = places_put(o->places[i], p, e);
	return rc;
}

int outputs_text(struct outputs *o, const struct doc *d, struct err *e)
{
	return o->hub ? hub_put(o->hub, d, e) : 0;
}

/* Places first: a split whose index is there has them. */
int outputs_commit(struct outputs *o, struct err *e)
{
	int rc = 0;
	for (int i = 0; i < TOKEN_FORMATS && !rc; i++)
		if (o->places[i]) {
			rc = places_commit(o->places[i], e);
			o->places[i] = NULL;
		}
	if (!rc && o->mds) {
		rc = mds_commit(o->mds, e);
		o->mds = NULL;
	}
	if (!rc && o->megatron) {
		rc = megatron_commit(o->megatron, e);
		o->megatron = NULL;
	}
	if (!rc && o->flat) {
		rc = flat_commit(o->flat, e);
		o->flat = NULL;
	}
	if (!rc && o->hub) {
		rc = hub_commit(o->hub, e);
		o->hub = NULL;
	}
	outputs_free(o);
	return rc;
}
