#include "cli/plan.h"

#include "core/buf.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <xxhash.h>

enum { PLAN_DEPTH_MAX = 32 };

static void add_unit(struct plan *p, const char *path, const struct stat *st)
{
	char key[4096 + 32];
	p->units = own_grow(p->units, (p->n + 1) * sizeof(*p->units));
	struct unit *u = &p->units[p->n++];
	*u = (struct unit){.path = own_strdup(path), .end = UINT64_MAX, .size = (uint64_t)st->st_size,
			   .mtime = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec};
	int n = snprintf(key, sizeof(key), "%s\n%" PRIu64, path, u->begin);
	snprintf(u->name, sizeof(u->name), "%016" PRIx64, (uint64_t)XXH3_64bits(key, (size_t)n));
}

static int add_path(struct plan *p, const char *path, int depth, struct err *e);

static int add_folder(struct plan *p, const char *path, int depth, struct err *e)
{
	if (depth == PLAN_DEPTH_MAX)
		return err_at(e, ERR_LIMIT, (struct where){path, WHERE_NONE}, "folders nested deeper than %d", PLAN_DEPTH_MAX);
	DIR *dir = opendir(path);
	if (!dir)
		return err_sys(e, path, "cannot read folder");
	int rc = 0;
	for (struct dirent *d; !rc && (d = readdir(dir));) {
		char full[4096];
		if (d->d_name[0] == '.')
			continue;
		snprintf(full, sizeof(full), "%s/%s", path, d->d_name);
		rc = add_path(p, full, depth + 1, e);
	}
	closedir(dir);
	return rc;
}

static int add_path(struct plan *p, const char *path, int depth, struct err *e)
{
	struct stat st;
	if (stat(path, &st))
		return err_sys(e, path, "cannot open");
	if (S_ISDIR(st.st_mode))
		return add_folder(p, path, depth, e);
	if (!S_ISREG(st.st_mode))
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "a run reads files, so that it can be resumed; this is none");
	add_unit(p, path, &st);
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	int c = strcmp(x->path, y->path);
	return c ? c : (x->begin > y->begin) - (x->begin < y->begin);
}

/* The same file named twice counts once. */
static void drop_doubles(struct plan *p)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (kept && by_place(&p->units[kept - 1], &p->units[i]) == 0)
			free(p->units[i].path);
		else
			p->units[kept++] = p->units[i];
	}
	p->n = kept;
}

int plan_make(struct plan *p, const char *const *paths, size_t n, struct err *e)
{
	int rc = 0;
	*p = (struct plan){0};
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_path(p, paths[i], 0, e);
	if (!rc && !p->n)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "no input files");
	if (rc) {
		plan_free(p);
		return rc;
	}
	qsort(p->units, p->n, sizeof(*p->units), by_place);
	drop_doubles(p);
	for (size_t i = 0; i < p->n; i++)
		p->bytes += p->units[i].begin == 0 ? p->units[i].size : 0;
	return 0;
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->units[i].path);
	free(p->units);
	*p = (struct plan){0};
}
