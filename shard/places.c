#include "shard/places.h"

#include "core/json.h"
#include "core/zout.h"

#include <inttypes.h>

struct places {
	struct zout *out;
	struct buf line;
};

int places_open(struct places **out, const char *path, struct err *e)
{
	struct places *p = own_zalloc(sizeof(*p));
	buf_init(&p->line, BUF_NO_MAX);
	int rc = zout_open(&p->out, path, 0, e);
	if (rc) {
		places_free(p);
		return rc;
	}
	*out = p;
	return 0;
}

struct places *places_free(struct places *p)
{
	if (!p)
		return NULL;
	zout_free(p->out);
	buf_free(&p->line);
	free(p);
	return NULL;
}

int places_put(struct places *p, const struct place *one, struct err *e)
{
	buf_clear(&p->line);
	buf_printf(&p->line, "{\"document\":%" PRIu64 ",\"position\":%" PRIu64 ",\"tokens\":%" PRIu64 ",\"id\":", one->document, one->position, one->tokens);
	json_put_string(&p->line, one->id);
	buf_z(&p->line, ",\"url\":");
	json_put_string(&p->line, one->url);
	buf_z(&p->line, "}\n");
	return zout_write(p->out, p->line.p, p->line.n, e);
}

bool places_read(struct place *out, struct str line, struct arena *a)
{
	struct json j = json_of(line);
	struct str key;
	*out = (struct place){0};
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("document")))
			json_u64(&j, &out->document);
		else if (str_eq(key, STR("position")))
			json_u64(&j, &out->position);
		else if (str_eq(key, STR("tokens")))
			json_u64(&j, &out->tokens);
		else if (str_eq(key, STR("id")))
			json_string(&j, a, &out->id);
		else if (str_eq(key, STR("url")))
			json_string(&j, a, &out->url);
		else
			json_skip(&j, NULL);
	}
	return json_done(&j);
}

int places_commit(struct places *p, struct err *e)
{
	int rc = zout_commit(p->out, e);
	p->out = NULL;
	places_free(p);
	return rc;
}
