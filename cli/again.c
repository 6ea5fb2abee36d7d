#include "cli/again.h"

#include "cli/chain.h"
#include "core/drive.h"
#include "crawl/archive.h"
#include "crawl/crawl.h"
#include "extract/charset.h"

/* A stage that only looks: the first document that comes by. */
struct look {
	struct again *x;
	struct again_step *step;
};

static int look_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static int look_fold(void *shared, struct batch *b, struct err *e)
{
	const struct look *l = shared;
	(void)e;
	if (!b->n || l->step->reached)
		return 0;
	const struct doc *d = &b->docs[0];
	*l->step = (struct again_step){true, arena_str(l->x->a, d->raw), arena_str(l->x->a, d->charset), arena_str(l->x->a, d->text),
				       arena_str(l->x->a, str_of(d->drop ? d->drop->name : "")), arena_str(l->x->a, d->http_charset),
				       arena_str(l->x->a, charset_declared(d->html))};
	return 0;
}

static int look_close(void *shared, bool done, struct tally *t, struct err *e)
{
	(void)shared, (void)done, (void)t, (void)e;
	return 0;
}

static const struct stage look_stage = {.name = "look", .open = look_open, .fold = look_fold, .close = look_close};

int again_read(struct again *out, const char *file, uint64_t offset, const struct past *past, struct err *e)
{
	struct crawl_conf crawl;
	void *extract = own_zalloc(chain[CHAIN_EXTRACT]->conf_size);
	struct opt_set sets[] = {{"crawl", chain[CHAIN_CRAWL]->opts, &crawl}, {"extract", chain[CHAIN_EXTRACT]->opts, extract}};
	memset(&crawl, 0, sizeof(crawl));
	opt_defaults(sets, 2);
	crawl.begin = offset;
	crawl.end = offset + 1;
	*out = (struct again){.a = arena_new(0)};
	struct look before = {out, &out->before}, after = {out, &out->after};
	struct link links[] = {{chain[CHAIN_CRAWL], &crawl, NULL}, {chain[CHAIN_EXTRACT], extract, NULL}, {&look_stage, &before, NULL},
			       {chain[CHAIN_FILTER], &past->filter, NULL}, {&look_stage, &after, NULL}};
	struct drive d = {.source = &archive_source, .paths = &file, .n_paths = 1, .source_conf = &crawl, .links = links, .n_links = sizeof(links) / sizeof(*links), .threads = 1};
	int rc = drive_run(&d, e);
	tally_free(d.tally);
	opt_free(sets, 2);
	free(extract);
	if (!rc && !out->before.reached)
		rc = 1;
	if (rc)
		again_free(out);
	return rc;
}

void again_free(struct again *x)
{
	x->a = arena_free(x->a);
}
