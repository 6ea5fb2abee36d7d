#include "cli/run.h"

#include "cli/assemble.h"
#include "cli/command.h"
#include "cli/decide.h"
#include "cli/lock.h"
#include "cli/manifest.h"
#include "cli/reduce.h"
#include "cli/report.h"
#include "cli/slurm.h"
#include "cli/times.h"
#include "cli/tools.h"
#include "core/folder.h"
#include "core/stop.h"
#include "core/zin.h"
#include "core/zout.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { PHASES = 4 };
enum { BASE_MEMORY = 64 << 20, THREAD_MEMORY = 32 << 20, ARENA_MEMORY = 256 << 20 };
enum { AGAIN_MAX = 3 }; /* how often a call repairs what it finds damaged */

static const char *const logs[] = {"text", "json", NULL};

const struct opt run_opts[] = {
	{OPT_FLAG, 0, "keep-rejects", NULL, "keep what is left out, with its reason, in DIR/rejects", offsetof(struct run_conf, keep_rejects)},
	{OPT_FLAG, 0, "dry-run", NULL, "print the plan and do nothing", offsetof(struct run_conf, dry_run)},
	{OPT_FLAG, 0, "print-config", NULL, "print every option with its value as TOML", offsetof(struct run_conf, print_config)},
	{OPT_FLAG, 0, "remove-work", NULL, "remove DIR/work when all is done: nothing can be added later", offsetof(struct run_conf, remove_work)},
	{OPT_SIZE, 0, "slice", "SIZE", "cut archive files above this into units of work", offsetof(struct run_conf, slice), .def = 268435456, .lo = 4096},
	{OPT_SIZE, 0, "lot", "SIZE", "stored bytes of archive behind a file of docs; 0 = 1G, more for many", offsetof(struct run_conf, lot), .def = 0},
	{OPT_CHOICE, 0, "log", "FORM", "form of the lines of progress: text or json", offsetof(struct run_conf, log), .choices = logs},
	{OPT_REAL, 0, "log-every", "SECONDS", "time between two lines, where they are not rewritten", offsetof(struct run_conf, log_every), .def = 60, .lo = 0.1, .hi = 86400},
	{OPT_TEXT, 0, "metrics", "FILE", "keep a text file of figures for Prometheus", offsetof(struct run_conf, metrics)},
	{OPT_FLAG, 0, "no-report", NULL, "write no report.html", offsetof(struct run_conf, no_report)},
	{0},
};

const char *run_path(const struct run *r, char *out, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(out, 4096, "%s/", r->dir);
	va_start(ap, fmt);
	if (n > 0 && n < 4096)
		vsnprintf(out + n, 4096 - (size_t)n, fmt, ap);
	va_end(ap);
	return out;
}

static int make_folders(const struct run *r, struct err *e)
{
	static const char *const below[] = {"work", "work/map", "work/lots"};
	char path[4096];
	int rc = folder_make(r->dir, e);
	for (size_t i = 0; !rc && i < sizeof(below) / sizeof(*below); i++)
		rc = folder_make(run_path(r, path, "%s", below[i]), e);
	return rc;
}

/* Every option that can change the output. */
static void config_text(const struct run *r, struct buf *out)
{
	buf_printf(out, "version = \"%s\"\nkeep-rejects = %s\nslice = %llu\nlot = %llu\n", PENEIRA_VERSION, r->conf.keep_rejects ? "true" : "false",
		   (unsigned long long)r->conf.slice, (unsigned long long)r->conf.lot);
	struct buf all;
	buf_init(&all, BUF_NO_MAX);
	opt_toml(r->sets + RUN_STAGES, CHAIN_N, &all);
	/* How much memory and how many threads are allowed, and where files lie, change nothing. */
	for (struct str rest = buf_view(&all), line; rest.n;) {
		line = str_cut(rest, '\n', &rest);
		if (str_starts(line, STR("#")) || str_starts(line, STR("memory =")) || str_starts(line, STR("threads =")) ||
		    str_starts(line, STR("tmp =")) || str_starts(line, STR("out =")))
			continue;
		buf_str(out, line);
		buf_byte(out, '\n');
	}
	buf_free(&all);
}

/* The first line of `these` that `those` does not have. */
static struct str line_lacking(struct str these, struct str those)
{
	while (these.n) {
		struct str line = str_cut(these, '\n', &these), rest = those;
		bool found = false;
		while (rest.n && !found)
			found = str_eq(str_cut(rest, '\n', &rest), line);
		if (!found)
			return line;
	}
	return (struct str){0};
}

static int first_difference(const char *file, struct str was, struct str is, struct err *e)
{
	struct str before = line_lacking(was, is), now = line_lacking(is, was);
	if (!before.n && !now.n)
		return 0;
	return err_at(e, ERR_USAGE, (struct where){file, WHERE_NONE}, "this folder was begun with %.*s, now it is %.*s: use another folder, or remove this one",
		      STR_ARG(before.n ? before : STR("another default")), STR_ARG(now.n ? now : STR("the default")));
}

/* The configuration of the first call is kept; another one is refused, not mixed in. */
static int same_config(const struct run *r, struct err *e)
{
	char path[4096], *was = NULL;
	size_t n = 0;
	struct buf is;
	buf_init(&is, BUF_NO_MAX);
	config_text(r, &is);
	run_path(r, path, "work/config.toml");
	int rc = tools_toml(r, &is, e);
	if (rc) {
		buf_free(&is);
		return rc;
	}
	if (access(path, F_OK) == 0) {
		rc = zin_slurp(path, 16 << 20, &was, &n, e);
		if (!rc)
			rc = first_difference(path, (struct str){was, n}, buf_view(&is), e);
	} else {
		rc = zout_file(path, buf_view(&is), e);
	}
	free(was);
	buf_free(&is);
	return rc;
}

/* Inputs of earlier calls belong to the corpus too; those of this call are remembered. */
static int join_plans(struct run *r, bool save, struct err *e)
{
	char path[4096];
	run_path(r, path, "work/inputs");
	int rc = plan_add_saved(&r->plan, path, e);
	if (!rc) {
		free(r->lots);
		r->n_lots = lots_of(&r->plan, r->conf.lot, &r->lots);
	}
	return !rc && save ? plan_save(&r->plan, path, e) : rc;
}

static int print_plan(struct run *r, struct err *e)
{
	int rc = join_plans(r, false, e);
	if (rc)
		return rc;
	printf("%zu units of work, %.1f MB, %llu threads\n", r->plan.n, (double)r->plan.bytes / 1e6, (unsigned long long)r->common.threads);
	for (size_t i = 0; i < r->plan.n; i++) {
		const struct unit *u = &r->plan.units[i];
		bool done = map_done(r, u);
		uint64_t end = u->end == UINT64_MAX ? u->size : u->end;
		printf("%s  %12llu +%-11llu  %-5s  %s\n", u->name, (unsigned long long)u->begin, (unsigned long long)(end - u->begin), done ? "done" : "to do", u->path);
	}
	return 0;
}

/* What is read back with -c runs, and does not print itself again. */
static void print_config(struct run *r)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	r->conf.print_config = false;
	r->common.config = NULL;
	opt_toml(r->sets, RUN_SETS, &b);
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

/* For people; no part of the promise of same bytes, so it stands behind the manifest. */
/* The page tells what the calls before it took, and this one up to here. */
static int finish_report(const struct run *r, struct err *e)
{
	char path[4096];
	run_path(r, path, "report.html");
	if (!r->conf.no_report && access(path, F_OK) == 0)
		return 0;
	times_add(r->dir, "run", r->began, r->common.threads);
	return r->conf.no_report ? 0 : report_write(r->dir, path, false, (unsigned)r->common.threads, e);
}

static int put_together(struct run *r, uint64_t state, struct err *e)
{
	int rc = assemble_shards(r, state, e);
	if (!rc)
		rc = assemble_publish(r, e);
	if (!rc)
		rc = manifest_write(r, state, e);
	return rc ? rc : finish_report(r, e);
}

/* The marks are all there: what the corpus is made from is known. When DIR holds that corpus already, nothing is left to do. */
static int finish(struct run *r, struct err *e)
{
	uint64_t state = 0;
	int rc = manifest_state(r, &state, e);
	if (rc)
		return rc;
	if (manifest_holds(r, state))
		return finish_report(r, e);
	rc = decide_phase(r, state, e);
	if (!rc)
		rc = reduce_lots(r, 0, 1, NULL, e);
	if (!rc)
		rc = reduce_collect(r, e);
	return rc ? rc : put_together(r, state, e);
}

/* Two calls must not work in one folder: not on this host or another (lock), not as jobs of a cluster. */
static int take_folder(const struct run *r, int *fd, struct err *e)
{
	char path[4096];
	struct buf jobs;
	int rc = 0;
	buf_init(&jobs, 1 << 16);
	slurm_active(r->dir, &jobs);
	if (jobs.n)
		rc = err_at(e, ERR_USAGE, (struct where){r->dir, WHERE_NONE}, "Slurm jobs %.*s work here: wait for them, or scancel them", STR_ARG(buf_view(&jobs)));
	buf_free(&jobs);
	return rc ? rc : lock_take(run_path(r, path, "work/lock"), true, fd, e);
}

/* What a plain call and a submission begin with. */
static int begin(struct run *r, int *fd, struct err *e)
{
	char path[4096];
	int rc = make_folders(r, e);
	if (!rc)
		rc = take_folder(r, fd, e);
	if (!rc) {
		zout_sweep(run_path(r, path, "work/map"));
		zout_sweep(run_path(r, path, "work/lots"));
	}
	if (!rc)
		rc = same_config(r, e);
	if (!rc)
		rc = decide_index(r, false, e);
	return rc ? rc : join_plans(r, true, e);
}

static int once(struct run *r, struct err *e)
{
	int rc = map_unsettled(r, e);
	if (!rc) {
		rc = map_units(r, 0, 1, e);
		zout_lazy(false);
	}
	if (!rc)
		rc = map_settle(r, e);
	if (!rc)
		rc = map_collect(r, e);
	return rc ? rc : finish(r, e);
}

static int all_of_it(struct run *r, struct err *e)
{
	char path[4096];
	int rc;
	for (int tries = 0; (rc = once(r, e)) && tries < AGAIN_MAX && map_forget(r, e, true); tries++) {
		char text[1200];
		fprintf(stderr, "peneira: %s; what it belongs to is done again\n", err_text(e, text, sizeof(text)));
		*e = (struct err){0};
	}
	if (!rc && r->conf.remove_work)
		rc = folder_remove(run_path(r, path, "work"), e);
	return rc;
}

/* rank and settle: each knows the state that it works for. */
static int whole_task(struct run *r, enum slurm_phase phase, uint64_t n, struct err *e)
{
	uint64_t state;
	int rc = map_collect(r, e);
	if (!rc)
		rc = manifest_state(r, &state, e);
	if (rc)
		return rc;
	return phase == SLURM_RANK ? decide_rank(r, state, e) : decide_settle(r, state, n, e);
}

static int reduce_task(struct run *r, uint64_t k, uint64_t n, struct err *e)
{
	if (!decide_done(r))
		return err_at(e, ERR_DATA, (struct where){r->dir, WHERE_NONE}, "copies are not decided about yet: the task that settles it did not end");
	return reduce_lots(r, k, n, NULL, e);
}

/* The lots were made by others: what is missing is said, not made. */
static int shards_task(struct run *r, struct err *e)
{
	uint64_t state;
	int rc = map_collect(r, e);
	if (!rc)
		rc = manifest_state(r, &state, e);
	if (!rc && manifest_holds(r, state))
		return finish_report(r, e);
	if (!rc && !decide_holds(r, state))
		rc = err_at(e, ERR_DATA, (struct where){r->dir, WHERE_NONE}, "copies are not decided about yet: the task that settles it did not end");
	if (!rc)
		rc = reduce_collect(r, e);
	return rc ? rc : put_together(r, state, e);
}

/* A task of a submitted run: its parts are those of the saved list; tasks of an array share the folder. */
static int task(struct run *r, const char *what, int *fd, struct err *e)
{
	uint64_t k, n;
	enum slurm_phase phase;
	char path[4096];
	if (!slurm_part(what, &phase, &k, &n))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--task takes map, pairs, settle or reduce with :K/N, K below N, or rank, or shards, not '%s'", what);
	/* A task whose node was lost may come back to life beside its successor. */
	static char tag[300];
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	snprintf(tag, sizeof(tag), "%s-%ld", host, (long)getpid());
	zout_tag(tag);
	int rc = same_config(r, e);
	if (!rc)
		rc = join_plans(r, false, e);
	if (!rc && phase == SLURM_MAP)
		return map_units(r, k, n, e);
	if (!rc && phase == SLURM_PAIRS)
		return decide_pairs(r, k, n, e);
	if (!rc && phase == SLURM_REDUCE)
		return reduce_task(r, k, n, e);
	if (!rc)
		rc = lock_take(run_path(r, path, "work/lock"), false, fd, e);
	if (!rc)
		rc = phase == SLURM_SHARDS ? shards_task(r, e) : whole_task(r, phase, n, e);
	/* What is damaged is done by the next submission. */
	if (rc)
		map_forget(r, e, false);
	return rc;
}

static int run(struct run *r, const struct slurm_conf *slurm)
{
	struct err e = {0};
	char path[4096];
	int fd = -1, rc;
	if (r->conf.dry_run)
		return print_plan(r, &e) ? common_fail(&e) : common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
	bool submit = slurm->slurm && !slurm->task;
	r->began = common_now();
	r->tally = tally_new(chain, CHAIN_N);
	if (!submit)
		r->progress = progress_watch(&(struct progress_watch){.when = (enum progress_when)r->common.progress, .quiet = r->common.quiet, .json = r->conf.log, .every = r->conf.log_every,
								      .metrics = r->conf.metrics, .phases = slurm->task ? 0 : PHASES});
	if (slurm->task) {
		rc = task(r, slurm->task, &fd, &e);
		if (!rc && strcmp(slurm->task, "shards") != 0)
			times_add(r->dir, slurm->task, r->began, r->common.threads);
	} else {
		rc = begin(r, &fd, &e);
		if (!rc)
			rc = submit ? slurm_submit(r, slurm, &e) : all_of_it(r, &e);
	}
	lock_free(run_path(r, path, "work/lock"), fd);
	r->progress = progress_free(r->progress);
	int status = EXIT_DONE;
	if (rc)
		status = common_fail(&e);
	else if (!submit)
		status = common_end(&r->common, r->tally, r->stored, common_now() - r->began, &e);
	r->tally = tally_free(r->tally);
	return status;
}

/* --memory is for all of it: threads take their share, and malloc reserves address space for as many as it thinks it has. */
static void bound(struct run *r)
{
	uint64_t memory = r->common.memory, most = memory > BASE_MEMORY + THREAD_MEMORY ? (memory - BASE_MEMORY) / THREAD_MEMORY : 1, arenas = memory / ARENA_MEMORY;
	if (r->common.threads > most) {
		r->common.threads = most;
		if (!r->common.quiet)
			fprintf(stderr, "peneira: --memory allows for %llu threads\n", (unsigned long long)most);
		common_share(r->sets, RUN_SETS);
	}
	mallopt(M_ARENA_MAX, arenas < 1 ? 1 : arenas < 1024 ? (int)arenas : 1024);
}

int cmd_run(int argc, char **argv)
{
	struct run r = {0};
	struct slurm_conf slurm = {0};
	struct err e = {0};
	const char **paths = NULL;
	size_t n_paths = 0;
	int n_args = 0;
	r.sets[0] = (struct opt_set){"common", common_opts, &r.common};
	r.sets[1] = (struct opt_set){"run", run_opts, &r.conf};
	r.sets[2] = (struct opt_set){"slurm", slurm_opts, &slurm};
	for (int i = 0; i < CHAIN_N; i++) {
		r.confs[i] = own_zalloc(chain[i]->conf_size);
		r.sets[RUN_STAGES + i] = (struct opt_set){chain[i]->name, chain[i]->opts, r.confs[i]};
	}
	int status = common_parse(argv[0], r.sets, RUN_SETS, argc, argv, &n_args);
	if (status < 0 && r.conf.print_config) {
		print_config(&r);
		status = common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
	} else if (status < 0) {
		stop_install();
		bound(&r);
		r.dir = r.common.out ? r.common.out : "peneira-out";
		int rc = 0;
		if (n_args)
			rc = common_paths(argv + 1, n_args, &paths, &n_paths, &e);
		else if (!slurm.task)
			rc = err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "no input files");
		if (!rc && n_args)
			rc = plan_make(&r.plan, paths, n_paths, r.conf.slice, &e);
		status = rc ? common_fail(&e) : run(&r, &slurm);
	}
	plan_free(&r.plan);
	free(r.lots);
	free(paths);
	opt_free(r.sets, RUN_SETS);
	for (int i = 0; i < CHAIN_N; i++)
		free(r.confs[i]);
	return status;
}
