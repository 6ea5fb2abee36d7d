#include "cli/decide.h"

#include "core/progress.h"
#include "core/zin.h"
#include "core/zout.h"
#include "dedup/dedup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

bool decide_holds(const struct run *r, uint64_t state)
{
	_cleanup_(own_freep) char *text = NULL;
	char path[4096], want[17];
	size_t n;
	if (!decide_done(r) || zin_slurp(run_path(r, path, "work/decided"), 64, &text, &n, NULL))
		return false;
	snprintf(want, sizeof(want), "%016" PRIx64, state);
	return str_eq(str_trim((struct str){text, n}), str_of(want));
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

static int solve(const struct run *r, struct err *e)
{
	const char **signs = own_alloc((r->plan.n + 1) * sizeof(*signs));
	char path[4096];
	for (size_t i = 0; i < r->plan.n; i++)
		signs[i] = own_strdup(run_path(r, path, "work/map/%s.sign", r->plan.units[i].name));
	int rc = dedup_solve(run_path(r, path, DECIDE_VERDICTS), signs, r->plan.n, r->confs[CHAIN_DEDUP], e);
	for (size_t i = 0; i < r->plan.n; i++)
		free((void *)(uintptr_t)signs[i]);
	free(signs);
	return rc;
}

int decide_phase(struct run *r, uint64_t state, struct err *e)
{
	char path[4096], text[32];
	if (decide_holds(r, state))
		return 0;
	progress_phase(r->progress, "dedup", 0, 0);
	int rc = decide_forget(r, e);
	if (!rc)
		rc = solve(r, e);
	snprintf(text, sizeof(text), "%016" PRIx64 "\n", state);
	return rc ? rc : zout_file(run_path(r, path, "work/decided"), str_of(text), e);
}
