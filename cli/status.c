#include "cli/status.h"

#include "cli/command.h"
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
	uint64_t task;
	size_t unit;
	char why[256];
};

struct state {
	struct run r; /* dir and plan only */
	size_t done, running, waiting;
	uint64_t tasks; /* of the array; 0 = never submitted */
	bool whole, reduce_runs;
	struct failure *failed;
	size_t n_failed;
	char reduce_why[256];
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

/* "--task map:$SLURM_ARRAY_TASK_ID/N" in the script that was submitted. */
static uint64_t tasks_of(const struct run *r)
{
	char path[4096], *text = NULL;
	size_t n = 0;
	uint64_t tasks = 0;
	if (access(run_path(r, path, "work/slurm/map.sbatch"), F_OK) != 0 || zin_slurp(path, 1 << 20, &text, &n, NULL))
		return 0;
	struct str all = {text, n}, mark = STR("$SLURM_ARRAY_TASK_ID/"), number = str_from(all, str_find(all, mark) + mark.n), rest;
	str_u64(str_cut(number, ' ', &rest), &tasks);
	free(text);
	return tasks;
}

static void look_at_queue(struct state *s, bool *active)
{
	size_t n;
	struct slurm_row *v = slurm_queue(s->r.dir, &n);
	for (size_t i = 0; i < n; i++) {
		bool pending = strcmp(v[i].state, "PD") == 0;
		if (v[i].task < 0)
			s->reduce_runs = true;
		else if ((uint64_t)v[i].task < s->tasks)
			active[v[i].task] = true;
		if (v[i].task >= 0)
			*(pending ? &s->waiting : &s->running) += 1;
	}
	free(v);
}

static void look(struct state *s)
{
	char path[4096];
	s->tasks = tasks_of(&s->r);
	bool *active = own_zalloc((s->tasks + 1) * sizeof(*active)), *seen = own_zalloc((s->tasks + 1) * sizeof(*seen));
	look_at_queue(s, active);
	for (size_t i = 0; i < s->r.plan.n; i++) {
		uint64_t task = s->tasks ? i % s->tasks : 0;
		if (map_done(&s->r, &s->r.plan.units[i])) {
			s->done++;
		} else if (s->tasks && !active[task] && !seen[task]) {
			s->failed = own_grow(s->failed, (s->n_failed + 1) * sizeof(*s->failed));
			struct failure *f = &s->failed[s->n_failed++];
			*f = (struct failure){.task = task, .unit = i};
			last_line(run_path(&s->r, path, "work/slurm/map-%" PRIu64 ".log", task), f->why);
			seen[task] = true;
		}
	}
	s->whole = access(run_path(&s->r, path, "manifest.json"), F_OK) == 0;
	if (s->tasks && !s->whole && !s->reduce_runs)
		last_line(run_path(&s->r, path, "work/slurm/reduce.log"), s->reduce_why);
	free(active);
	free(seen);
}

static void print_json(const struct state *s)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_printf(&b, "{\"units\":%zu,\"done\":%zu,\"tasks\":%" PRIu64 ",\"running\":%zu,\"waiting\":%zu,\"whole\":%s,\"failed\":[", s->r.plan.n, s->done, s->tasks, s->running,
		   s->waiting, s->whole ? "true" : "false");
	for (size_t i = 0; i < s->n_failed; i++) {
		buf_printf(&b, "%s{\"task\":%" PRIu64 ",\"path\":", i ? "," : "", s->failed[i].task);
		json_put_string(&b, str_of(s->r.plan.units[s->failed[i].unit].path));
		buf_z(&b, ",\"message\":");
		json_put_string(&b, str_of(s->failed[i].why));
		buf_byte(&b, '}');
	}
	buf_z(&b, "]}\n");
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

static void print_text(const struct state *s)
{
	printf("map     %zu of %zu units done", s->done, s->r.plan.n);
	if (s->tasks)
		printf(", tasks: %zu running, %zu waiting, %zu ended without finishing", s->running, s->waiting, s->n_failed);
	printf("\nreduce  %s\n", s->whole ? "done: the corpus is whole" : s->reduce_runs ? "submitted" : "to do");
	for (size_t i = 0; i < s->n_failed && i < FAILED_SHOWN; i++)
		printf("task %" PRIu64 ": %s: %s\n", s->failed[i].task, s->r.plan.units[s->failed[i].unit].path, s->failed[i].why[0] ? s->failed[i].why : "left no message");
	if (s->n_failed > FAILED_SHOWN)
		printf("... and %zu more: work/slurm/map-N.log\n", s->n_failed - FAILED_SHOWN);
	if (s->reduce_why[0])
		printf("reduce: %s\n", s->reduce_why);
	if (!s->whole && !s->running && !s->waiting && !s->reduce_runs)
		printf("The same `peneira run` goes on from here.\n");
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
	look(&s);
	if (conf.json)
		print_json(&s);
	else
		print_text(&s);
	plan_free(&s.r.plan);
	free(s.failed);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
