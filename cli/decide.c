#include "cli/decide.h"

#include "core/folder.h"
#include "core/progress.h"
#include "core/zin.h"
#include "core/zout.h"
#include "dedup/dedup.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PARTS "work/dedup"

static bool holds_state(const char *path, uint64_t state)
{
	_cleanup_(own_freep) char *text = NULL;
	char want[17];
	size_t n;
	if (access(path, F_OK) != 0 || zin_slurp(path, 64, &text, &n, NULL))
		return false;
	snprintf(want, sizeof(want), "%016" PRIx64, state);
	return str_eq(str_trim((struct str){text, n}), str_of(want));
}

static int put_state(const char *path, uint64_t state, struct err *e)
{
	char text[32];
	snprintf(text, sizeof(text), "%016" PRIx64 "\n", state);
	return zout_file(path, str_of(text), e);
}

bool decide_holds(const struct run *r, uint64_t state)
{
	char path[4096];
	return decide_done(r) && holds_state(run_path(r, path, "work/decided"), state);
}

bool decide_done(const struct run *r)
{
	char path[4096];
	return access(run_path(r, path, "work/decided"), F_OK) == 0 && access(run_path(r, path, DECIDE_VERDICTS), F_OK) == 0;
}

int decide_forget(const struct run *r, struct err *e)
{
	char path[4096];
	return unlink(run_path(r, path, "work/decided")) && errno != ENOENT ? err_sys(e, path, "cannot remove") : 0;
}

/* Is `one` in the list of --against, under whatever name? */
static bool is_against(const char *list, const char *one)
{
	char folder[4096], real[PATH_MAX], other[PATH_MAX];
	if (!realpath(one, real))
		return false;
	for (struct str rest = str_of(list), name; rest.n;) {
		name = str_trim(str_cut(rest, ',', &rest));
		snprintf(folder, sizeof(folder), "%.*s", STR_ARG(name));
		if (realpath(folder, other) && strcmp(real, other) == 0)
			return true;
	}
	return false;
}

int decide_index(const struct run *r, bool anew, struct err *e)
{
	const struct dedup_conf *c = r->confs[CHAIN_DEDUP];
	char note[4096], path[4096];
	if (!c->index)
		return 0;
	bool ours = access(run_path(r, note, "work/indexed"), F_OK) == 0, there;
	snprintf(path, sizeof(path), "%s/index", c->index);
	there = access(path, F_OK) == 0;
	if (is_against(c->against, c->index))
		return err_at(e, ERR_USAGE, (struct where){c->index, WHERE_NONE}, "--index and --against are one folder: write the new index beside the old one");
	if (there && !ours)
		return err_at(e, ERR_USAGE, (struct where){c->index, WHERE_NONE}, "there is an index already, which is not of this run: name another folder");
	if (!anew)
		return 0;
	int rc = ours ? 0 : zout_file(note, str_of(c->index), e);
	return !rc && there && unlink(path) ? err_sys(e, path, "cannot remove") : rc;
}

static const char **sign_files(const struct run *r)
{
	const char **signs = own_alloc((r->plan.n + 1) * sizeof(*signs));
	char path[4096];
	for (size_t i = 0; i < r->plan.n; i++)
		signs[i] = own_strdup(run_path(r, path, "work/map/%s.sign", r->plan.units[i].name));
	return signs;
}

int decide_phase(struct run *r, uint64_t state, struct err *e)
{
	char path[4096];
	if (decide_holds(r, state))
		return 0;
	const char **signs = sign_files(r);
	progress_phase(r->progress, "dedup", 0, 0);
	int rc = decide_forget(r, e);
	if (!rc)
		rc = folder_remove(run_path(r, path, PARTS), e);
	if (!rc)
		rc = decide_index(r, true, e);
	if (!rc)
		rc = dedup_solve(run_path(r, path, DECIDE_VERDICTS), signs, r->plan.n, r->confs[CHAIN_DEDUP], e);
	if (!rc)
		rc = put_state(run_path(r, path, "work/decided"), state, e);
	own_free_strings(signs, r->plan.n);
	return rc;
}

/* ---- in steps ---- */

bool decide_ranked(const struct run *r)
{
	char path[4096];
	return decide_done(r) || access(run_path(r, path, PARTS "/ranked"), F_OK) == 0;
}

bool decide_ranked_for(const struct run *r, uint64_t state)
{
	char path[4096];
	return decide_holds(r, state) || (decide_ranked(r) && holds_state(run_path(r, path, PARTS "/state"), state));
}

bool decide_paired(const struct run *r, uint64_t k, uint64_t of)
{
	char path[4096];
	return decide_done(r) || access(run_path(r, path, PARTS "/pairs.%" PRIu64 "-%" PRIu64, k, of), F_OK) == 0;
}

static int too_early(const struct run *r, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){r->dir, WHERE_NONE}, "copies are not decided about yet: %s did not end", what);
}

int decide_rank(struct run *r, uint64_t state, struct err *e)
{
	char path[4096];
	if (decide_ranked_for(r, state))
		return 0;
	const char **signs = sign_files(r);
	int rc = decide_forget(r, e);
	if (!rc)
		rc = folder_remove(run_path(r, path, PARTS), e);
	if (!rc)
		rc = folder_make(path, e);
	if (!rc)
		rc = put_state(run_path(r, path, PARTS "/state"), state, e);
	if (!rc)
		rc = dedup_rank(run_path(r, path, PARTS), signs, r->plan.n, r->confs[CHAIN_DEDUP], e);
	own_free_strings(signs, r->plan.n);
	return rc;
}

int decide_pairs(struct run *r, uint64_t k, uint64_t of, struct err *e)
{
	char path[4096];
	if (decide_done(r))
		return 0;
	if (!decide_ranked(r))
		return too_early(r, "the task before", e);
	const char **signs = sign_files(r);
	int rc = dedup_pairs(run_path(r, path, PARTS), signs, r->plan.n, r->confs[CHAIN_DEDUP], k, of, e);
	own_free_strings(signs, r->plan.n);
	return rc;
}

int decide_settle(struct run *r, uint64_t state, uint64_t of, struct err *e)
{
	char path[4096], verdicts[4096];
	if (decide_holds(r, state))
		return 0;
	for (uint64_t k = 0; k < of; k++)
		if (!decide_ranked_for(r, state) || !decide_paired(r, k, of))
			return too_early(r, "a task of pairs", e);
	const char **signs = sign_files(r);
	int rc = decide_index(r, true, e);
	if (!rc)
		rc = dedup_settle(run_path(r, path, PARTS), signs, r->plan.n, r->confs[CHAIN_DEDUP], of, run_path(r, verdicts, DECIDE_VERDICTS), e);
	if (!rc)
		rc = put_state(run_path(r, path, "work/decided"), state, e);
	if (!rc)
		rc = folder_remove(run_path(r, path, PARTS), e);
	own_free_strings(signs, r->plan.n);
	return rc;
}
