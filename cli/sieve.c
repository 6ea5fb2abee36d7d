#include "cli/sieve.h"

#include "cli/audit.h"
#include "cli/chain.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/gather.h"
#include "cli/sniff.h"
#include "cli/takedown.h"
#include "core/jsonl.h"
#include "core/stop.h"
#include "crawl/archive.h"
#include "crawl/crawl.h"
#include "crawl/warc.h"

#include <stdio.h>

enum { LINKS_MAX = 6 };

/* What one run of a stage needs: the chain with its reader before it and its writer behind it. */
struct sieve {
	struct common_conf common;
	struct jsonl_write_conf write;
	struct jsonl_read_conf read;
	struct warc_conf warc;
	struct link links[LINKS_MAX];
	unsigned n;
	void *confs[CHAIN_N];
};

static void add(struct sieve *s, const struct stage *stage, const void *conf)
{
	s->links[s->n++] = (struct link){stage, conf, NULL};
}

/* Archives start with crawl's own reader, everything else is JSON lines. A stage behind extract wants JSON lines. */
static int choose_source(struct sieve *s, struct drive *d, int which, struct err *e)
{
	struct buf head;
	buf_init(&head, BUF_NO_MAX);
	int rc = sniff(d->paths[0], &head, e);
	bool lines = !rc && which > CHAIN_EXTRACT && (jsonl_probe(buf_view(&head)) || head.n == 0);
	buf_free(&head);
	if (rc)
		return rc;
	if (lines) {
		d->source = &jsonl_source;
		add(s, &jsonl_read_stage, &s->read);
		return 0;
	}
	if (which > CHAIN_EXTRACT)
		return err_at(e, ERR_USAGE, (struct where){d->paths[0], WHERE_NONE}, "%s reads JSON lines; this is something else", chain[which]->name);
	/* Archives always pass crawl: what it let through once, it lets through again. */
	d->source = &archive_source;
	d->source_conf = s->confs[CHAIN_CRAWL];
	if (which == CHAIN_EXTRACT)
		add(s, &crawl_stage, s->confs[CHAIN_CRAWL]);
	return 0;
}

/* crawl writes WARC, unless the name says JSON lines; what it leaves out is JSON lines always. */
static void add_writer(struct sieve *s, int which)
{
	struct str out = str_of(s->write.path);
	if (which == CHAIN_CRAWL && str_find(out, STR(".jsonl")) == out.n) {
		s->warc = (struct warc_conf){.path = s->write.path};
		s->write.path = NULL;
		add(s, &warc_stage, &s->warc);
	}
	if (which != CHAIN_SHARD && (s->write.path || s->write.rejects))
		add(s, &jsonl_write_stage, &s->write);
}

static int drive_stage(struct sieve *s, int which, const char *const *paths, size_t n_paths, struct err *e)
{
	struct drive d = {.paths = paths, .n_paths = n_paths, .threads = (unsigned)s->common.threads, .spool = s->common.tmp};
	int rc = choose_source(s, &d, which, e);
	if (rc)
		return common_fail(e);
	add(s, chain[which], s->confs[which]);
	add_writer(s, which);
	d.links = s->links;
	d.n_links = s->n;
	double began = common_now();
	d.progress = s->common.quiet ? NULL : progress_new(chain[which]->name, common_size(paths, n_paths), s->common.progress);
	rc = drive_run(&d, e);
	d.progress = progress_free(d.progress);
	int status = rc ? common_fail(e) : common_end(&s->common, d.tally, d.stored, common_now() - began, e);
	tally_free(d.tally);
	return status;
}

static int sieve(int which, int argc, char **argv)
{
	struct sieve s = {0};
	struct opt_set sets[3] = {{"common", common_opts, &s.common}};
	unsigned n_sets = 2;
	struct err e = {0};
	const char **paths = NULL;
	size_t n_paths;
	struct gather_conf gather_conf = {0};
	int n_args = 0;
	s.confs[which] = own_zalloc(chain[which]->conf_size);
	sets[1] = (struct opt_set){chain[which]->name, chain[which]->opts, s.confs[which]};
	if (which == CHAIN_EXTRACT) {
		s.confs[CHAIN_CRAWL] = own_zalloc(crawl_stage.conf_size);
		sets[n_sets++] = (struct opt_set){"crawl", crawl_stage.opts, s.confs[CHAIN_CRAWL]};
	}
	if (which == CHAIN_CRAWL)
		sets[n_sets++] = (struct opt_set){"gather", gather_opts, &gather_conf};
	int status = common_parse(argv[0], sets, n_sets, argc, argv, &n_args);
	if (status < 0 && gather_wanted(&gather_conf)) {
		stop_install();
		status = common_paths(argv + 1, n_args, &paths, &n_paths, &e) ? common_fail(&e) : gather(&s.common, &gather_conf, s.confs[CHAIN_CRAWL], paths, n_paths);
	} else if (status < 0) {
		char *history = common_history(argc, argv);
		stop_install();
		s.write = (struct jsonl_write_conf){.path = s.common.out ? s.common.out : "-", .rejects = s.common.rejects, .seal = true,
						    .history = history};
		if (common_paths(argv + 1, n_args, &paths, &n_paths, &e))
			status = common_fail(&e);
		else if (which == CHAIN_DEDUP && audit_asked(s.confs[which], paths, n_paths))
			status = audit_run(s.confs[which], paths[0], &e);
		else
			status = drive_stage(&s, which, paths, n_paths, &e);
		free(history);
	}
	free(paths);
	opt_free(sets, n_sets);
	for (int i = 0; i < CHAIN_N; i++)
		free(s.confs[i]);
	return status;
}

int cmd_crawl(int argc, char **argv)
{
	return sieve(CHAIN_CRAWL, argc, argv);
}

int cmd_extract(int argc, char **argv)
{
	return sieve(CHAIN_EXTRACT, argc, argv);
}

int cmd_filter(int argc, char **argv)
{
	return sieve(CHAIN_FILTER, argc, argv);
}

int cmd_dedup(int argc, char **argv)
{
	return sieve(CHAIN_DEDUP, argc, argv);
}

int cmd_shard(int argc, char **argv)
{
	return takedown_asked(argc, argv) ? takedown(argc, argv) : sieve(CHAIN_SHARD, argc, argv);
}
