#include "dedup/sorter.h"

#include "dedup/sealed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char magic[] = SORTER_MAGIC;
enum { SMALL = 48, RECORDS_BLOCK = 1 };

/* ---- in memory ---- */

static inline bool less(const uint64_t *a, const uint64_t *b, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

static inline void swap(uint64_t *a, uint64_t *b, unsigned words)
{
	for (unsigned i = 0; i < words; i++) {
		uint64_t t = a[i];
		a[i] = b[i];
		b[i] = t;
	}
}

static void insertion(uint64_t *v, size_t n, unsigned words)
{
	uint64_t hold[SORTER_WORDS];
	for (size_t i = 1; i < n; i++) {
		size_t j = i;
		memcpy(hold, v + i * words, words * 8);
		while (j && less(hold, v + (j - 1) * words, words))
			j--;
		if (j == i)
			continue;
		memmove(v + (j + 1) * words, v + j * words, (i - j) * words * 8);
		memcpy(v + j * words, hold, words * 8);
	}
}

static inline unsigned digit(const uint64_t *r, unsigned byte)
{
	return (unsigned)(r[byte / 8] >> (56 - byte % 8 * 8)) & 255;
}

/* Group by one byte, in place: each record goes straight to its group's next free place. */
static void radix(uint64_t *v, size_t n, unsigned words, unsigned byte)
{
	while (n > SMALL && byte < words * 8) {
		size_t count[256] = {0}, at[256], end[256], sum = 0;
		for (size_t i = 0; i < n; i++)
			count[digit(v + i * words, byte)]++;
		if (count[digit(v, byte)] == n) {
			byte++;
			continue;
		}
		for (int d = 0; d < 256; d++) {
			at[d] = sum;
			end[d] = sum += count[d];
		}
		for (int d = 0; d < 256; d++)
			while (at[d] < end[d]) {
				uint64_t *r = v + at[d] * words;
				unsigned to = digit(r, byte);
				if (to == (unsigned)d)
					at[d]++;
				else
					swap(r, v + at[to]++ * words, words);
			}
		for (size_t d = 0, from = 0; d < 256; from += count[d++])
			radix(v + from * words, count[d], words, byte + 1);
		return;
	}
	if (n > 1 && byte < words * 8)
		insertion(v, n, words);
}

void sorter_array(uint64_t *v, size_t n, unsigned words)
{
	switch (words) { /* the usual widths get code of their own */
	case 2: radix(v, n, 2, 0); break;
	case 3: radix(v, n, 3, 0); break;
	default: radix(v, n, words, 0);
	}
}

/* ---- run files ---- */

struct run {
	char *path;
	bool ours; /* to be removed */
	unsigned word;
	uint64_t add;
	uint64_t from, to; /* first words */
};

/* A run that is being read. */
struct reader {
	struct sealed_in *in;
	uint64_t *block;
	size_t n, at; /* records in the block */
	const struct run *run;
};

struct sorter {
	unsigned words;
	size_t cap, n; /* records */
	uint64_t *v;
	char *folder, *name;
	struct run *runs;
	size_t n_runs, number;
	uint64_t count, written;
	bool unique;
	uint64_t last[SORTER_WORDS]; /* of a merge of unique records */
	bool has_last;
	struct reader *readers; /* a heap: least record first */
	size_t n_readers, at;
};

struct sorter *sorter_new(unsigned words, size_t memory, const char *folder, const char *name)
{
	struct sorter *s = own_zalloc(sizeof(*s));
	s->words = words;
	s->cap = (memory < SORTER_LEAST ? SORTER_LEAST : memory) / (words * 8);
	s->folder = own_strdup(folder);
	s->name = own_strdup(name);
	return s;
}

void sorter_unique(struct sorter *s)
{
	s->unique = true;
}

static void close_readers(struct sorter *s)
{
	for (size_t i = 0; i < s->n_readers; i++) {
		sealed_in_free(s->readers[i].in);
		free(s->readers[i].block);
	}
	free(s->readers);
	s->readers = NULL;
	s->n_readers = 0;
}

static void forget_runs(struct sorter *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s->runs[i].ours)
			unlink(s->runs[i].path);
		free(s->runs[i].path);
	}
	memmove(s->runs, s->runs + n, (s->n_runs - n) * sizeof(*s->runs));
	s->n_runs -= n;
}

struct sorter *sorter_free(struct sorter *s)
{
	if (!s)
		return NULL;
	close_readers(s);
	if (s->runs)
		forget_runs(s, s->n_runs);
	free(s->runs);
	free(s->v);
	free(s->folder);
	free(s->name);
	free(s);
	return NULL;
}

uint64_t sorter_count(const struct sorter *s)
{
	return s->count;
}

uint64_t sorter_written(const struct sorter *s)
{
	return s->written;
}

static void add_run(struct sorter *s, const struct run *r)
{
	s->runs = own_grow(s->runs, (s->n_runs + 1) * sizeof(*s->runs));
	s->runs[s->n_runs++] = *r;
}

static char *run_name(struct sorter *s)
{
	size_t n = strlen(s->folder) + strlen(s->name) + 32;
	char *path = own_alloc(n);
	snprintf(path, n, "%s/%s.%zu.run", s->folder, s->name, s->number++);
	return path;
}

static size_t block_records(const struct sorter *s)
{
	return SORTER_BLOCK / (s->words * 8);
}

static int put_records(struct sorter *s, struct sealed_out *out, const uint64_t *v, size_t n, struct err *e)
{
	int rc = 0;
	s->written += n * s->words * 8;
	for (size_t i = 0, k; !rc && i < n; i += k) {
		k = n - i < block_records(s) ? n - i : block_records(s);
		rc = sealed_put(out, RECORDS_BLOCK, v + i * s->words, k * s->words * 8, e);
	}
	return rc;
}

static void sort_memory(struct sorter *s)
{
	size_t bytes = s->words * 8, kept = 0;
	sorter_array(s->v, s->n, s->words);
	if (!s->unique)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (!kept || memcmp(s->v + (kept - 1) * s->words, s->v + i * s->words, bytes) != 0)
			memmove(s->v + kept++ * s->words, s->v + i * s->words, bytes);
	s->n = kept;
}

static int spill(struct sorter *s, struct err *e)
{
	struct sealed_out *out = NULL;
	struct run run = {.path = run_name(s), .ours = true, .to = UINT64_MAX};
	sort_memory(s);
	int rc = sealed_create(&out, run.path, magic, false, e);
	if (!rc)
		rc = put_records(s, out, s->v, s->n, e);
	if (!rc)
		rc = sealed_commit(out, s->n, e);
	else
		sealed_out_free(out);
	if (rc)
		free(run.path);
	else
		add_run(s, &run);
	s->n = 0;
	return rc;
}

int sorter_add(struct sorter *s, const uint64_t *record, struct err *e)
{
	int rc = s->n == s->cap ? spill(s, e) : 0;
	if (rc)
		return rc;
	if (!s->v) /* pages are taken as they are touched */
		s->v = own_alloc(s->cap * s->words * 8);
	memcpy(s->v + s->n++ * s->words, record, s->words * 8);
	s->count++;
	return 0;
}

int sorter_join_range(struct sorter *s, const char *path, unsigned word, uint64_t add, uint64_t from, uint64_t to, struct err *e)
{
	struct sealed_in *in;
	int rc = sealed_open(&in, path, magic, e);
	if (rc)
		return rc;
	sealed_in_free(in);
	add_run(s, &(struct run){.path = own_strdup(path), .word = word, .add = add, .from = from, .to = to});
	return 0;
}

int sorter_join(struct sorter *s, const char *path, unsigned word, uint64_t add, struct err *e)
{
	return sorter_join_range(s, path, word, add, 0, UINT64_MAX, e);
}

/* ---- merging ---- */

/* The next block of a run; 0 at its end. */
static int reader_block(const struct sorter *s, struct reader *r, struct err *e)
{
	uint32_t kind, size;
	int rc = sealed_next(r->in, &kind, &size, e);
	if (rc <= 0)
		return rc;
	if (!size || size % (s->words * 8) || size > SORTER_BLOCK)
		return err_at(e, ERR_DATA, (struct where){sealed_name(r->in), sealed_offset(r->in)}, "a block of %u bytes where records of %u were expected", size, s->words * 8);
	rc = sealed_body(r->in, r->block, e);
	if (rc)
		return rc;
	r->n = size / (s->words * 8);
	r->at = 0;
	for (size_t i = 0; r->run->add && i < r->n; i++)
		r->block[i * s->words + r->run->word] += r->run->add;
	return 1;
}

/* 1: there is a record at r->at; 0: the run, or its part that is wanted, is at its end. */
static int reader_fill(const struct sorter *s, struct reader *r, struct err *e)
{
	for (;;) {
		for (; r->at < r->n; r->at++)
			if (r->block[r->at * s->words] >= r->run->from)
				return r->block[r->at * s->words] <= r->run->to;
		int rc = reader_block(s, r, e);
		if (rc <= 0)
			return rc;
	}
}

/* To the last block that begins before what is wanted: all blocks of a run but the last are of one size. */
static int reader_seek(const struct sorter *s, struct reader *r, struct err *e)
{
	uint64_t lo = 0, hi = (sealed_count(r->in) + block_records(s) - 1) / block_records(s);
	size_t stride = block_records(s) * s->words * 8 + SEALED_HEAD;
	if (!r->run->from)
		return 0;
	while (hi - lo > 1 && hi) {
		uint64_t mid = (lo + hi) / 2;
		sealed_seek(r->in, SEALED_FIRST + mid * stride);
		int rc = reader_block(s, r, e);
		if (rc <= 0)
			return rc;
		if (r->block[0] < r->run->from)
			lo = mid;
		else
			hi = mid;
	}
	r->n = r->at = 0;
	sealed_seek(r->in, SEALED_FIRST + lo * stride);
	return 0;
}

static const uint64_t *head(const struct sorter *s, size_t i)
{
	return s->readers[i].block + s->readers[i].at * s->words;
}

static void sink(struct sorter *s, size_t i)
{
	for (;;) {
		size_t least = i;
		for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < s->n_readers; c++)
			if (less(head(s, c), head(s, least), s->words))
				least = c;
		if (least == i)
			return;
		struct reader t = s->readers[i];
		s->readers[i] = s->readers[least];
		s->readers[least] = t;
		i = least;
	}
}

/* The first n runs, as a heap. */
static int open_readers(struct sorter *s, size_t n, struct err *e)
{
	int rc = 0;
	s->has_last = false;
	s->readers = own_zalloc((n + 1) * sizeof(*s->readers));
	for (size_t i = 0; i < n; i++) {
		struct reader *r = &s->readers[s->n_readers];
		rc = sealed_open(&r->in, s->runs[i].path, magic, e);
		if (rc)
			return rc;
		s->n_readers++;
		r->block = own_alloc(SORTER_BLOCK);
		r->run = &s->runs[i];
		rc = reader_seek(s, r, e);
		rc = rc < 0 ? rc : reader_fill(s, r, e);
		if (rc < 0)
			return rc;
		if (rc == 0) {
			sealed_in_free(r->in);
			free(r->block);
			*r = (struct reader){0};
			s->n_readers--;
		}
	}
	for (size_t i = s->n_readers / 2; i-- > 0;)
		sink(s, i);
	return 0;
}

static int merge_any(struct sorter *s, uint64_t *record, struct err *e)
{
	if (!s->n_readers)
		return 0;
	struct reader *top = &s->readers[0];
	memcpy(record, head(s, 0), s->words * 8);
	top->at++;
	int rc = reader_fill(s, top, e);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		sealed_in_free(top->in);
		free(top->block);
		*top = s->readers[--s->n_readers];
	}
	if (s->n_readers)
		sink(s, 0);
	return 1;
}

static int merge_next(struct sorter *s, uint64_t *record, struct err *e)
{
	for (;;) {
		int rc = merge_any(s, record, e);
		if (rc <= 0 || !s->unique)
			return rc;
		if (s->has_last && memcmp(s->last, record, s->words * 8) == 0)
			continue;
		memcpy(s->last, record, s->words * 8);
		s->has_last = true;
		return 1;
	}
}

/* Everything that next gives into a file. */
static int drain(struct sorter *s, struct sealed_out *out, uint64_t *count, struct err *e)
{
	uint64_t *block = own_alloc(SORTER_BLOCK);
	size_t n = 0;
	int rc;
	*count = 0;
	while ((rc = sorter_next(s, block + n * s->words, e)) > 0) {
		++*count;
		if (++n < block_records(s))
			continue;
		rc = put_records(s, out, block, n, e);
		n = 0;
		if (rc)
			break;
	}
	if (!rc && n)
		rc = put_records(s, out, block, n, e);
	free(block);
	return rc;
}

static int drain_to(struct sorter *s, const char *path, bool lasting, struct err *e)
{
	struct sealed_out *out = NULL;
	uint64_t count;
	int rc = sealed_create(&out, path, magic, lasting, e);
	if (rc)
		return rc;
	rc = drain(s, out, &count, e);
	if (rc) {
		sealed_out_free(out);
		return rc;
	}
	return sealed_commit(out, count, e);
}

/* The first runs into one. */
static int merge_some(struct sorter *s, size_t n, struct err *e)
{
	struct run run = {.path = run_name(s), .ours = true, .to = UINT64_MAX};
	int rc = open_readers(s, n, e);
	if (!rc)
		rc = drain_to(s, run.path, false, e);
	close_readers(s);
	if (rc) {
		free(run.path);
		return rc;
	}
	forget_runs(s, n);
	add_run(s, &run);
	return 0;
}

int sorter_sort(struct sorter *s, struct err *e)
{
	int rc = 0;
	s->at = 0;
	if (!s->n_runs) {
		if (s->n)
			sort_memory(s);
		return 0;
	}
	if (s->n)
		rc = spill(s, e);
	free(s->v);
	s->v = NULL;
	while (!rc && s->n_runs > SORTER_FAN)
		rc = merge_some(s, SORTER_FAN, e);
	return rc ? rc : open_readers(s, s->n_runs, e);
}

int sorter_next(struct sorter *s, uint64_t *record, struct err *e)
{
	if (s->readers)
		return merge_next(s, record, e);
	if (s->at == s->n)
		return 0;
	memcpy(record, s->v + s->at++ * s->words, s->words * 8);
	return 1;
}

int sorter_rewind(struct sorter *s, struct err *e)
{
	s->at = 0;
	if (!s->n_runs)
		return 0;
	close_readers(s);
	return open_readers(s, s->n_runs, e);
}

int sorter_save(struct sorter *s, const char *path, int lasting, struct err *e)
{
	return drain_to(s, path, lasting, e);
}
