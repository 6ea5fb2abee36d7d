#define _GNU_SOURCE
#include "cli/slurm.h"

#include "cli/decide.h"
#include "cli/manifest.h"
#include "cli/reduce.h"
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
#define PAIRS_BYTES (UINT64_C(1) << 41) /* of archives, to a task of pairs: each reads the keys of all documents */

const struct opt slurm_opts[] = {
	{OPT_FLAG, 0, "slurm", NULL, "submit to Slurm what is not done yet, and return", offsetof(struct slurm_conf, slurm)},
	{OPT_TEXT, 0, "task", "WHAT", "be one task of a submitted run: map:K/N, rank, pairs:K/N, settle:0/N, reduce:K/N or shards", offsetof(struct slurm_conf, task)},
	{OPT_TEXT, 0, "partition", "NAME", "partition of the jobs", offsetof(struct slurm_conf, partition)},
	{OPT_TEXT, 0, "account", "NAME", "account of the jobs", offsetof(struct slurm_conf, account)},
	{OPT_TEXT, 0, "time", "LIMIT", "time limit of a task, as sbatch takes it", offsetof(struct slurm_conf, time)},
	{OPT_UINT, 0, "tasks", "N", "most tasks of an array; 0 = 1000, or what the cluster allows", offsetof(struct slurm_conf, tasks), .hi = 1e6},
	{OPT_UINT, 0, "cpus", "N", "processors of a task", offsetof(struct slurm_conf, cpus), .def = 1, .lo = 1, .hi = 1024},
	{OPT_UINT, 0, "cpus-single", "N", "processors of settle and of shards, which are one task each; 0 = --cpus", offsetof(struct slurm_conf, cpus_single), .hi = 1024},
	{OPT_LIST, 0, "sbatch-option", "OPTION", "a further option of sbatch; may be given again", offsetof(struct slurm_conf, options)},
	{0},
};

const char *const slurm_phases[SLURM_PHASES] = {"map", "rank", "pairs", "settle", "reduce", "shards"};

bool slurm_is_array(unsigned phase)
{
	return phase == SLURM_MAP || phase == SLURM_PAIRS || phase == SLURM_REDUCE;
}

static bool phase_of(struct str name, enum slurm_phase *phase)
{
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		if (str_eq(name, str_of(slurm_phases[i]))) {
			*phase = (enum slurm_phase)i;
			return true;
		}
	return false;
}

bool slurm_part(const char *task, enum slurm_phase *phase, uint64_t *k, uint64_t *n)
{
	struct str part, of, name = str_cut(str_of(task), ':', &part), first = str_cut(part, '/', &of);
	*k = 0;
	*n = 1;
	if (!phase_of(name, phase))
		return false;
	return slurm_is_array(*phase) || *phase == SLURM_SETTLE ? str_u64(first, k) && str_u64(of, n) && *k < *n : !part.p;
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

/* Jobs that were submitted for DIR: "ID PHASE" a line in work/slurm/jobs. ids: "12,13" for squeue; job: by phase, 0 = none. */
static void job_list(const char *dir, struct buf *ids, uint64_t job[SLURM_PHASES])
{
	char path[4096], *text = NULL;
	size_t n = 0;
	memset(job, 0, SLURM_PHASES * sizeof(*job));
	snprintf(path, sizeof(path), "%s/work/slurm/jobs", dir);
	if (access(path, F_OK) != 0 || zin_slurp(path, 1 << 20, &text, &n, NULL))
		return;
	for (struct str rest = {text, n}, line; rest.n;) {
		line = str_trim(str_cut(rest, '\n', &rest));
		uint64_t id;
		enum slurm_phase phase;
		if (!str_u64(str_cut(line, ' ', &line), &id) || !phase_of(line, &phase))
			continue;
		buf_printf(ids, "%s%" PRIu64, ids->n ? "," : "", id);
		job[phase] = id;
	}
	free(text);
}

/* "ID ARRAY_INDEX STATE ARRAY_ID" */
static bool read_row(struct str line, const uint64_t job[SLURM_PHASES], struct slurm_row *row)
{
	char text[256], task[32];
	uint64_t own;
	*row = (struct slurm_row){.task = -1};
	snprintf(text, sizeof(text), "%.*s", STR_ARG(line));
	if (sscanf(text, "%" SCNu64 " %31s %7s %" SCNu64, &own, task, row->state, &row->job) != 4)
		return false;
	sscanf(task, "%" SCNd64, &row->task);
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		if (job[i] == row->job)
			row->phase = (enum slurm_phase)i;
	return true;
}

struct slurm_row *slurm_queue(const char *dir, size_t *n)
{
	struct buf jobs, answer;
	struct slurm_row *v = NULL, row;
	uint64_t job[SLURM_PHASES];
	*n = 0;
	buf_init(&jobs, 1 << 16);
	buf_init(&answer, SLURM_ANSWER_MAX);
	job_list(dir, &jobs, job);
	buf_byte(&jobs, 0);
	char *const argv[] = {(char[]){"squeue"}, (char[]){"-h"}, (char[]){"-r"}, (char[]){"-o"}, (char[]){"%A %K %t %F"}, (char[]){"-j"}, jobs.p, NULL};
	/* Slurm forgets finished jobs after a while and then answers "Invalid job id": that is an empty queue. */
	if (jobs.n > 1 && ask(argv, &answer, NULL) == 0)
		for (struct str rest = buf_view(&answer), line; rest.n;) {
			line = str_cut(rest, '\n', &rest);
			if (!read_row(line, job, &row))
				continue;
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

/* Comparing and packing are shared by the threads of one task; ranking is not. */
static uint64_t cpus_of(const struct slurm_conf *c, unsigned phase)
{
	return c->cpus_single && (phase == SLURM_SETTLE || phase == SLURM_SHARDS) ? c->cpus_single : c->cpus;
}

static void put_options(const struct run *r, const struct slurm_conf *c, struct buf *b, unsigned phase)
{
	const char *name = slurm_phases[phase];
	buf_printf(b, "#!/bin/bash\n#SBATCH --job-name=peneira-%s\n#SBATCH --requeue\n#SBATCH --open-mode=truncate\n#SBATCH --output=%s/work/slurm/%s%s.log\n", name, r->dir,
		   name, slurm_is_array(phase) ? "-%a" : "");
	buf_printf(b, "#SBATCH --cpus-per-task=%" PRIu64 "\n", cpus_of(c, phase));
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

/* n: tasks of the array. */
static int put_script(const struct run *r, const struct slurm_conf *c, unsigned phase, uint64_t n, struct err *e)
{
	char path[4096], here[4096], self[4096];
	struct buf b;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0 || !getcwd(here, sizeof(here)))
		return err_sys(e, "/proc/self/exe", "cannot find the program's own path");
	self[len] = 0;
	buf_init(&b, 1 << 20);
	put_options(r, c, &b, phase);
	buf_z(&b, "cd ");
	quote(&b, here);
	buf_z(&b, " || exit 1\nexec ");
	quote(&b, self);
	buf_printf(&b, " run --task %s", slurm_phases[phase]);
	if (slurm_is_array(phase))
		buf_printf(&b, ":$SLURM_ARRAY_TASK_ID/%" PRIu64, n);
	else if (phase == SLURM_SETTLE)
		buf_printf(&b, ":0/%" PRIu64, n);
	buf_z(&b, " -c ");
	quote(&b, run_path(r, path, "work/slurm/options.toml"));
	buf_printf(&b, " -q -j %" PRIu64 " -o ", cpus_of(c, phase));
	quote(&b, r->dir);
	buf_byte(&b, '\n');
	int rc = zout_file(run_path(r, path, "work/slurm/%s.sbatch", slurm_phases[phase]), buf_view(&b), e);
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

/* array: "--array=...", or ""; after: the job to wait for, 0 = none. */
static int sbatch(const struct run *r, unsigned phase, char *array, uint64_t after, uint64_t *job, struct err *e)
{
	char script[4096], depend[64], program[] = "sbatch", parsable[] = "--parsable", kill[] = "--kill-on-invalid-dep=yes";
	char *argv[8] = {program, parsable, kill};
	int n = 3;
	struct buf answer;
	struct str rest;
	snprintf(depend, sizeof(depend), "--dependency=afterany:%" PRIu64, after);
	if (*array)
		argv[n++] = array;
	if (after)
		argv[n++] = depend;
	argv[n] = (char *)(uintptr_t)run_path(r, script, "work/slurm/%s.sbatch", slurm_phases[phase]);
	buf_init(&answer, 1 << 16);
	int rc = ask(argv, &answer, e);
	if (rc > 0)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "sbatch is not installed here: --slurm needs a Slurm to submit to");
	else if (!rc && !str_u64(str_trim(str_cut(str_cut(buf_view(&answer), '\n', &rest), ';', &rest)), job))
		rc = err_at(e, ERR_DATA, (struct where){"sbatch", WHERE_NONE}, "answered '%.*s', no job id", STR_ARG(str_trim(buf_view(&answer))));
	buf_free(&answer);
	return rc;
}

/* "--array=0,3-7": the tasks, of n, that have a part to do. Returns how many. */
static uint64_t array_of(const bool *todo, size_t parts, uint64_t n, struct buf *out)
{
	bool *of = own_zalloc((n + 1) * sizeof(*of));
	uint64_t tasks = 0;
	for (size_t i = 0; i < parts; i++)
		of[i % n] |= todo[i];
	buf_z(out, "--array=");
	for (uint64_t i = 0; i < n; i++) {
		uint64_t end = i;
		if (!of[i])
			continue;
		while (end + 1 < n && of[end + 1])
			end++;
		buf_printf(out, "%s%" PRIu64, tasks ? "," : "", i);
		if (end > i)
			buf_printf(out, "-%" PRIu64, end);
		tasks += end - i + 1;
		i = end;
	}
	buf_byte(out, 0);
	free(of);
	return tasks;
}

static int remember_jobs(const struct run *r, const uint64_t job[SLURM_PHASES], struct err *e)
{
	char path[4096];
	struct buf b;
	buf_init(&b, 256);
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		if (job[i])
			buf_printf(&b, "%" PRIu64 " %s\n", job[i], slurm_phases[i]);
	int rc = zout_file(run_path(r, path, "work/slurm/jobs"), buf_view(&b), e);
	buf_free(&b);
	return rc;
}

/* What of each phase is missing now; a phase behind one that is missing has everything to do. */
struct missing {
	bool *part[SLURM_PHASES], any[SLURM_PHASES];
	size_t parts[SLURM_PHASES];
};

static void all_of(struct missing *m, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		memset(m->part[i], true, m->parts[i]);
		m->any[i] = true;
	}
}

static int look(struct run *r, struct missing *m, struct err *e)
{
	uint64_t state = 0, of = m->parts[SLURM_PAIRS];
	for (size_t i = 0; i < r->plan.n; i++)
		m->any[SLURM_MAP] |= m->part[SLURM_MAP][i] = !map_done(r, &r->plan.units[i]);
	m->any[SLURM_SHARDS] = true;
	int rc = m->any[SLURM_MAP] ? decide_forget(r, e) : manifest_state(r, &state, e);
	if (rc || (!m->any[SLURM_MAP] && decide_holds(r, state)))
		return rc ? rc : reduce_missing(r, m->part[SLURM_REDUCE], &m->any[SLURM_REDUCE], e);
	bool ranked = !m->any[SLURM_MAP] && decide_ranked_for(r, state);
	all_of(m, ranked ? SLURM_SETTLE : SLURM_RANK, SLURM_SHARDS);
	for (uint64_t k = 0; ranked && k < of; k++)
		m->any[SLURM_PAIRS] |= m->part[SLURM_PAIRS][k] = !decide_paired(r, k, of);
	return decide_forget(r, e);
}

static int submit_one(const struct run *r, unsigned phase, const struct missing *m, uint64_t n, uint64_t *after, uint64_t *job, struct err *e)
{
	struct buf array;
	buf_init(&array, 1 << 20);
	uint64_t tasks = slurm_is_array(phase) ? array_of(m->part[phase], m->parts[phase], n, &array) : 1;
	buf_byte(&array, 0);
	int rc = sbatch(r, phase, array.p, *after, job, e);
	if (!rc) {
		fprintf(stderr, "submitted: job %" PRIu64 " (%s, %" PRIu64 " task%s)\n", *job, slurm_phases[phase], tasks, tasks == 1 ? "" : "s");
		*after = *job;
	}
	buf_free(&array);
	return rc;
}

static int submit(struct run *r, const struct missing *m, const uint64_t n[SLURM_PHASES], struct err *e)
{
	uint64_t job[SLURM_PHASES] = {0}, after = 0;
	int rc = 0;
	for (unsigned i = 0; i < SLURM_PHASES && !rc; i++)
		if (m->any[i])
			rc = submit_one(r, i, m, n[i], &after, &job[i], e);
	/* Also when one of them was refused: what was submitted works here. */
	int remembered = remember_jobs(r, job, rc ? NULL : e);
	if (!rc && !remembered)
		fprintf(stderr, "see: peneira status %s\n", r->dir);
	return rc ? rc : remembered;
}

/* How many tasks each phase has at most: what was asked for, and what the cluster allows. */
static void count_tasks(const struct run *r, const struct slurm_conf *c, uint64_t n[SLURM_PHASES])
{
	uint64_t max = array_max(), wanted = c->tasks ? c->tasks : SLURM_TASKS, pairs = c->tasks ? c->tasks : 1 + r->plan.bytes / PAIRS_BYTES;
	const uint64_t parts[SLURM_PHASES] = {r->plan.n, 1, pairs, pairs, r->n_lots, 1};
	for (unsigned i = 0; i < SLURM_PHASES; i++) {
		n[i] = parts[i] < wanted ? parts[i] : wanted;
		n[i] = n[i] < max ? n[i] : max;
	}
}

int slurm_submit(struct run *r, const struct slurm_conf *c, struct err *e)
{
	uint64_t n[SLURM_PHASES];
	char path[4096];
	count_tasks(r, c, n);
	struct missing m = {.parts = {r->plan.n, 1, n[SLURM_PAIRS], 1, r->n_lots, 1}};
	int rc = folder_make(run_path(r, path, "work/slurm"), e);
	if (!rc)
		rc = put_toml(r, e);
	for (unsigned i = 0; i < SLURM_PHASES; i++) {
		m.part[i] = own_zalloc(m.parts[i] + 1);
		if (!rc)
			rc = put_script(r, c, i, n[i], e);
	}
	if (!rc)
		rc = look(r, &m, e);
	if (!rc)
		rc = submit(r, &m, n, e);
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		free(m.part[i]);
	return rc;
}
