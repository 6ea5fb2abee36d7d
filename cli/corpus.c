#include "cli/corpus.h"

#include "core/jsonl.h"
#include "core/meta.h"
#include "core/zin.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DISCOVER_LINES = 4096 }; /* signals of JSON lines are those of the first lines */

struct file {
	struct parquet_in *in;
	int *at; /* place of each column of the corpus in this file; -1 = it has none */
};

struct place {
	unsigned file, group;
};

struct corpus {
	char *folder;
	char **lines; /* paths of files of JSON lines */
	unsigned n_lines;
	struct file *files;
	unsigned n_files;
	struct parquet_column *columns;
	unsigned n;
	struct place *groups;
	unsigned n_groups;
	uint64_t rows;
};

/* ---- JSON lines: a Parquet file of them ---- */

struct names {
	const char **all;
	size_t n;
	struct arena *a;
};

static void add_name(struct names *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->all[i], name) == 0)
			return;
	s->all = own_grow(s->all, (s->n + 2) * sizeof(*s->all));
	s->all[s->n++] = arena_str(s->a, str_of(name)).p;
	s->all[s->n] = NULL;
}

/* Each document of a file of JSON lines; lines that are no document are passed over. max 0: all. */
static int each_line(const char *path, size_t max, int (*what)(void *, const struct doc *, struct err *), void *arg, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	struct str line;
	size_t n = 0, good = 0;
	int rc = zin_open(&z, path, e);
	while (!rc && (!max || n < max) && (rc = zin_line(z, JSONL_LINE_MAX, &line, e)) > 0) {
		struct doc d;
		arena_reset(a, 4 << 20);
		doc_init(&d);
		rc = 0;
		n++;
		if (jsonl_parse(&d, line, a, true, NULL) == 0) {
			good++;
			rc = what(arg, &d, e);
		}
	}
	if (!rc && n && !good)
		return err_at(e, ERR_DATA, (struct where){path, 0}, "neither a folder of `peneira run`, nor Parquet, nor JSON lines");
	return rc;
}

static int note_signals(void *arg, const struct doc *d, struct err *e)
{
	(void)e;
	for (uint32_t i = 0; i < d->n_signals; i++)
		add_name(arg, d->signals[i].name);
	return 0;
}

static int put_line(void *arg, const struct doc *d, struct err *e)
{
	return meta_put(arg, d, e);
}

static int convert(const char *path, const char *to, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	struct names s = {.a = a};
	struct meta *m = NULL;
	s.all = own_zalloc(sizeof(*s.all));
	int rc = each_line(path, DISCOVER_LINES, note_signals, &s, e);
	if (!rc)
		rc = meta_open(&m, to, s.all, e);
	if (!rc) {
		rc = each_line(path, 0, put_line, m, e);
		if (rc)
			meta_free(m);
		else
			rc = meta_commit(m, e);
	}
	free(s.all);
	return rc;
}

static int open_converted(struct parquet_in **out, const char *path, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	char name[4096];
	snprintf(name, sizeof(name), "%s/peneira-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	int fd = mkstemp(name);
	if (fd < 0)
		return err_sys(e, name, "cannot create");
	close(fd);
	int rc = convert(path, name, e);
	if (!rc)
		rc = parquet_in_open(out, name, e);
	unlink(name);
	return rc;
}

/* ---- the files ---- */

static int add_file(struct corpus *c, struct parquet_in *in)
{
	c->files = own_grow(c->files, (c->n_files + 1) * sizeof(*c->files));
	c->files[c->n_files++] = (struct file){.in = in};
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_parquet(const struct dirent *d)
{
	return d->d_name[0] != '.' && str_ends(str_of(d->d_name), STR(".parquet"));
}

static int add_folder(struct corpus *c, const char *path, struct err *e)
{
	char name[4096];
	struct dirent **found = NULL;
	int rc = 0, n;
	snprintf(name, sizeof(name), "%s/meta", path);
	n = scandir(name, &found, is_parquet, by_name);
	if (n <= 0) {
		free(found);
		return err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "no meta/*.parquet in it: is it a folder that `peneira run -o` made, and has the run ended?");
	}
	for (int i = 0; i < n; i++) {
		struct parquet_in *in;
		snprintf(name, sizeof(name), "%s/meta/%s", path, found[i]->d_name);
		if (!rc && !(rc = parquet_in_open(&in, name, e)))
			add_file(c, in);
		free(found[i]);
	}
	free(found);
	if (!c->folder)
		c->folder = own_strdup(path);
	return rc;
}

static bool begins_parquet(const char *path)
{
	char head[4] = "";
	FILE *f = fopen(path, "rb");
	bool yes = f && fread(head, 1, 4, f) == 4 && memcmp(head, "PAR1", 4) == 0;
	if (f)
		fclose(f);
	return yes;
}

static int add_path(struct corpus *c, const char *path, struct err *e)
{
	struct stat st;
	struct parquet_in *in;
	bool std = strcmp(path, "-") == 0;
	if (!std && stat(path, &st))
		return err_sys(e, path, "cannot open");
	if (!std && S_ISDIR(st.st_mode))
		return add_folder(c, path, e);
	if (std)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "a folder or a file is missing");
	if (begins_parquet(path)) {
		int rc = parquet_in_open(&in, path, e);
		return rc ? rc : add_file(c, in);
	}
	int rc = open_converted(&in, path, e);
	if (rc)
		return rc;
	c->lines = own_grow(c->lines, (c->n_lines + 1) * sizeof(*c->lines));
	c->lines[c->n_lines++] = own_strdup(path);
	return add_file(c, in);
}

/* ---- the columns and groups of all files together ---- */

static int find_exact(const struct corpus *c, struct str name)
{
	for (unsigned i = 0; i < c->n; i++)
		if (str_eq(str_of(c->columns[i].name), name))
			return (int)i;
	return -1;
}

static int join_columns(struct corpus *c, struct err *e)
{
	for (unsigned f = 0; f < c->n_files; f++)
		for (unsigned i = 0; i < parquet_in_columns(c->files[f].in); i++) {
			const struct parquet_column *x = parquet_in_column(c->files[f].in, i);
			int at = find_exact(c, str_of(x->name));
			if (at < 0) {
				c->columns = own_grow(c->columns, (c->n + 1) * sizeof(*c->columns));
				c->columns[c->n++] = *x;
			} else if (c->columns[at].kind != x->kind) {
				return err_at(e, ERR_DATA, (struct where){parquet_in_name(c->files[f].in), WHERE_NONE}, "column %s is of another kind than in the files before",
					      x->name);
			}
		}
	return 0;
}

static void join_groups(struct corpus *c)
{
	for (unsigned f = 0; f < c->n_files; f++) {
		struct file *x = &c->files[f];
		x->at = own_alloc((c->n + 1) * sizeof(*x->at));
		for (unsigned i = 0; i < c->n; i++) {
			x->at[i] = parquet_in_find(x->in, str_of(c->columns[i].name));
			if (x->at[i] < 0)
				c->columns[i].optional = true;
		}
		unsigned n = parquet_in_groups(x->in);
		c->groups = own_grow(c->groups, (c->n_groups + n + 1) * sizeof(*c->groups));
		for (unsigned g = 0; g < n; g++)
			if (parquet_in_group_rows(x->in, g))
				c->groups[c->n_groups++] = (struct place){f, g};
		c->rows += parquet_in_rows(x->in);
	}
}

int corpus_open(struct corpus **out, const char *const *paths, size_t n, struct err *e)
{
	struct corpus *c = own_zalloc(sizeof(*c));
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++)
		rc = add_path(c, paths[i], e);
	if (!rc)
		rc = join_columns(c, e);
	if (rc) {
		corpus_free(c);
		return rc;
	}
	join_groups(c);
	*out = c;
	return 0;
}

struct corpus *corpus_free(struct corpus *c)
{
	if (!c)
		return NULL;
	for (unsigned f = 0; f < c->n_files; f++) {
		parquet_in_free(c->files[f].in);
		free(c->files[f].at);
	}
	free(c->files);
	free(c->columns);
	free(c->groups);
	for (unsigned i = 0; i < c->n_lines; i++)
		free(c->lines[i]);
	free(c->lines);
	free(c->folder);
	free(c);
	return NULL;
}

uint64_t corpus_rows(const struct corpus *c)
{
	return c->rows;
}

unsigned corpus_files(const struct corpus *c)
{
	return c->n_files;
}

const char *corpus_folder(const struct corpus *c)
{
	return c->folder;
}

const char *corpus_lines(const struct corpus *c, unsigned i)
{
	return i < c->n_lines ? c->lines[i] : NULL;
}

unsigned corpus_columns(const struct corpus *c)
{
	return c->n;
}

const struct parquet_column *corpus_column(const struct corpus *c, unsigned i)
{
	return &c->columns[i];
}

int corpus_find(const struct corpus *c, struct str name)
{
	static const char *const other[][2] = {{"tokens", "token_count"}, {"collection", "dump"}, {"status", "http_status"},
					       {"file", "file_path"},	  {"offset", "file_offset"}, {"cluster", "minhash_cluster_id"}, {"drop", "reason"}};
	char signal[256];
	int at = find_exact(c, name);
	for (size_t i = 0; at < 0 && i < sizeof(other) / sizeof(*other); i++)
		if (str_eq(name, str_of(other[i][0])))
			at = find_exact(c, str_of(other[i][1]));
	if (at < 0 && str_starts(name, STR("signals.")) && name.n < sizeof(signal)) {
		memcpy(signal, name.p, name.n);
		signal[7] = '_';
		at = find_exact(c, (struct str){signal, name.n});
	}
	return at;
}

int corpus_want(const struct corpus *c, struct str name, unsigned *out, struct err *e)
{
	int at = corpus_find(c, name);
	if (at >= 0) {
		*out = (unsigned)at;
		return 0;
	}
	struct buf b;
	buf_init(&b, 400);
	for (unsigned i = 0; i < c->n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", c->columns[i].name);
	int rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "no column '%.*s'; there are: %.*s%s", STR_ARG(name), (int)b.n, b.p, b.full ? " ..." : "");
	buf_free(&b);
	return rc;
}

unsigned corpus_groups(const struct corpus *c)
{
	return c->n_groups;
}

const char *corpus_group_file(const struct corpus *c, unsigned g)
{
	return parquet_in_name(c->files[c->groups[g].file].in);
}

uint32_t corpus_group_rows(const struct corpus *c, unsigned g)
{
	return parquet_in_group_rows(c->files[c->groups[g].file].in, c->groups[g].group);
}

struct parquet_range corpus_range(const struct corpus *c, unsigned g, unsigned column)
{
	const struct file *f = &c->files[c->groups[g].file];
	if (f->at[column] < 0)
		return (struct parquet_range){.all_null = true};
	return parquet_in_range(f->in, c->groups[g].group, (unsigned)f->at[column]);
}

bool corpus_may(const struct corpus *c, unsigned g, unsigned column, struct str value)
{
	const struct file *f = &c->files[c->groups[g].file];
	return f->at[column] >= 0 && parquet_in_may(f->in, c->groups[g].group, (unsigned)f->at[column], value);
}

/* A column that the file does not have. */
static void all_null(struct parquet_chunk *k, enum parquet_kind kind, uint32_t rows)
{
	struct arena *mem = k->mem ? k->mem : arena_new(0);
	arena_reset(mem, 16 << 20);
	*k = (struct parquet_chunk){.kind = kind, .rows = rows, .dict = true, .mem = mem};
	k->codes = arena_zalloc(mem, rows * sizeof(*k->codes));
	k->ints = arena_zalloc(mem, 16);
	k->reals = arena_zalloc(mem, 16);
	k->strs = arena_zalloc(mem, 16);
}

int corpus_chunk(struct corpus *c, unsigned g, unsigned column, struct parquet_chunk *k, struct err *e)
{
	const struct file *f = &c->files[c->groups[g].file];
	if (f->at[column] >= 0)
		return parquet_in_chunk(f->in, c->groups[g].group, (unsigned)f->at[column], k, e);
	all_null(k, c->columns[column].kind, corpus_group_rows(c, g));
	return 0;
}

double corpus_real(float v)
{
	static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	int exponent;
	double wide = (double)v;
	frexp(wide, &exponent);
	/* Decimals for 6, then 7 significant digits: log10(2) = 77/256. */
	int decimals = 6 - exponent * 77 / 256;
	for (int i = decimals; i <= decimals + 1; i++)
		if (i >= 0 && i < (int)(sizeof(power) / sizeof(*power))) {
			double near = nearbyint(wide * power[i]) / power[i];
			if ((float)near == v)
				return near;
		}
	return wide;
}
