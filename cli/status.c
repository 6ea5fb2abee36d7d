#include "cli/status.h"

#include "cli/command.h"
#include "cli/decide.h"
#include "cli/lock.h"
#include "cli/reduce.h"
#include "cli/run.h"
#include "cli/slurm.h"
#include "core/json.h"
#include "core/zin.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { LOG_MAX = 64 << 20, FAILED_SHOWN = 20 };

struct status_conf {
	bool json;
};
static const struct opt status_opts[] = {
	{OPT_FLAG, 0, "json", NULL, "one JSON object", offsetof(struct status_conf, json)},
	{0},
};

/* A task that has work left and is not in the queue, with the last line of its log. */
struct failure {
	enum slurm_phase phase;
	uint64_t task;
	const char *path; /* an archive that it had in hand; NULL: not of the map phase */
	char why[256];
};

struct phase {
	size_t parts, done, running, waiting;
	uint64_t tasks; /* of the array; 0 = never submitted */
	bool *active;   /* by task */
};

struct state {
	struct run r; /* dir, plan and lots only */
	struct phase phase[SLURM_PHASES];
	bool whole;
	struct failure *failed;
	size_t n_failed;
};

static void last_line(const char *path, char out[256])
{
	char *text = NULL;
	size_t n = 0;
	out[0] = 0;
	if (access(path, F_OK) != 0 || zin_slurp(path, LOG_MAX, &text, &n, NULL))
		return;
	struct str s = str_trim((struct str){text, n});
	size_t at = s.n;
	while (at && s.p[at - 1] != '\n')
		at--;
	snprintf(out, 256, "%.*s", (int)(s.n - at < 255 ? s.n - at : 255), s.n ? s.p + at : "");
	free(text);
}

/* "--task map:$SLURM_ARRAY_TASK_ID/N" in the script that was submitted; 1 for a single task. */
static uint64_t tasks_of(const struct run *r, unsigned phase)
{
	char path[4096], *text = NULL;
	size_t n = 0;
	uint64_t tasks = 1;
	if (access(run_path(r, path, "work/slurm/%s.sbatch", slurm_phases[phase]), F_OK) != 0 || zin_slurp(path, 1 << 20, &text, &n, NULL))
		return 0;
	struct str all = {text, n}, mark = STR("$SLURM_ARRAY_TASK_ID/"), rest;
	size_t at = str_find(all, mark);
	if (at < all.n)
		str_u64(str_cut(str_from(all, at + mark.n), ' ', &rest), &tasks);
	free(text);
	return tasks;
}

static void look_at_queue(struct state *s)
{
	size_t n;
	struct slurm_row *v = slurm_queue(s->r.dir, &n);
	for (size_t i = 0; i < n; i++) {
		struct phase *p = &s->phase[v[i].phase];
		uint64_t task = v[i].task < 0 ? 0 : (uint64_t)v[i].task;
		if (task < p->tasks)
			p->active[task] = true;
		*(strcmp(v[i].state, "PD") == 0 ? &p->waiting : &p->running) += 1;
	}
	free(v);
}

static void add_failure(struct state *s, unsigned phase, uint64_t task, const char *path)
{
	char log[4096], number[32] = "";
	s->failed = own_grow(s->failed, (s->n_failed + 1) * sizeof(*s->failed));
	struct failure *f = &s->failed[s->n_failed++];
	*f = (struct failure){.phase = (enum slurm_phase)phase, .task = task, .path = path};
	if (slurm_is_array(phase))
		snprintf(number, sizeof(number), "-%" PRIu64, task);
	last_line(run_path(&s->r, log, "work/slurm/%s%s.log", slurm_phases[phase], number), f->why);
}

static bool part_done(const struct state *s, unsigned phase, size_t i)
{
	if (phase == SLURM_MAP)
		return map_done(&s->r, &s->r.plan.units[i]);
	if (phase == SLURM_REDUCE)
		return reduce_marked(&s->r, &s->r.lots[i]);
	if (phase == SLURM_PAIRS)
		return decide_paired(&s->r, i, s->phase[phase].parts);
	return phase == SLURM_RANK ? decide_ranked(&s->r) : phase == SLURM_SETTLE ? decide_done(&s->r) : s->whole;
}

/* Nothing of a phase has failed while one before it is not done: its tasks have only looked and left. */
static void look_at_phase(struct state *s, unsigned phase, bool blame)
{
	struct phase *p = &s->phase[phase];
	bool *seen = own_zalloc((p->tasks + 1) * sizeof(*seen));
	for (size_t i = 0; i < p->parts; i++) {
		uint64_t task = p->tasks ? i % p->tasks : 0;
		if (part_done(s, phase, i)) {
			p->done++;
		} else if (p->tasks && !p->active[task] && !seen[task] && blame) {
			add_failure(s, phase, task, phase == SLURM_MAP ? s->r.plan.units[i].path : NULL);
			seen[task] = true;
		}
	}
	free(seen);
}

static void look(struct state *s)
{
	uint64_t pairs = tasks_of(&s->r, SLURM_PAIRS);
	const size_t parts[SLURM_PHASES] = {s->r.plan.n, 1, pairs ? pairs : 1, 1, s->r.n_lots, 1};
	char path[4096];
	s->whole = access(run_path(&s->r, path, "manifest.json"), F_OK) == 0;
	for (unsigned i = 0; i < SLURM_PHASES; i++) {
		s->phase[i].parts = parts[i];
		s->phase[i].tasks = tasks_of(&s->r, i);
		s->phase[i].active = own_zalloc((s->phase[i].tasks + 1) * sizeof(bool));
	}
	look_at_queue(s);
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		look_at_phase(s, i, !s->whole && (i == 0 || s->phase[i - 1].done == parts[i - 1]));
}

static void print_json(const struct state *s)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_printf(&b, "{\"whole\":%s,\"phases\":[", s->whole ? "true" : "false");
	for (unsigned i = 0; i < SLURM_PHASES; i++) {
		const struct phase *p = &s->phase[i];
		buf_printf(&b, "%s{\"name\":\"%s\",\"parts\":%zu,\"done\":%zu,\"tasks\":%" PRIu64 ",\"running\":%zu,\"waiting\":%zu}", i ? "," : "", slurm_phases[i], p->parts, p->done,
			   p->tasks, p->running, p->waiting);
	}
	buf_z(&b, "],\"failed\":[");
	for (size_t i = 0; i < s->n_failed; i++) {
		const struct failure *f = &s->failed[i];
		buf_printf(&b, "%s{\"phase\":\"%s\",\"task\":%" PRIu64, i ? "," : "", slurm_phases[f->phase], f->task);
		if (f->path) {
			buf_z(&b, ",\"path\":");
			json_put_string(&b, str_of(f->path));
		}
		buf_z(&b, ",\"message\":");
		json_put_string(&b, str_of(f->why));
		buf_byte(&b, '}');
	}
	buf_z(&b, "]}\n");
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

static void print_text(const struct state *s)
{
	bool works = false;
	for (unsigned i = 0; i < SLURM_PHASES; i++) {
		const struct phase *p = &s->phase[i];
		printf("%-7s %zu of %zu done", slurm_phases[i], p->done, p->parts);
		if (p->tasks)
			printf(", tasks: %zu running, %zu waiting", p->running, p->waiting);
		printf("\n");
		works |= p->running || p->waiting;
	}
	for (size_t i = 0; i < s->n_failed && i < FAILED_SHOWN; i++) {
		const struct failure *f = &s->failed[i];
		printf("%s task %" PRIu64 ": %s%s%s\n", slurm_phases[f->phase], f->task, f->path ? f->path : "", f->path ? ": " : "", f->why[0] ? f->why : "left no message");
	}
	if (s->n_failed > FAILED_SHOWN)
		printf("... and %zu more: work/slurm/*.log\n", s->n_failed - FAILED_SHOWN);
	char who[320], path[4096];
	if (lock_held(run_path(&s->r, path, "work/lock"), who))
		printf("A run works here (%s).\n", who);
	else if (s->whole)
		printf("The corpus is whole.\n");
	else if (!works)
		printf("The same `peneira run` goes on from here.\n");
}

/* --lot of the run: "lot = N" in its configuration. */
static uint64_t saved_lot(const struct run *r)
{
	char path[4096], *text = NULL;
	size_t n = 0;
	uint64_t lot = 0;
	if (zin_slurp(run_path(r, path, "work/config.toml"), 16 << 20, &text, &n, NULL))
		return 0;
	struct str all = {text, n}, mark = STR("\nlot = "), rest = str_from(all, str_find(all, mark) + mark.n);
	str_u64(str_cut(rest, '\n', &rest), &lot);
	free(text);
	return lot;
}

int cmd_status(int argc, char **argv)
{
	struct status_conf conf = {0};
	struct state s = {0};
	struct err e = {0};
	struct opt_set set = {"status", status_opts, &conf};
	char path[4096];
	int n_args = 0, status = common_parse(argv[0], &set, 1, argc, argv, &n_args);
	if (status >= 0)
		return status;
	int rc = n_args == 1 ? 0 : err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "status takes one folder");
	s.r.dir = argv[1];
	if (!rc && access(run_path(&s.r, path, "work/inputs"), F_OK) != 0)
		rc = err_at(&e, ERR_USAGE, (struct where){s.r.dir, WHERE_NONE}, "no run was begun in this folder, or its work folder was removed");
	if (!rc)
		rc = plan_add_saved(&s.r.plan, path, &e);
	if (rc)
		return common_fail(&e);
	s.r.n_lots = lots_of(&s.r.plan, saved_lot(&s.r), &s.r.lots);
	look(&s);
	if (conf.json)
		print_json(&s);
	else
		print_text(&s);
	plan_free(&s.r.plan);
	for (unsigned i = 0; i < SLURM_PHASES; i++)
		free(s.phase[i].active);
	free(s.r.lots);
	free(s.failed);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
