#include "cli/audit.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/plan.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool audit_asked(const struct dedup_conf *c, const char *const *paths, size_t n)
{
	struct stat st;
	return c->audit && n == 1 && stat(paths[0], &st) == 0 && S_ISDIR(st.st_mode);
}

/* The signature files of the run, in the order of its documents. */
static const char **sign_files(const struct plan *p, const char *dir)
{
	const char **files = own_alloc((p->n + 1) * sizeof(*files));
	for (size_t i = 0; i < p->n; i++) {
		size_t n = strlen(dir) + 64;
		char *path = own_alloc(n);
		snprintf(path, n, "%s/work/map/%s.sign", dir, p->units[i].name);
		files[i] = path;
	}
	return files;
}

static void print(const struct audit_report *r)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (unsigned i = 0; i < AUDIT_LINES; i++) {
		audit_line(r, i, &b);
		buf_byte(&b, '\n');
	}
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

static int audit_plan(const struct dedup_conf *c, const struct plan *p, const char *dir, struct err *e)
{
	char verdicts[4096];
	struct audit_report report;
	const char **files = sign_files(p, dir);
	snprintf(verdicts, sizeof(verdicts), "%s/work/map/verdicts", dir);
	int rc = dedup_audit(verdicts, files, p->n, c, &report, e);
	if (!rc)
		print(&report);
	own_free_strings(files, p->n);
	return rc;
}

int audit_run(const struct dedup_conf *c, const char *dir, struct err *e)
{
	char path[4096];
	struct plan p = {0};
	snprintf(path, sizeof(path), "%s/work/inputs", dir);
	int rc = access(path, F_OK) ? err_at(e, ERR_USAGE, (struct where){dir, WHERE_NONE}, "not the folder of a run that kept its work folder") : plan_add_saved(&p, path, e);
	rc = rc ? rc : audit_plan(c, &p, dir, e);
	plan_free(&p);
	if (rc)
		return common_fail(e);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
