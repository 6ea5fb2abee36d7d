/* The map phase: each unit by itself, from archive bytes to judged and signed documents. */
#include "cli/run.h"

#include "core/json.h"
#include "core/jsonl.h"
#include "core/meta.h"
#include "core/progress.h"
#include "core/raw.h"
#include "core/seal.h"
#include "core/utf8.h"
#include "core/zin.h"
#include "core/zout.h"
#include "crawl/archive.h"
#include "crawl/crawl.h"
#include "dedup/dedup.h"
#include "dedup/signs.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { MARK_MAX = 4 << 20 };

/* ---- texts of what is left out are not kept, unless asked for; what they measured is ---- */

static int strip_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)worker;
	(void)e;
	for (struct doc *d = b->docs; d < b->docs + b->n; d++) {
		if (!d->drop || *(const bool *)shared)
			continue;
		d->characters = (uint32_t)utf8_count(d->text);
		d->words = (uint32_t)meta_words(d->text);
		d->text = (struct str){0};
	}
	return 0;
}

static int strip_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static const struct stage strip_stage = {.name = "strip", .open = strip_open, .map = strip_map};

/* ---- the done mark ---- */

/* What damage there was, so that the last call can show it. */
static void put_said(struct buf *b, const struct tally *t)
{
	for (unsigned i = 0; tally_said(t, i); i++) {
		buf_z(b, i ? "," : ",\"said\":[");
		json_put_string(b, str_of(tally_said(t, i)));
	}
	if (tally_said(t, 0))
		buf_byte(b, ']');
}

static void read_said(struct json *j, struct arena *a, struct tally *t)
{
	struct str text;
	json_array(j);
	while (json_element(j) && json_string(j, a, &text))
		tally_say(t, arena_str(a, text).p);
}

static int write_mark(const char *path, const struct unit *u, const struct drive *d, uint64_t digest, struct err *e)
{
	struct buf b;
	buf_init(&b, MARK_MAX);
	buf_z(&b, "{\"path\":");
	json_put_string(&b, str_of(u->path));
	if (u->begin || u->end != UINT64_MAX)
		buf_printf(&b, ",\"begin\":%" PRIu64 ",\"end\":%" PRIu64, u->begin, u->end == UINT64_MAX ? u->size : u->end);
	buf_printf(&b, ",\"size\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64 "\",\"stored\":%" PRIu64 ",\"tally\":", u->size,
		   digest, d->stored);
	tally_json(d->tally, &b);
	put_said(&b, d->tally);
	buf_z(&b, "}\n");
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

/* Is the file what it was? One that is gone is believed: its documents are here. The digest is taken only when the time of the last
 * change is another than the list of inputs says. */
static bool same_bytes(const struct unit *u, struct str digest)
{
	char text[17];
	uint64_t is = 0;
	if (!u->touched || access(u->path, F_OK) != 0)
		return true;
	if (raw_digest(u->path, u->begin, u->end, &is, NULL, NULL))
		return false;
	snprintf(text, sizeof(text), "%016" PRIx64, is);
	return str_eq(str_of(text), digest);
}

/* Add the counts of a finished unit; ERR_USAGE when its input has changed since. */
static int read_mark(struct run *r, const char *path, const struct unit *u, struct err *e)
{
	_cleanup_(own_freep) char *text = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	size_t n;
	uint64_t size = 0, stored = 0;
	struct str key, tally = {0}, digest = {0};
	int rc = zin_slurp(path, MARK_MAX, &text, &n, e);
	if (rc)
		return rc;
	struct json j = json_of((struct str){text, n});
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("size")))
			json_u64(&j, &size);
		else if (str_eq(key, STR("stored")))
			json_u64(&j, &stored);
		else if (str_eq(key, STR("xxh3")))
			json_string(&j, a, &digest);
		else if (str_eq(key, STR("said")))
			read_said(&j, a, r->tally);
		else
			json_skip(&j, str_eq(key, STR("tally")) ? &tally : NULL);
	}
	if (!json_done(&j))
		return err_at(e, ERR_DATA, (struct where){path, 0}, "not the mark of a finished unit; remove it to have the unit done again");
	if (size != u->size || !same_bytes(u, digest))
		return err_at(e, ERR_USAGE, (struct where){u->path, WHERE_NONE},
			      "changed since it was read into this folder: use another folder, or remove %s", path);
	r->stored += stored;
	return tally_add_json(r->tally, tally, e);
}

/* ---- one unit ---- */

/* What many units share is opened once: models and lists, a millisecond or more. */
struct todo {
	struct run *r;
	size_t *units;
	void *extract, *filter;
};

static int map_unit(const struct todo *t, const struct unit *u, struct crew *crew, struct err *e)
{
	struct run *r = t->r;
	char docs[4096], sign[4096], mark[4096];
	run_path(r, docs, "work/map/%s.jsonl.zst", u->name);
	run_path(r, sign, "work/map/%s.sign", u->name);
	run_path(r, mark, "work/map/%s.json", u->name);
	struct jsonl_write_conf write = {.path = docs, .level = 1, .all = true, .seal = true};
	struct dedup_sign_conf signs = {.path = sign, .conf = r->confs[CHAIN_DEDUP]};
	const char *path = u->path;
	struct crawl_conf crawl = *(const struct crawl_conf *)r->confs[CHAIN_CRAWL];
	crawl.begin = u->begin;
	crawl.end = u->end == UINT64_MAX ? 0 : u->end;
	struct link links[] = {{chain[CHAIN_CRAWL], &crawl, NULL}, {chain[CHAIN_EXTRACT], r->confs[CHAIN_EXTRACT], t->extract, true},
			       {chain[CHAIN_FILTER], r->confs[CHAIN_FILTER], t->filter, true}, {&dedup_sign_stage, &signs, NULL},
			       {&strip_stage, &r->conf.keep_rejects, NULL}, {&jsonl_write_stage, &write, NULL}};
	struct drive d = {.source = &archive_source, .paths = &path, .n_paths = 1, .source_conf = &crawl, .links = links,
			  .n_links = sizeof(links) / sizeof(*links), .crew = crew, .progress = r->progress};
	uint64_t digest = 0;
	int rc = drive_run(&d, e);
	/* A cut that lies inside a record was found in an archive that was itself archived: rare, and never to be read twice. */
	if (!rc && u->end != UINT64_MAX && u->begin + d.stored > u->end)
		rc = err_at(e, ERR_DATA, (struct where){u->path, u->end}, "a record goes on over the place where the file was cut; begin anew with a larger --slice, or --slice 1T");
	if (!rc)
		rc = raw_digest(u->path, u->begin, u->end, &digest, NULL, e);
	if (!rc)
		rc = write_mark(mark, u, &d, digest, e);
	tally_free(d.tally);
	return rc;
}

/* ---- all units ---- */

bool map_done(const struct run *r, const struct unit *u)
{
	char mark[4096];
	return access(run_path(r, mark, "work/map/%s.json", u->name), F_OK) == 0;
}

static int part(void *self, size_t i, struct crew *crew, struct err *e)
{
	const struct todo *t = self;
	int rc = map_unit(t, &t->r->plan.units[t->units[i]], crew, e);
	progress_part(t->r->progress);
	return rc;
}

static int do_them(struct todo *t, const struct crew_job *job, struct err *e)
{
	const struct stage *extract = chain[CHAIN_EXTRACT], *filter = chain[CHAIN_FILTER];
	int rc = extract->open(&t->extract, t->r->confs[CHAIN_EXTRACT], e), end;
	if (rc)
		return rc;
	rc = filter->open(&t->filter, t->r->confs[CHAIN_FILTER], e);
	if (!rc) {
		rc = crew_run(job, e);
		end = filter->close(t->filter, !rc, NULL, rc ? NULL : e);
		rc = rc ? rc : end;
	}
	end = extract->close(t->extract, !rc, NULL, rc ? NULL : e);
	return rc ? rc : end;
}

int map_units(struct run *r, uint64_t k, uint64_t n, struct err *e)
{
	struct todo todo = {.r = r, .units = own_alloc((r->plan.n + 1) * sizeof(size_t))};
	struct crew_job job = {.part = part, .self = &todo, .threads = (unsigned)r->common.threads};
	uint64_t bytes = 0;
	for (size_t i = k; i < r->plan.n; i += n)
		if (!map_done(r, &r->plan.units[i])) {
			todo.units[job.n++] = i;
			bytes += plan_bytes(&r->plan.units[i]);
		}
	progress_phase(r->progress, "map", bytes, job.n);
	int rc = job.n ? do_them(&todo, &job, e) : 0;
	free(todo.units);
	return rc;
}

/* ---- what the disk may not have yet ---- */

static int boot_id(char out[64], struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	int rc = zin_slurp("/proc/sys/kernel/random/boot_id", 64, &text, &n, e);
	if (!rc)
		snprintf(out, 64, "%.*s", STR_ARG(str_trim((struct str){text, n})));
	free(text);
	return rc;
}

/* Every block of the signatures, against its check. */
static bool signs_whole(const char *path)
{
	struct signs_in *in;
	struct signs_group g;
	int rc = signs_open(&in, path, NULL);
	if (rc)
		return false;
	while ((rc = signs_next(in, SIGNS_KEYS | SIGNS_NAMES | SIGNS_SETS, &g, NULL)) > 0)
		;
	signs_in_free(in);
	return rc == 0;
}

static bool unit_whole(const struct run *r, const struct unit *u)
{
	char path[4096];
	struct seal_found found = {0};
	bool whole = !seal_check(run_path(r, path, "work/map/%s.jsonl.zst", u->name), &found, NULL) && found.whole;
	free(found.history);
	return whole && signs_whole(run_path(r, path, "work/map/%s.sign", u->name));
}

static int doubt(const struct run *r, size_t *removed, struct err *e)
{
	char path[4096];
	for (size_t i = 0; i < r->plan.n; i++) {
		if (!map_done(r, &r->plan.units[i]) || unit_whole(r, &r->plan.units[i]))
			continue;
		if (unlink(run_path(r, path, "work/map/%s.json", r->plan.units[i].name)))
			return err_sys(e, path, "cannot remove the mark of a unit that is not whole");
		++*removed;
	}
	return 0;
}

/* DIR/work/FOLDER/NAME.*: is it the file of a unit or a lot? Then its mark goes. */
static bool forget_one(const struct run *r, const char *folder, const char *file)
{
	char start[4096], path[4096];
	run_path(r, start, "work/%s/", folder);
	size_t n = strlen(start);
	if (strncmp(file, start, n) != 0 || strlen(file + n) < 16 || file[n + 16] != '.')
		return false;
	return unlink(run_path(r, path, "work/%s/%.16s.json", folder, file + n)) == 0;
}

bool map_forget(const struct run *r, const struct err *why, bool search)
{
	size_t removed = 0;
	if (why->code != ERR_DATA)
		return false;
	if (forget_one(r, "map", why->file) || forget_one(r, "lots", why->file))
		return true;
	return search && !doubt(r, &removed, NULL) && removed;
}

int map_unsettled(const struct run *r, struct err *e)
{
	char path[4096], now[64], *was = NULL;
	size_t n = 0, removed = 0;
	int rc = boot_id(now, e);
	run_path(r, path, "work/unsettled");
	if (!rc && access(path, F_OK) == 0) {
		rc = zin_slurp(path, 256, &was, &n, e);
		if (!rc && !str_eq(str_trim((struct str){was, n}), str_of(now)))
			rc = doubt(r, &removed, e);
	}
	free(was);
	if (!rc)
		rc = zout_file(path, str_of(now), e);
	zout_lazy(!rc);
	return rc;
}

int map_settle(const struct run *r, struct err *e)
{
	char path[4096];
	zout_lazy(false);
	int rc = zout_settle(run_path(r, path, "work/map"), e);
	if (!rc && unlink(run_path(r, path, "work/unsettled")))
		rc = err_sys(e, path, "cannot remove");
	return rc;
}

int map_collect(struct run *r, struct err *e)
{
	size_t missing = 0, first = 0;
	char mark[4096];
	for (size_t i = r->plan.n; i-- > 0;)
		if (!map_done(r, &r->plan.units[i])) {
			missing++;
			first = i;
		}
	if (missing)
		return err_at(e, ERR_DATA, (struct where){r->plan.units[first].path, r->plan.units[first].begin},
			      "%zu of %zu units of work are not done, this is the first: the same command does them", missing, r->plan.n);
	int rc = 0;
	tally_free(r->tally);
	r->tally = tally_new(chain, CHAIN_N);
	r->stored = 0;
	for (size_t i = 0; !rc && i < r->plan.n; i++)
		rc = read_mark(r, run_path(r, mark, "work/map/%s.json", r->plan.units[i].name), &r->plan.units[i], e);
	return rc;
}
