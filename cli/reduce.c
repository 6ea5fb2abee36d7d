#include "cli/reduce.h"

#include "cli/decide.h"
#include "cli/sheaf.h"
#include "cli/tools.h"
#include "core/json.h"
#include "core/jsonl.h"
#include "core/meta.h"
#include "core/progress.h"
#include "core/zin.h"
#include "core/zout.h"
#include "dedup/cut.h"
#include "dedup/dedup.h"
#include "dedup/verdict.h"
#include "shard/outputs.h"
#include "shard/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { MARK_MAX = 4 << 20, LOT_MEMORY = 160 << 20 }; /* LOT_MEMORY: what a lot in hand may take: a tokenizer, row groups, batches */

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

/* ---- what a lot is made from ---- */

/* The verdicts on documents [from, to), and what is cut out of them. */
static int hash_verdicts(const struct run *r, const struct lot *l, XXH3_state_t *h, struct err *e)
{
	_cleanup_(verdict_in_freep) struct verdict_in *in = NULL;
	struct cut_in *cuts = NULL;
	char path[4096];
	int rc = verdict_open(&in, run_path(r, path, DECIDE_VERDICTS), e);
	if (!rc && verdict_units(in) != r->plan.n)
		return err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "verdicts on %zu units, not on %zu: remove this file to have it made again", verdict_units(in), r->plan.n);
	if (!rc && access(run_path(r, path, DECIDE_VERDICTS ".cuts"), F_OK) == 0)
		rc = cut_open(&cuts, path, e);
	uint64_t from = rc ? 0 : verdict_first(in, l->first), to = rc ? 0 : verdict_first(in, l->first + l->n);
	for (uint64_t i = from; i < to && !rc; i++) {
		struct verdict v;
		const struct cut *c;
		size_t n = 0;
		rc = verdict_get(in, i, &v, e);
		if (!rc)
			XXH3_64bits_update(h, (uint64_t[]){v.cluster, (uint64_t)v.size << 32 | (uint32_t)v.kind << 24 | v.captures}, 16);
		if (!rc && cuts && !(rc = cut_get(cuts, i, &c, &n, e)) && n)
			XXH3_64bits_update(h, c, n * sizeof(*c));
	}
	cut_in_free(cuts);
	return rc;
}

static int hash_file(const char *path, size_t max, XXH3_state_t *h, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	int rc = zin_slurp(path, max, &text, &n, e);
	if (!rc)
		XXH3_64bits_update(h, text, n);
	free(text);
	return rc;
}

/* tools: of the files that options name (tools_digest). */
static int lot_state(const struct run *r, const struct lot *l, uint64_t tools, uint64_t *state, struct err *e)
{
	char path[4096];
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	XXH3_64bits_update(h, &tools, sizeof(tools));
	int rc = hash_file(run_path(r, path, "work/config.toml"), 16 << 20, h, e);
	for (size_t i = 0; i < l->n && !rc; i++)
		rc = hash_file(run_path(r, path, "work/map/%s.json", r->plan.units[l->first + i].name), MARK_MAX, h, e);
	if (!rc)
		rc = hash_verdicts(r, l, h, e);
	*state = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	return rc;
}

/* ---- the mark of a lot ---- */

static const char *mark_path(const struct run *r, const struct lot *l, char out[4096])
{
	return run_path(r, out, "work/lots/%s.json", l->name);
}

bool reduce_marked(const struct run *r, const struct lot *l)
{
	char path[4096];
	return access(mark_path(r, l, path), F_OK) == 0;
}

/* 1: no mark, or none that can be read. The counts go to r->tally where it is wanted. */
static int read_mark(struct run *r, const struct lot *l, uint64_t *state, bool count)
{
	_cleanup_(own_freep) char *text = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	char path[4096];
	size_t n;
	struct str key, is = {0}, tally = {0};
	if (!reduce_marked(r, l) || zin_slurp(mark_path(r, l, path), MARK_MAX, &text, &n, NULL))
		return 1;
	struct json j = json_of((struct str){text, n});
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("state")))
			json_string(&j, a, &is);
		else
			json_skip(&j, str_eq(key, STR("tally")) ? &tally : NULL);
	}
	if (!json_done(&j) || is.n != 16)
		return 1;
	*state = strtoull(arena_str(a, is).p, NULL, 16);
	return count && tally_add_json(r->tally, tally, NULL);
}

static int write_mark(const struct run *r, const struct lot *l, uint64_t state, struct str counts, struct err *e)
{
	char path[4096];
	struct buf b;
	buf_init(&b, MARK_MAX);
	buf_printf(&b, "{\"state\":\"%016" PRIx64 "\",\"tally\":", state);
	buf_str(&b, counts);
	buf_z(&b, "}\n");
	int rc = zout_file(mark_path(r, l, path), buf_view(&b), e);
	buf_free(&b);
	return rc;
}

/* ---- a lot ---- */

struct names {
	char docs[4096], rejects[4096], meta[4096], sheaf[4096];
};

/* What lots share is opened once: a tokenizer takes tens of milliseconds. Tokens only: what is written is written from the sheaves of all lots. */
struct tokenize {
	struct stage stage;
	struct shard_conf conf;
	char folder[4096];
	void *shared;
	unsigned formats;
};

static int tokenize_open(struct tokenize *t, const struct run *r, struct err *e)
{
	t->stage = *chain[CHAIN_SHARD];
	t->conf = *(const struct shard_conf *)r->confs[CHAIN_SHARD];
	int rc = outputs_formats(&t->formats, str_of(t->conf.format), e);
	t->stage.fold = NULL;
	t->conf.out = run_path(r, t->folder, "work/lots");
	t->conf.format = "";
	t->conf.sequence = t->conf.shuffle = 0;
	return rc ? rc : t->stage.open(&t->shared, &t->conf, e);
}

static int through(struct run *r, const struct lot *l, struct crew *crew, const struct tokenize *t, struct dedup_verdicts *verdicts, struct buf *counts, struct err *e)
{
	struct names *n = own_alloc(sizeof(*n));
	const char **files = own_alloc((l->n + 1) * sizeof(*files)), **signals = all_signals();
	for (size_t i = 0; i < l->n; i++)
		files[i] = own_strdup(run_path(r, n->docs, "work/map/%s.jsonl.zst", r->plan.units[l->first + i].name));
	struct jsonl_read_conf read = {.drops = true};
	struct meta_conf meta = {run_path(r, n->meta, "work/lots/%s.parquet", l->name), signals};
	struct sheaf_conf sheaf = {run_path(r, n->sheaf, "work/lots/%s.sheaf", l->name), (t->formats & OUTPUTS_PARQUET) != 0, t->conf.mix != NULL};
	struct jsonl_write_conf write = {.path = run_path(r, n->docs, "work/lots/%s.jsonl.zst", l->name), .seal = true};
	if (r->conf.keep_rejects)
		write.rejects = run_path(r, n->rejects, "work/lots/%s.rejects.jsonl.zst", l->name);
	struct stage reader = jsonl_read_stage;
	/* Its input was counted in the map phase. */
	reader.drops = NULL;
	struct link links[] = {{&reader, &read, NULL}, {&dedup_mark_stage, verdicts, NULL}, {&t->stage, &t->conf, t->shared, true}, {&sheaf_write_stage, &sheaf, NULL}, {&meta_stage, &meta, NULL}, {&jsonl_write_stage, &write, NULL}};
	struct drive d = {.source = &jsonl_source, .paths = files, .n_paths = l->n, .links = links, .n_links = sizeof(links) / sizeof(*links), .crew = crew, .progress = r->progress};
	int rc = drive_run(&d, e);
	if (!rc)
		tally_json(d.tally, counts);
	tally_free(d.tally);
	own_free_strings(files, l->n);
	free(signals);
	free(n);
	return rc;
}

struct reduce {
	struct run *r;
	size_t *todo;
	uint64_t *states;
	struct tokenize tokenize;
};

static int make_lot(void *self, size_t i, struct crew *crew, struct err *e)
{
	const struct reduce *x = self;
	const struct lot *l = &x->r->lots[x->todo[i]];
	struct dedup_verdicts verdicts;
	struct buf counts;
	char path[4096];
	int rc = dedup_open(&verdicts, run_path(x->r, path, DECIDE_VERDICTS), l->first, l->n, x->r->confs[CHAIN_DEDUP], e);
	buf_init(&counts, MARK_MAX);
	/* While its files change, it is not done. */
	unlink(mark_path(x->r, l, path));
	if (!rc)
		rc = through(x->r, l, crew, &x->tokenize, &verdicts, &counts, e);
	if (!rc)
		rc = write_mark(x->r, l, x->states[i], buf_view(&counts), e);
	progress_part(x->r->progress);
	dedup_unload(&verdicts);
	buf_free(&counts);
	return rc;
}

static uint64_t stored_bytes(const struct run *r, const struct lot *l)
{
	uint64_t bytes = 0;
	struct stat st;
	char path[4096];
	for (size_t i = 0; i < l->n; i++)
		bytes += stat(run_path(r, path, "work/map/%s.jsonl.zst", r->plan.units[l->first + i].name), &st) ? 0 : (uint64_t)st.st_size;
	return bytes;
}

/* 1: the lot is to be made, for *state. */
static int to_do(struct run *r, const struct lot *l, uint64_t tools, uint64_t *state, struct err *e)
{
	uint64_t was = 0;
	int rc = lot_state(r, l, tools, state, e);
	return rc ? rc : read_mark(r, l, &was, false) || was != *state;
}

int reduce_missing(struct run *r, bool *todo, bool *any, struct err *e)
{
	uint64_t tools, state;
	int rc = tools_digest(r, &tools, e);
	*any = false;
	for (size_t i = 0; i < r->n_lots && rc >= 0; i++) {
		rc = to_do(r, &r->lots[i], tools, &state, e);
		*any |= todo[i] = rc > 0;
	}
	return rc < 0 ? rc : 0;
}

static int make_lots(struct reduce *x, const struct crew_job *job, struct err *e)
{
	int rc = tokenize_open(&x->tokenize, x->r, e);
	if (rc)
		return rc;
	rc = crew_run(job, e);
	int end = x->tokenize.stage.close(x->tokenize.shared, !rc, NULL, rc ? NULL : e);
	return rc ? rc : end;
}

int reduce_lots(struct run *r, uint64_t k, uint64_t n, size_t *made, struct err *e)
{
	struct reduce x = {.r = r, .todo = own_alloc((r->n_lots + 1) * sizeof(size_t)), .states = own_alloc((r->n_lots + 1) * sizeof(uint64_t))};
	struct crew_job job = {.part = make_lot, .self = &x, .threads = (unsigned)r->common.threads, .most = (unsigned)(r->common.memory / LOT_MEMORY) + 1};
	uint64_t tools, bytes = 0;
	int rc = tools_digest(r, &tools, e);
	for (size_t i = k; i < r->n_lots && rc >= 0; i += n) {
		rc = to_do(r, &r->lots[i], tools, &x.states[job.n], e);
		if (rc <= 0)
			continue;
		x.todo[job.n++] = i;
		bytes += stored_bytes(r, &r->lots[i]);
	}
	progress_phase(r->progress, "reduce", bytes, job.n);
	rc = rc < 0 ? rc : job.n ? make_lots(&x, &job, e) : 0;
	if (made)
		*made = job.n;
	free(x.todo);
	free(x.states);
	return rc;
}

int reduce_collect(struct run *r, struct err *e)
{
	size_t missing = 0;
	uint64_t state;
	for (size_t i = 0; i < r->n_lots; i++)
		missing += read_mark(r, &r->lots[i], &state, true) != 0;
	return missing ? err_at(e, ERR_DATA, (struct where){r->dir, WHERE_NONE}, "%zu of %zu lots of documents are not done: the same command does them", missing, r->n_lots) : 0;
}
