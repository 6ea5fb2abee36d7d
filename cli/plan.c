#include "cli/plan.h"

#include "core/buf.h"
#include "core/zin.h"
#include "core/zout.h"
#include "crawl/slice.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { PLAN_DEPTH_MAX = 32 };

static void name_unit(struct unit *u)
{
	char key[8192 + 32];
	int n = snprintf(key, sizeof(key), "%s\n%" PRIu64, u->path, u->begin);
	snprintf(u->name, sizeof(u->name), "%016" PRIx64, (uint64_t)XXH3_64bits(key, (size_t)n));
}

uint64_t plan_bytes(const struct unit *u)
{
	uint64_t end = u->end == UINT64_MAX ? u->size : u->end;
	return end > u->begin ? end - u->begin : 0;
}

static int add_file(struct plan *p, const char *path, const struct stat *st, struct err *e)
{
	uint64_t *cuts = NULL, whole = (uint64_t)st->st_size;
	size_t n = 1;
	int rc = p->slice && whole > p->slice ? slice_file(path, p->slice, &cuts, &n, e) : 0;
	for (size_t i = 0; !rc && i < n; i++) {
		p->units = own_grow(p->units, (p->n + 1) * sizeof(*p->units));
		struct unit *u = &p->units[p->n++];
		*u = (struct unit){.path = own_strdup(path), .begin = cuts ? cuts[i] : 0, .end = i + 1 < n ? cuts[i + 1] : UINT64_MAX, .size = whole,
				   .mtime = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec};
		name_unit(u);
	}
	free(cuts);
	return rc;
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
	if (stat(path, &st) && strcmp(path, "-") != 0)
		return err_sys(e, path, "cannot open");
	if (strcmp(path, "-") == 0)
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "a run reads files, so that it can be resumed, not what is piped into it");
	if (strchr(path, '\n'))
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "a name with a line end in it; rename it");
	if (S_ISDIR(st.st_mode))
		return add_folder(p, path, depth, e);
	if (!S_ISREG(st.st_mode))
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "a run reads files, so that it can be resumed; this is none");
	return add_file(p, path, &st, e);
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

static void put_in_order(struct plan *p)
{
	qsort(p->units, p->n, sizeof(*p->units), by_place);
	drop_doubles(p);
	p->bytes = 0;
	for (size_t i = 0; i < p->n; i++)
		p->bytes += p->units[i].begin == 0 ? p->units[i].size : 0;
}

int plan_make(struct plan *p, const char *const *paths, size_t n, uint64_t slice, struct err *e)
{
	int rc = 0;
	*p = (struct plan){.slice = slice};
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_path(p, paths[i], 0, e);
	if (!rc && !p->n)
		rc = err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, n ? "no files in there" : "no input files");
	if (rc) {
		plan_free(p);
		return rc;
	}
	put_in_order(p);
	return 0;
}

/* ---- the list of a folder ---- */

static bool saved_unit(struct str line, struct unit *u)
{
	char text[8192];
	int at = 0;
	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = 0;
	if (sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNd64 "%n", &u->begin, &u->end, &u->size, &u->mtime, &at) < 4 || text[at] != ' ' || !text[at + 1])
		return false;
	u->path = own_strdup(text + at + 1);
	return true;
}

/* Of the first n units: the first that is not before (path, begin). */
static size_t place_of(const struct plan *p, size_t n, const struct unit *u)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (by_place(&p->units[mid], u) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool same_path(const struct plan *p, size_t n, size_t i, const struct unit *u)
{
	return i < n && strcmp(p->units[i].path, u->path) == 0;
}

/* A unit of the list: known already (1), of a file that is not named now (0, added), or of one that has other units now (< 0). */
static int add_saved(struct plan *p, size_t n, struct unit *u, const char *list, struct err *e)
{
	size_t i = place_of(p, n, u);
	if (same_path(p, n, i, u) && p->units[i].begin == u->begin && p->units[i].end == u->end) {
		p->units[i].touched = p->units[i].mtime != u->mtime;
		return 1;
	}
	if (same_path(p, n, i, u) || (i && same_path(p, n, i - 1, u)))
		return err_at(e, ERR_USAGE, (struct where){u->path, WHERE_NONE},
			      "changed since it was read into this folder: use another folder, or remove its lines from %s", list);
	name_unit(u);
	p->units = own_grow(p->units, (p->n + 1) * sizeof(*p->units));
	p->units[p->n++] = *u;
	return 0;
}

int plan_add_saved(struct plan *p, const char *list, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	size_t n = p->n;
	struct str line;
	if (access(list, F_OK) != 0)
		return 0;
	int rc = zin_open(&z, list, e);
	for (unsigned number = 1; !rc && (rc = zin_line(z, 8192, &line, e)) > 0; number++, rc = 0) {
		struct unit u = {0};
		if (!saved_unit(line, &u))
			return err_at(e, ERR_DATA, (struct where){list, number}, "line %u is not an input of a run", number);
		int known = add_saved(p, n, &u, list, e);
		if (known)
			free(u.path);
		if (known < 0)
			return known;
	}
	put_in_order(p);
	return rc;
}

int plan_save(const struct plan *p, const char *list, struct err *e)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < p->n; i++) {
		const struct unit *u = &p->units[i];
		buf_printf(&b, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %s\n", u->begin, u->end, u->size, u->mtime, u->path);
	}
	int rc = zout_file(list, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->units[i].path);
	free(p->units);
	*p = (struct plan){0};
}
