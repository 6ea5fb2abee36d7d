#include "shard/spool.h"

#include "core/buf.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct row {
	uint64_t key, number;
	size_t at, n;
};

/* A sorted run being read: its next record is in hand. */
struct run {
	FILE *f;
	uint64_t key, number;
	struct buf record;
	bool ended;
};

struct spool {
	char *folder;
	size_t memory;
	struct buf bytes;
	struct row *rows;
	size_t n, cap, next;
	uint64_t number;
	struct run *runs;
	unsigned n_runs;
	bool reading;
	struct run *taken; /* gave the last record */
};

struct spool *spool_new(const char *folder, size_t memory)
{
	struct spool *s = own_zalloc(sizeof(*s));
	s->folder = own_strdup(folder);
	s->memory = memory;
	buf_init(&s->bytes, BUF_NO_MAX);
	return s;
}

struct spool *spool_free(struct spool *s)
{
	if (!s)
		return NULL;
	for (unsigned i = 0; i < s->n_runs; i++) {
		fclose(s->runs[i].f);
		buf_free(&s->runs[i].record);
	}
	free(s->runs);
	free(s->rows);
	buf_free(&s->bytes);
	free(s->folder);
	free(s);
	return NULL;
}

static int by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return x->key != y->key ? (x->key > y->key ? 1 : -1) : x->number > y->number ? 1 : -1;
}

static int open_run(struct spool *s, FILE **out, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/.spool-XXXXXX", s->folder);
	int fd = mkstemp(path);
	if (fd < 0)
		return err_sys(e, s->folder, "cannot create a file for sorting");
	unlink(path);
	*out = fdopen(fd, "w+");
	if (*out)
		return 0;
	close(fd);
	return err_sys(e, s->folder, "cannot open a file for sorting");
}

static int write_run(struct spool *s, struct err *e)
{
	FILE *f;
	int rc = open_run(s, &f, e);
	if (rc)
		return rc;
	qsort(s->rows, s->n, sizeof(*s->rows), by_key);
	bool good = true;
	for (size_t i = 0; i < s->n && good; i++) {
		uint64_t head[3] = {s->rows[i].key, s->rows[i].number, s->rows[i].n};
		good = fwrite(head, sizeof(head), 1, f) == 1 && (!s->rows[i].n || fwrite(s->bytes.p + s->rows[i].at, s->rows[i].n, 1, f) == 1);
	}
	if (!good || fflush(f)) {
		rc = err_sys(e, s->folder, "cannot write a file for sorting");
		fclose(f);
		return rc;
	}
	rewind(f);
	s->runs = own_grow(s->runs, (s->n_runs + 1) * sizeof(*s->runs));
	s->runs[s->n_runs] = (struct run){.f = f};
	buf_init(&s->runs[s->n_runs++].record, BUF_NO_MAX);
	s->n = 0;
	buf_clear(&s->bytes);
	return 0;
}

int spool_put(struct spool *s, uint64_t key, struct str record, struct err *e)
{
	if (record.n > SPOOL_RECORD_MAX)
		return err_at(e, ERR_LIMIT, (struct where){s->folder, WHERE_NONE}, "a document of %zu bytes is too large to be shuffled", record.n);
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 4096;
		s->rows = own_grow(s->rows, s->cap * sizeof(*s->rows));
	}
	s->rows[s->n++] = (struct row){key, s->number++, s->bytes.n, record.n};
	buf_str(&s->bytes, record);
	return s->bytes.n + s->n * sizeof(*s->rows) > s->memory ? write_run(s, e) : 0;
}

static int advance(struct spool *s, struct run *r, struct err *e)
{
	uint64_t head[3];
	if (fread(head, sizeof(head), 1, r->f) != 1) {
		r->ended = true;
		return ferror(r->f) ? err_sys(e, s->folder, "cannot read back a file for sorting") : 0;
	}
	r->key = head[0];
	r->number = head[1];
	buf_clear(&r->record);
	buf_reserve(&r->record, head[2] + 1);
	if (head[2] && fread(r->record.p, head[2], 1, r->f) != 1)
		return err_sys(e, s->folder, "cannot read back a file for sorting");
	r->record.n = head[2];
	return 0;
}

/* Few runs: the memory divides the data, so looking at the head of each is cheap beside copying a document. */
static int next_of_runs(struct spool *s, struct str *record, struct err *e)
{
	struct run *least = NULL;
	int rc = s->taken ? advance(s, s->taken, e) : 0;
	for (unsigned i = 0; i < s->n_runs && !rc; i++) {
		struct run *r = &s->runs[i];
		if (!r->ended && (!least || r->key < least->key || (r->key == least->key && r->number < least->number)))
			least = r;
	}
	s->taken = least;
	if (rc || !least)
		return rc;
	*record = buf_view(&least->record);
	return 1;
}

int spool_next(struct spool *s, struct str *record, struct err *e)
{
	if (!s->reading) {
		s->reading = true;
		if (s->n_runs) {
			int rc = s->n ? write_run(s, e) : 0;
			for (unsigned i = 0; i < s->n_runs && !rc; i++)
				rc = advance(s, &s->runs[i], e);
			if (rc)
				return rc;
		} else if (s->n) {
			qsort(s->rows, s->n, sizeof(*s->rows), by_key);
		}
	}
	if (s->n_runs)
		return next_of_runs(s, record, e);
	if (s->next == s->n)
		return 0;
	const struct row *r = &s->rows[s->next++];
	*record = (struct str){s->bytes.p + r->at, r->n};
	return 1;
}
