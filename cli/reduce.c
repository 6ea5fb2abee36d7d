/* The reduce phase: every unit's documents in order, with their verdicts, into the corpus: docs, rejects, meta, shards. */
#include "cli/run.h"

#include "core/jsonl.h"
#include "core/meta.h"
#include "core/zout.h"
#include "dedup/dedup.h"
#include "shard/shard.h"

#include <stdio.h>
#include <unistd.h>

/* ---- one row of meta a document, kept or not ---- */

struct meta_conf {
	const char *path;
	const char *const *signals;
};

static int meta_stage_open(void **shared, const void *conf, struct err *e)
{
	const struct meta_conf *c = conf;
	struct meta *m = NULL;
	int rc = meta_open(&m, c->path, c->signals, e);
	*shared = m;
	return rc;
}

static int meta_stage_fold(void *shared, struct batch *b, struct err *e)
{
	int rc = 0;
	for (unsigned i = 0; !rc && i < b->n; i++)
		rc = meta_put(shared, &b->docs[i], e);
	return rc;
}

static int meta_stage_close(void *shared, bool done, struct tally *t, struct err *e)
{
	(void)t;
	if (done)
		return meta_commit(shared, e);
	meta_free(shared);
	return 0;
}

static const struct stage meta_stage = {.name = "meta", .open = meta_stage_open, .fold = meta_stage_fold, .close = meta_stage_close};

/* Every signal that a stage may write, in the order of the stages. */
static const char **all_signals(void)
{
	size_t n = 0;
	const char **all = own_zalloc(sizeof(*all));
	for (int i = 0; i < CHAIN_N; i++)
		for (const char *const *s = chain[i]->signals; s && *s; s++) {
			all = own_grow(all, (n + 2) * sizeof(*all));
			all[n++] = *s;
			all[n] = NULL;
		}
	return all;
}

/* ---- the phase ---- */

static const char **unit_files(const struct run *r, const char *ending)
{
	const char **files = own_alloc((r->plan.n + 1) * sizeof(*files));
	char path[4096];
	for (size_t i = 0; i < r->plan.n; i++)
		files[i] = own_strdup(run_path(r, path, "work/map/%s%s", r->plan.units[i].name, ending));
	return files;
}

static void free_files(const char **files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)files[i]);
	free(files);
}

static int add_counts(struct run *r, const struct tally *t, struct err *e)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	tally_json(t, &b);
	int rc = tally_add_json(r->tally, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

static int write_corpus(struct run *r, struct dedup_verdicts *verdicts, const char *const *files, struct err *e)
{
	char docs[4096], rejects[4096], meta[4096], shards[4096];
	struct shard_conf shard = *(const struct shard_conf *)r->confs[CHAIN_SHARD];
	struct jsonl_read_conf read = {.drops = true};
	const char **signals = all_signals();
	struct meta_conf meta_c = {run_path(r, meta, "meta/00000.parquet"), signals};
	struct jsonl_write_conf write = {.path = run_path(r, docs, "docs/00000.jsonl.zst"), .seal = true};
	if (r->conf.keep_rejects)
		write.rejects = run_path(r, rejects, "rejects/00000.jsonl.zst");
	shard.out = run_path(r, shards, "shards");
	/* Its input was counted in the map phase. */
	struct stage reader = jsonl_read_stage;
	reader.drops = NULL;
	struct link links[] = {{&reader, &read, NULL}, {&dedup_mark_stage, verdicts, NULL}, {chain[CHAIN_SHARD], &shard, NULL}, {&meta_stage, &meta_c, NULL}, {&jsonl_write_stage, &write, NULL}};
	struct drive d = {.source = &jsonl_source, .paths = files, .n_paths = r->plan.n, .links = links, .n_links = sizeof(links) / sizeof(*links), .threads = (unsigned)r->common.threads};
	progress_label(r->progress, "reduce");
	int rc = drive_run(&d, e);
	if (!rc)
		rc = add_counts(r, d.tally, e);
	tally_free(d.tally);
	free(signals);
	return rc;
}

/* Signatures that are damaged are made again: their unit is not done any more. */
static void doubt_unit(struct run *r, const char *const *signs, struct err *e)
{
	char mark[4096];
	for (size_t i = 0; i < r->plan.n; i++)
		if (strncmp(e->file, signs[i], sizeof(e->file) - 1) == 0 && unlink(run_path(r, mark, "work/map/%s.json", r->plan.units[i].name)) == 0) {
			size_t n = strlen(e->msg);
			snprintf(e->msg + n, sizeof(e->msg) - n, ": the same command does it");
		}
}

int reduce_phase(struct run *r, struct err *e)
{
	const char **signs = unit_files(r, ".sign"), **docs = unit_files(r, ".jsonl.zst");
	struct dedup_verdicts verdicts;
	progress_label(r->progress, "dedup");
	int rc = dedup_load(&verdicts, signs, r->plan.n, r->confs[CHAIN_DEDUP], e);
	if (rc == ERR_DATA)
		doubt_unit(r, signs, e);
	if (!rc)
		rc = write_corpus(r, &verdicts, docs, e);
	dedup_unload(&verdicts);
	free_files(signs, r->plan.n);
	free_files(docs, r->plan.n);
	return rc;
}
