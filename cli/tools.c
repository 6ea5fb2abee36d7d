#include "cli/tools.h"

#include "core/json.h"
#include "core/raw.h"
#include "dedup/dedup.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

enum { SEAL_BYTES = 64 };

/* name, SHA-256: made when the program is built (cli/models.sh). */
static const struct {
	const char *name, *sha256;
} models[] = {
#include "cli/models.inc"
};
enum { MODELS = sizeof(models) / sizeof(*models) };

/* ---- digests ---- */

/* of(path, h) of each file in a folder, in order of name. */
static int each_in(const char *folder, int (*of)(const char *path, XXH3_state_t *h, struct err *e), XXH3_state_t *h, struct err *e)
{
	struct dirent **names;
	char path[4096];
	int n = scandir(folder, &names, NULL, alphasort), rc = n < 0 ? err_sys(e, folder, "cannot read folder") : 0;
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' && !rc && snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name) < (int)sizeof(path)) {
			XXH3_64bits_update(h, names[i]->d_name, strlen(names[i]->d_name));
			rc = of(path, h, e);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return rc;
}

static int add_file(const char *path, XXH3_state_t *h, struct err *e)
{
	struct stat st;
	uint64_t digest = 0;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	int rc = raw_digest(path, 0, UINT64_MAX, &digest, NULL, e);
	XXH3_64bits_update(h, &digest, sizeof(digest));
	return rc;
}

/* The files of an index are sealed: the end of each holds a check over all of it. */
static int add_sealed(const char *path, XXH3_state_t *h, struct err *e)
{
	char end[SEAL_BYTES];
	FILE *f = fopen(path, "rbe");
	if (!f)
		return err_sys(e, path, "cannot open");
	long size = fseek(f, 0, SEEK_END) ? 0 : ftell(f);
	fseek(f, size > SEAL_BYTES ? size - SEAL_BYTES : 0, SEEK_SET);
	XXH3_64bits_update(h, &size, sizeof(size));
	XXH3_64bits_update(h, end, fread(end, 1, sizeof(end), f));
	fclose(f);
	return 0;
}

int tools_of_file(const char *path, uint64_t begin, uint64_t end, uint64_t *digest, struct err *e)
{
	struct stat st;
	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return raw_digest(path, begin, end, digest, NULL, e);
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	int rc = each_in(path, add_file, h, e);
	*digest = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	return rc;
}

/* ---- the files that options name ---- */

struct tool {
	const char *section, *option, *path;
	uint64_t digest;
};

/* Files that are read: --count-lines is written. */
static bool names_files(const struct opt *o)
{
	return o->arg && (strcmp(o->arg, "FILE") == 0 || strcmp(o->arg, "PATH") == 0) && strcmp(o->name, "count-lines") != 0;
}

struct list {
	struct tool *v;
	size_t n;
};

static int add(struct list *l, const char *section, const struct opt *o, const char *path, struct err *e)
{
	struct tool t = {section, o->name, path, 0};
	int rc = tools_of_file(path, 0, UINT64_MAX, &t.digest, e);
	if (rc)
		return rc;
	l->v = own_grow(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n++] = t;
	return 0;
}

static int files(const struct run *r, struct list *l, struct err *e)
{
	int rc = 0;
	for (const struct opt_set *s = r->sets + RUN_STAGES; s < r->sets + RUN_SETS; s++)
		for (const struct opt *o = s->opts; o && o->type && !rc; o++) {
			const char *at = (const char *)s->conf + o->at, *path = o->type == OPT_TEXT ? *(const char *const *)at : NULL;
			const struct opt_list *list = o->type == OPT_LIST ? (const struct opt_list *)at : NULL;
			if (!names_files(o))
				continue;
			if (path)
				rc = add(l, s->title, o, path, e);
			for (size_t i = 0; list && i < list->n && !rc; i++)
				rc = add(l, s->title, o, list->v[i], e);
		}
	return rc;
}

int tools_toml(const struct run *r, struct buf *out, struct err *e)
{
	struct list l = {0};
	int rc = files(r, &l, e);
	buf_z(out, "\n[models]\n");
	for (size_t i = 0; i < MODELS; i++)
		buf_printf(out, "sha256-of-%s-model = \"%s\"\n", models[i].name, models[i].sha256);
	buf_z(out, "\n[files]\n");
	for (size_t i = 0; i < l.n; i++) {
		buf_printf(out, "xxh3-of-%s = [\"%016" PRIx64 "\", ", l.v[i].option, l.v[i].digest);
		json_put_string(out, str_of(l.v[i].path));
		buf_z(out, "]\n");
	}
	free(l.v);
	return rc;
}

int tools_json(const struct run *r, struct buf *out, struct err *e)
{
	struct list l = {0};
	int rc = files(r, &l, e);
	buf_z(out, "\"models\":{");
	for (size_t i = 0; i < MODELS; i++)
		buf_printf(out, "%s\"%s\":\"sha256:%s\"", i ? "," : "", models[i].name, models[i].sha256);
	buf_z(out, "},\"files\":[");
	for (size_t i = 0; i < l.n; i++) {
		buf_printf(out, "%s{\"option\":\"%s.%s\",\"path\":", i ? "," : "", l.v[i].section, l.v[i].option);
		json_put_string(out, str_of(l.v[i].path));
		buf_printf(out, ",\"xxh3\":\"%016" PRIx64 "\"}", l.v[i].digest);
	}
	buf_z(out, "]");
	free(l.v);
	return rc;
}

int tools_digest(const struct run *r, uint64_t *digest, struct err *e)
{
	const struct dedup_conf *dedup = r->confs[CHAIN_DEDUP];
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	int rc = tools_toml(r, &b, e);
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	XXH3_64bits_update(h, b.p, b.n);
	for (struct str rest = str_of(dedup->against), one; rest.n && !rc;) {
		char folder[4096];
		one = str_trim(str_cut(rest, ',', &rest));
		snprintf(folder, sizeof(folder), "%.*s", STR_ARG(one));
		rc = one.n ? each_in(folder, add_sealed, h, e) : 0;
	}
	*digest = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	buf_free(&b);
	return rc;
}
