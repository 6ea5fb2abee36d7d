#define _GNU_SOURCE
#include "cli/slurm.h"

#include "core/folder.h"
#include "core/zin.h"
#include "core/zout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLURM_ANSWER_MAX = 64 << 20, SLURM_TASKS = 1000 };

const struct opt slurm_opts[] = {
	{OPT_FLAG, 0, "slurm", NULL, "submit to Slurm what is not done yet, and return", offsetof(struct slurm_conf, slurm)},
	{OPT_TEXT, 0, "task", "WHAT", "be one task of a submitted run: map:K/N or reduce", offsetof(struct slurm_conf, task)},
	{OPT_TEXT, 0, "partition", "NAME", "partition of the jobs", offsetof(struct slurm_conf, partition)},
	{OPT_TEXT, 0, "account", "NAME", "account of the jobs", offsetof(struct slurm_conf, account)},
	{OPT_TEXT, 0, "time", "LIMIT", "time limit of a task, as sbatch takes it", offsetof(struct slurm_conf, time)},
	{OPT_UINT, 0, "tasks", "N", "most tasks of an array; 0 = 1000, or what the cluster allows", offsetof(struct slurm_conf, tasks), .hi = 1e6},
	{OPT_UINT, 0, "cpus", "N", "processors of a task", offsetof(struct slurm_conf, cpus), .def = 1, .lo = 1, .hi = 1024},
	{OPT_LIST, 0, "sbatch-option", "OPTION", "a further option of sbatch; may be given again", offsetof(struct slurm_conf, options)},
	{0},
};

bool slurm_is_map(const char *task, uint64_t *k, uint64_t *n)
{
	int end = 0;
	return sscanf(task, "map:%" SCNu64 "/%" SCNu64 "%n", k, n, &end) == 2 && !task[end] && *n && *k < *n;
}

/* ---- asking Slurm ---- */

/* Run a program found in PATH and take what it prints. 0; 1 when it is not installed; ERR_IO with its message. */
static int ask(char *const argv[], struct buf *out, struct err *e)
{
	int p[2], status = 0;
	if (pipe2(p, O_CLOEXEC))
		return err_sys(e, argv[0], "cannot make a pipe");
	pid_t pid = fork();
	if (pid < 0)
		return err_sys(e, argv[0], "cannot start");
	if (pid == 0) {
		dup2(p[1], 1);
		dup2(p[1], 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(p[1]);
	char chunk[4096];
	for (ssize_t n; (n = read(p[0], chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR);)
		if (n > 0)
			buf_add(out, chunk, (size_t)n);
	close(p[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return 1;
	if (status)
		return err_at(e, ERR_IO, (struct where){argv[0], WHERE_NONE}, "%.*s", STR_ARG(str_trim(buf_view(out))));
	return 0;
}

/* Job ids that were submitted for DIR, "12,13,"; one a line in work/slurm/jobs. */
static void job_list(const char *dir, struct buf *out)
{
	char path[4096], *text = NULL;
	size_t n = 0;
	snprintf(path, sizeof(path), "%s/work/slurm/jobs", dir);
	if (access(path, F_OK) != 0 || zin_slurp(path, 1 << 20, &text, &n, NULL))
		return;
	for (struct str rest = {text, n}, line; rest.n;) {
		line = str_trim(str_cut(rest, '\n', &rest));
		uint64_t id;
		if (str_u64(str_cut(line, ' ', &line), &id))
			buf_printf(out, "%s%" PRIu64, out->n ? "," : "", id);
	}
	free(text);
}

struct slurm_row *slurm_queue(const char *dir, size_t *n)
{
	struct buf jobs, answer;
	struct slurm_row *v = NULL;
	*n = 0;
	buf_init(&jobs, 1 << 16);
	buf_init(&answer, SLURM_ANSWER_MAX);
	job_list(dir, &jobs);
	buf_byte(&jobs, 0);
	char *const argv[] = {(char[]){"squeue"}, (char[]){"-h"}, (char[]){"-r"}, (char[]){"-o"}, (char[]){"%A %K %t %F"}, (char[]){"-j"}, jobs.p, NULL};
	/* Slurm forgets finished jobs after a while and then answers "Invalid job id": that is an empty queue. */
	if (jobs.n > 1 && ask(argv, &answer, NULL) == 0)
		for (struct str rest = buf_view(&answer), line; rest.n;) {
			char text[256], task[32];
			struct slurm_row row = {.task = -1};
			line = str_cut(rest, '\n', &rest);
			snprintf(text, sizeof(text), "%.*s", STR_ARG(line));
			uint64_t own;
			if (sscanf(text, "%" SCNu64 " %31s %7s %" SCNu64, &own, task, row.state, &row.job) != 4)
				continue;
			sscanf(task, "%" SCNd64, &row.task);
			v = own_grow(v, (*n + 1) * sizeof(*v));
			v[(*n)++] = row;
		}
	buf_free(&jobs);
	buf_free(&answer);
	return v;
}

void slurm_active(const char *dir, struct buf *out)
{
	size_t n;
	struct slurm_row *v = slurm_queue(dir, &n);
	uint64_t last = 0;
	for (size_t i = 0; i < n; i++) {
		if (v[i].job != last)
			buf_printf(out, "%s%" PRIu64, out->n ? "," : "", v[i].job);
		last = v[i].job;
	}
	free(v);
}

/* Most tasks of an array. */
static uint64_t array_max(void)
{
	char *const argv[] = {(char[]){"scontrol"}, (char[]){"show"}, (char[]){"config"}, NULL};
	struct buf answer;
	uint64_t max = SLURM_TASKS;
	buf_init(&answer, 1 << 20);
	if (ask(argv, &answer, NULL) == 0) {
		struct str rest = str_from(buf_view(&answer), str_find(buf_view(&answer), STR("MaxArraySize")));
		struct str value, line = str_cut(rest, '\n', &rest);
		str_cut(line, '=', &value);
		uint64_t size;
		if (str_u64(str_trim(value), &size) && size > 1)
			max = size - 1;
	}
	buf_free(&answer);
	return max;
}

/* ---- the scripts ---- */

/* For the shell: in single quotes. */
static void quote(struct buf *b, const char *s)
{
	buf_byte(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buf_z(b, "'\\''");
		else
			buf_byte(b, *s);
	}
	buf_byte(b, '\'');
}

static void put_options(const struct run *r, const struct slurm_conf *c, struct buf *b, const char *name)
{
	buf_printf(b, "#!/bin/bash\n#SBATCH --job-name=peneira-%s\n#SBATCH --requeue\n#SBATCH --open-mode=truncate\n#SBATCH --output=%s/work/slurm/%s%s.log\n", name, r->dir,
		   name, strcmp(name, "map") == 0 ? "-%a" : "");
	buf_printf(b, "#SBATCH --cpus-per-task=%" PRIu64 "\n", c->cpus);
	if (c->partition)
		buf_printf(b, "#SBATCH --partition=%s\n", c->partition);
	if (c->account)
		buf_printf(b, "#SBATCH --account=%s\n", c->account);
	/* A minute before the limit the program is asked to stop: it finishes the batch and leaves a state to go on from. */
	if (c->time)
		buf_printf(b, "#SBATCH --time=%s\n#SBATCH --signal=B:TERM@60\n", c->time);
	for (size_t i = 0; i < c->options.n; i++)
		buf_printf(b, "#SBATCH %s\n", c->options.v[i]);
}

static int put_script(const struct run *r, const struct slurm_conf *c, const char *name, const char *task, struct err *e)
{
	char path[4096], here[4096], self[4096];
	struct buf b;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0 || !getcwd(here, sizeof(here)))
		return err_sys(e, "/proc/self/exe", "cannot find the program's own path");
	self[n] = 0;
	buf_init(&b, 1 << 20);
	put_options(r, c, &b, name);
	buf_z(&b, "cd ");
	quote(&b, here);
	buf_z(&b, " || exit 1\nexec ");
	quote(&b, self);
	buf_printf(&b, " run --task %s -c ", task);
	quote(&b, run_path(r, path, "work/slurm/options.toml"));
	buf_printf(&b, " -q -j %" PRIu64 " -o ", c->cpus);
	quote(&b, r->dir);
	buf_byte(&b, '\n');
	int rc = zout_file(run_path(r, path, "work/slurm/%s.sbatch", name), buf_view(&b), e);
	buf_free(&b);
	return rc;
}

static int put_toml(const struct run *r, struct err *e)
{
	char path[4096];
	struct buf b;
	buf_init(&b, 1 << 20);
	opt_toml(r->sets, RUN_SETS, &b);
	int rc = zout_file(run_path(r, path, "work/slurm/options.toml"), buf_view(&b), e);
	buf_free(&b);
	return rc;
}

/* ---- submitting ---- */

/* option: one more for sbatch, or "". */
static int sbatch(const struct run *r, const char *name, char *option, uint64_t *job, struct err *e)
{
	char script[4096], program[] = "sbatch", parsable[] = "--parsable", kill[] = "--kill-on-invalid-dep=yes";
	char *argv[] = {program, parsable, kill, *option ? option : script, *option ? script : NULL, NULL};
	struct buf answer;
	struct str rest;
	run_path(r, script, "work/slurm/%s.sbatch", name);
	buf_init(&answer, 1 << 16);
	int rc = ask(argv, &answer, e);
	if (rc > 0)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "sbatch is not installed here: --slurm needs a Slurm to submit to");
	else if (!rc && !str_u64(str_trim(str_cut(str_cut(buf_view(&answer), '\n', &rest), ';', &rest)), job))
		rc = err_at(e, ERR_DATA, (struct where){"sbatch", WHERE_NONE}, "answered '%.*s', no job id", STR_ARG(str_trim(buf_view(&answer))));
	buf_free(&answer);
	return rc;
}

/* "--array=0,3-7": the tasks that have a unit to do. Returns how many. */
static uint64_t array_of(const struct run *r, uint64_t n, struct buf *out)
{
	bool *todo = own_zalloc(n * sizeof(*todo));
	uint64_t tasks = 0;
	for (size_t i = 0; i < r->plan.n; i++)
		todo[i % n] |= !map_done(r, &r->plan.units[i]);
	buf_z(out, "--array=");
	for (uint64_t i = 0; i < n; i++) {
		uint64_t end = i;
		if (!todo[i])
			continue;
		while (end + 1 < n && todo[end + 1])
			end++;
		buf_printf(out, "%s%" PRIu64, tasks ? "," : "", i);
		if (end > i)
			buf_printf(out, "-%" PRIu64, end);
		tasks += end - i + 1;
		i = end;
	}
	buf_byte(out, 0);
	free(todo);
	return tasks;
}

static int remember_jobs(const struct run *r, uint64_t map, uint64_t reduce, struct err *e)
{
	char path[4096];
	struct buf b;
	buf_init(&b, 256);
	if (map)
		buf_printf(&b, "%" PRIu64 " map\n", map);
	buf_printf(&b, "%" PRIu64 " reduce\n", reduce);
	int rc = zout_file(run_path(r, path, "work/slurm/jobs"), buf_view(&b), e);
	buf_free(&b);
	return rc;
}

int slurm_submit(struct run *r, const struct slurm_conf *c, struct err *e)
{
	uint64_t max = array_max(), n = c->tasks ? c->tasks : SLURM_TASKS, map = 0, reduce = 0;
	char path[4096], task[64], after[64] = "";
	struct buf array;
	n = n < max ? n : max;
	n = n < r->plan.n ? n : r->plan.n;
	snprintf(task, sizeof(task), "map:$SLURM_ARRAY_TASK_ID/%" PRIu64, n);
	int rc = folder_make(run_path(r, path, "work/slurm"), e);
	if (!rc)
		rc = put_toml(r, e);
	if (!rc)
		rc = put_script(r, c, "map", task, e);
	if (!rc)
		rc = put_script(r, c, "reduce", "reduce", e);
	buf_init(&array, 1 << 20);
	uint64_t tasks = array_of(r, n, &array);
	if (!rc && tasks)
		rc = sbatch(r, "map", array.p, &map, e);
	if (map)
		snprintf(after, sizeof(after), "--dependency=afterany:%" PRIu64, map);
	if (!rc)
		rc = sbatch(r, "reduce", after, &reduce, e);
	if (!rc)
		rc = remember_jobs(r, map, reduce, e);
	if (!rc && map)
		fprintf(stderr, "submitted: job %" PRIu64 " (map, %" PRIu64 " tasks), job %" PRIu64 " (reduce, behind it); see: peneira status %s\n", map, tasks, reduce, r->dir);
	else if (!rc)
		fprintf(stderr, "submitted: job %" PRIu64 " (reduce); every unit is mapped already; see: peneira status %s\n", reduce, r->dir);
	buf_free(&array);
	return rc;
}
