#include "cli/run.h"

#include "cli/command.h"
#include "cli/lock.h"
#include "core/stop.h"
#include "core/zin.h"
#include "core/zout.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const struct opt run_opts[] = {
	{OPT_FLAG, 0, "keep-rejects", NULL, "keep what is left out, with its reason, in DIR/rejects", offsetof(struct run_conf, keep_rejects)},
	{OPT_FLAG, 0, "dry-run", NULL, "print the plan and do nothing", offsetof(struct run_conf, dry_run)},
	{OPT_FLAG, 0, "print-config", NULL, "print every option with its value as TOML", offsetof(struct run_conf, print_config)},
	{OPT_FLAG, 0, "keep-work", NULL, "keep DIR/work when all is done", offsetof(struct run_conf, keep_work)},
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

static int make_folder(const char *path, struct err *e)
{
	return mkdir(path, 0777) && errno != EEXIST ? err_sys(e, path, "cannot create folder") : 0;
}

static int make_folders(const struct run *r, struct err *e)
{
	static const char *const below[] = {"work", "work/map", "work/dedup", "docs", "meta", "shards"};
	char path[4096];
	int rc = make_folder(r->dir, e);
	for (size_t i = 0; !rc && i < sizeof(below) / sizeof(*below); i++)
		rc = make_folder(run_path(r, path, "%s", below[i]), e);
	return !rc && r->conf.keep_rejects ? make_folder(run_path(r, path, "rejects"), e) : rc;
}

/* Every option that can change the output. */
static void config_text(const struct run *r, struct buf *out)
{
	buf_printf(out, "version = \"%s\"\nkeep-rejects = %s\n", PENEIRA_VERSION, r->conf.keep_rejects ? "true" : "false");
	struct buf all;
	buf_init(&all, BUF_NO_MAX);
	opt_toml(r->sets + 2, CHAIN_N, &all);
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

static int first_difference(const char *file, struct str was, struct str is, struct err *e)
{
	while (was.n || is.n) {
		struct str a = str_cut(was, '\n', &was), b = str_cut(is, '\n', &is);
		if (!str_eq(a, b))
			return err_at(e, ERR_USAGE, (struct where){file, WHERE_NONE},
				      "this folder was begun with '%.*s', now it is '%.*s': use another folder, or remove this one", STR_ARG(a),
				      STR_ARG(b));
	}
	return 0;
}

/* The configuration of the first call is kept; another one is refused, not mixed in. */
static int same_config(const struct run *r, struct err *e)
{
	char path[4096], *was = NULL;
	size_t n = 0;
	struct buf is;
	struct zout *z = NULL;
	buf_init(&is, BUF_NO_MAX);
	config_text(r, &is);
	run_path(r, path, "work/config.toml");
	int rc = 0;
	if (access(path, F_OK) == 0) {
		rc = zin_slurp(path, 16 << 20, &was, &n, e);
		if (!rc)
			rc = first_difference(path, (struct str){was, n}, buf_view(&is), e);
	} else {
		rc = zout_open(&z, path, 0, e);
		if (!rc)
			rc = zout_write(z, is.p, is.n, e);
		if (!rc)
			rc = zout_commit(z, e);
		else
			zout_free(z);
	}
	free(was);
	buf_free(&is);
	return rc;
}

static void print_plan(const struct run *r)
{
	printf("%zu units of work, %.1f MB, %llu threads\n", r->plan.n, (double)r->plan.bytes / 1e6, (unsigned long long)r->common.threads);
	for (size_t i = 0; i < r->plan.n; i++) {
		char path[4096];
		bool done = access(run_path(r, path, "work/map/%s.json", r->plan.units[i].name), F_OK) == 0;
		printf("%s  %12llu  %s  %s\n", r->plan.units[i].name, (unsigned long long)r->plan.units[i].size, done ? "done" : "to do",
		       r->plan.units[i].path);
	}
}

static void print_config(const struct run *r)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	opt_toml(r->sets, 2 + CHAIN_N, &b);
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

static int phases(struct run *r, struct err *e)
{
	char lock[4096];
	int fd = -1;
	int rc = make_folders(r, e);
	run_path(r, lock, "work/lock");
	if (!rc)
		rc = lock_take(lock, &fd, e);
	if (!rc)
		rc = same_config(r, e);
	if (!rc)
		rc = map_phase(r, e);
	if (!rc)
		rc = solve_phase(r, e);
	if (!rc)
		rc = reduce_phase(r, e);
	if (!rc)
		rc = manifest_write(r, e);
	lock_free(lock, fd);
	return rc;
}

static int run(struct run *r)
{
	struct err e = {0};
	if (r->conf.dry_run) {
		print_plan(r);
		return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
	}
	r->began = common_now();
	r->tally = tally_new(chain, CHAIN_N);
	r->progress = r->common.quiet ? NULL : progress_new("map", r->plan.bytes, r->common.progress);
	int rc = phases(r, &e);
	r->progress = progress_free(r->progress);
	int status = rc ? common_fail(&e) : common_end(&r->common, r->tally, r->stored, common_now() - r->began, &e);
	r->tally = tally_free(r->tally);
	return status;
}

int cmd_run(int argc, char **argv)
{
	struct run r = {0};
	struct err e = {0};
	const char **paths = NULL;
	size_t n_paths = 0;
	int n_args = 0;
	r.sets[0] = (struct opt_set){"common", common_opts, &r.common};
	r.sets[1] = (struct opt_set){"run", run_opts, &r.conf};
	for (int i = 0; i < CHAIN_N; i++) {
		r.confs[i] = own_zalloc(chain[i]->conf_size);
		r.sets[2 + i] = (struct opt_set){chain[i]->name, chain[i]->opts, r.confs[i]};
	}
	int status = common_parse(argv[0], r.sets, 2 + CHAIN_N, argc, argv, &n_args);
	if (status < 0 && r.conf.print_config) {
		print_config(&r);
		status = common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
	} else if (status < 0) {
		stop_install();
		r.dir = r.common.out ? r.common.out : "peneira-out";
		int rc = n_args ? common_paths(argv + 1, n_args, &paths, &n_paths, &e)
				: err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "no input files");
		if (!rc)
			rc = plan_make(&r.plan, paths, n_paths, &e);
		status = rc ? common_fail(&e) : run(&r);
	}
	plan_free(&r.plan);
	free(paths);
	opt_free(r.sets, 2 + CHAIN_N);
	for (int i = 0; i < CHAIN_N; i++)
		free(r.confs[i]);
	return status;
}
