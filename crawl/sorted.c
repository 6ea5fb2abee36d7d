#include "crawl/sorted.h"

#include "core/buf.h"

#include <stdio.h>
#include <unistd.h>

/* A sorted run: a temporary file, or the lines still in memory. */
struct run {
	FILE *file;
	char *line;
	size_t cap;
	struct str now;
	bool ended;
};

struct sorted {
	char *tmp;
	size_t memory, n_lines, cap_lines;
	struct buf bytes;
	struct {
		size_t at, n;
	} *lines;
	size_t next; /* of the lines in memory, when merging */
	struct str *in_order;
	struct run runs[SORTED_RUNS];
	unsigned n_runs;
	struct run *given; /* the run whose line was handed out last */
	bool merging;
};

struct sorted *sorted_new(const char *tmp, size_t memory)
{
	struct sorted *s = own_zalloc(sizeof(*s));
	const char *dir = tmp ? tmp : getenv("TMPDIR");
	s->tmp = own_strdup(dir ? dir : "/tmp");
	s->memory = memory < 1 << 16 ? 1 << 16 : memory;
	buf_init(&s->bytes, BUF_NO_MAX);
	return s;
}

static void close_runs(struct sorted *s)
{
	for (unsigned i = 0; i < s->n_runs; i++) {
		fclose(s->runs[i].file);
		free(s->runs[i].line);
	}
	s->n_runs = 0;
}

struct sorted *sorted_free(struct sorted *s)
{
	if (!s)
		return NULL;
	close_runs(s);
	buf_free(&s->bytes);
	free(s->lines);
	free(s->in_order);
	free(s->tmp);
	free(s);
	return NULL;
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void order(struct sorted *s)
{
	free(s->in_order);
	s->in_order = own_alloc((s->n_lines + 1) * sizeof(*s->in_order));
	for (size_t i = 0; i < s->n_lines; i++)
		s->in_order[i] = (struct str){s->bytes.p + s->lines[i].at, s->lines[i].n};
	qsort(s->in_order, s->n_lines, sizeof(*s->in_order), by_bytes);
	s->next = 0;
}

static int new_file(struct sorted *s, FILE **out, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/peneira-sort-XXXXXX", s->tmp);
	int fd = mkstemp(path);
	if (fd < 0)
		return err_sys(e, s->tmp, "cannot create a temporary file");
	unlink(path);
	*out = fdopen(fd, "w+");
	return 0;
}

static int put(struct sorted *s, FILE *f, struct str line, struct err *e)
{
	if (fwrite(line.p, 1, line.n, f) != line.n || putc('\n', f) == EOF)
		return err_sys(e, s->tmp, "cannot write a temporary file");
	return 0;
}

static int advance(struct sorted *s, struct run *r, struct err *e)
{
	ssize_t n = getline(&r->line, &r->cap, r->file);
	if (n < 0 && ferror(r->file))
		return err_sys(e, s->tmp, "cannot read a temporary file");
	r->ended = n < 0;
	r->now = r->ended ? (struct str){0} : (struct str){r->line, (size_t)n - 1};
	return 0;
}

static int begin_merge(struct sorted *s, struct err *e)
{
	int rc = 0;
	for (unsigned i = 0; !rc && i < s->n_runs; i++) {
		if (fflush(s->runs[i].file))
			return err_sys(e, s->tmp, "cannot write a temporary file");
		rewind(s->runs[i].file);
		rc = advance(s, &s->runs[i], e);
	}
	return rc;
}

/* The run with the smallest line; NULL when all have ended. Few runs: a walk over them is as good as a heap. */
static struct run *smallest(struct sorted *s)
{
	struct run *best = NULL;
	for (unsigned i = 0; i < s->n_runs; i++)
		if (!s->runs[i].ended && (!best || str_cmp(s->runs[i].now, best->now) < 0))
			best = &s->runs[i];
	return best;
}

/* All runs into one. */
static int collapse(struct sorted *s, struct err *e)
{
	FILE *f;
	struct run *r;
	int rc = new_file(s, &f, e);
	if (rc)
		return rc;
	rc = begin_merge(s, e);
	while (!rc && (r = smallest(s))) {
		rc = put(s, f, r->now, e);
		if (!rc)
			rc = advance(s, r, e);
	}
	close_runs(s);
	s->runs[s->n_runs++] = (struct run){.file = f};
	return rc;
}

static int spill(struct sorted *s, struct err *e)
{
	FILE *f;
	int rc = s->n_runs == SORTED_RUNS ? collapse(s, e) : 0;
	if (!rc)
		rc = new_file(s, &f, e);
	if (rc)
		return rc;
	order(s);
	s->runs[s->n_runs++] = (struct run){.file = f};
	for (size_t i = 0; !rc && i < s->n_lines; i++)
		rc = put(s, f, s->in_order[i], e);
	buf_clear(&s->bytes);
	s->n_lines = 0;
	return rc;
}

int sorted_add(struct sorted *s, struct str line, struct err *e)
{
	if (line.n > SORTED_LINE_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "a line of %zu bytes", line.n);
	if (s->bytes.n + s->n_lines * sizeof(*s->lines) > s->memory) {
		int rc = spill(s, e);
		if (rc)
			return rc;
	}
	if (s->n_lines == s->cap_lines) {
		s->cap_lines = s->cap_lines ? 2 * s->cap_lines : 1024;
		s->lines = own_grow(s->lines, s->cap_lines * sizeof(*s->lines));
	}
	s->lines[s->n_lines].at = s->bytes.n;
	s->lines[s->n_lines++].n = line.n;
	buf_str(&s->bytes, line);
	return 0;
}

int sorted_next(struct sorted *s, struct str *line, struct err *e)
{
	int rc = 0;
	if (!s->merging) {
		s->merging = true;
		order(s);
		rc = begin_merge(s, e);
		if (rc)
			return rc;
	}
	/* A run moves on only when its line is no longer needed. */
	if (s->given)
		rc = advance(s, s->given, e);
	s->given = NULL;
	if (rc)
		return rc;
	struct run *r = smallest(s);
	if (s->next < s->n_lines && (!r || str_cmp(s->in_order[s->next], r->now) <= 0)) {
		*line = s->in_order[s->next++];
		return 1;
	}
	if (!r)
		return 0;
	s->given = r;
	*line = r->now;
	return 1;
}
