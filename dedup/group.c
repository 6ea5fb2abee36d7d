#include "dedup/group.h"

#include "core/own.h"
#include "core/stop.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STOP_EVERY = 1 << 14 };

static int stopped(uint64_t n, struct err *e)
{
	return n % STOP_EVERY == 0 && stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
}

/* Pairs come from files that tasks of a cluster left: those of other documents would lead beyond what there is. */
static int next_pair(struct solve *s, uint64_t r[2], struct err *e)
{
	int rc = sorter_next(s->pairs, r, e);
	if (rc > 0 && (r[0] >= s->ranks || r[1] >= r[0]))
		return err_at(e, ERR_DATA, (struct where){s->conf->folder, WHERE_NONE}, "a pair of ranks %llu and %llu where there are %llu; the files of solving do not fit together", (unsigned long long)r[0], (unsigned long long)r[1], (unsigned long long)s->ranks);
	return rc;
}

/* ---- verified ---- */

int group_alike(struct place *places, uint64_t a, uint64_t b, double threshold, bool *yes, struct err *e)
{
	const struct grams *x, *y;
	struct grams copy;
	int rc = place_get(places, b, &y, e);
	if (!rc && a % PLACE_KEPT == b % PLACE_KEPT) { /* it would take the other's room */
		memcpy(&copy, y, sizeof(copy));
		y = &copy;
	}
	rc = rc ? rc : place_get(places, a, &x, e);
	if (!rc)
		*yes = grams_jaccard(x, y) >= threshold;
	return rc;
}

/* Pairs come in batches. Threads compare ahead what the one that decides will want to know, group by group of one later document; it then goes
 * through the batch in order, and compares by itself what nobody did. So its answers are those of one thread. */
enum { BATCH = 1 << 15, GRAB = 256 };
enum { NOT_COMPARED, ALIKE, UNLIKE };

struct batch {
	struct solve *s;
	unsigned char *out; /* a bit a rank: left out; not changed while threads compare */
	uint64_t (*pairs)[2];
	unsigned char *found;
	size_t n;
	_Atomic size_t next;
};

struct helper {
	struct batch *b;
	struct place *places;
	pthread_t thread;
	int rc;
	struct err e;
};

static inline bool is_out(const unsigned char *out, uint64_t rank)
{
	return out[rank / 8] >> rank % 8 & 1;
}

/* The pairs of one later document, up to the first one that decides: earlier ones of this batch may still be left out. */
static size_t compare_group(struct helper *h, size_t i)
{
	struct batch *b = h->b;
	uint64_t later = b->pairs[i][0], decided = b->pairs[0][0];
	bool done = is_out(b->out, later), yes;
	for (; i < b->n && b->pairs[i][0] == later && !h->rc; i++) {
		if (done || is_out(b->out, b->pairs[i][1]))
			continue;
		h->rc = group_alike(h->places, b->pairs[i][1], later, b->s->conf->threshold, &yes, &h->e);
		if (!h->rc)
			b->found[i] = yes ? ALIKE : UNLIKE;
		done = !h->rc && yes && b->pairs[i][1] < decided;
	}
	return i;
}

static void *compare(void *arg)
{
	struct helper *h = arg;
	struct batch *b = h->b;
	for (size_t at; !h->rc && (at = atomic_fetch_add(&b->next, GRAB)) < b->n;) {
		size_t i = at, end = at + GRAB < b->n ? at + GRAB : b->n;
		while (i && i < end && b->pairs[i][0] == b->pairs[i - 1][0]) /* it began before */
			i++;
		while (!h->rc && i < end)
			i = compare_group(h, i);
	}
	return NULL;
}

static int compare_ahead(struct batch *b, struct helper *helpers, unsigned n, struct err *e)
{
	unsigned running = 1;
	memset(b->found, NOT_COMPARED, b->n);
	atomic_store(&b->next, 0);
	while (running < n && !pthread_create(&helpers[running].thread, NULL, compare, &helpers[running]))
		running++;
	compare(&helpers[0]);
	for (unsigned i = 1; i < running; i++)
		pthread_join(helpers[i].thread, NULL);
	for (unsigned i = 0; i < n; i++)
		if (helpers[i].rc)
			return err_at(e, helpers[i].e.code, (struct where){helpers[i].e.file[0] ? helpers[i].e.file : NULL, helpers[i].e.at.offset}, "%s", helpers[i].e.msg);
	return 0;
}

static int decide(struct batch *b, struct err *e)
{
	struct solve *s = b->s;
	int rc = 0;
	for (size_t i = 0; !rc && i < b->n; i++) {
		uint64_t later = b->pairs[i][0], earlier = b->pairs[i][1];
		bool yes = s->compared || b->found[i] == ALIKE;
		if (is_out(b->out, later) || is_out(b->out, earlier))
			continue;
		if (!yes && b->found[i] == NOT_COMPARED)
			rc = group_alike(s->places, earlier, later, s->conf->threshold, &yes, e);
		if (rc)
			break;
		s->report->compared += !s->compared;
		if (!yes)
			continue;
		s->report->alike++;
		b->out[later / 8] |= (unsigned char)(1 << later % 8);
		rc = sorter_add(s->leaders, (uint64_t[]){later, earlier}, e);
	}
	return rc;
}

/* 1: there are pairs; 0: no more. */
static int fill(struct batch *b, struct err *e)
{
	int rc = 0;
	for (b->n = 0; b->n < BATCH && (rc = next_pair(b->s, b->pairs[b->n], e)) > 0; b->n++)
		;
	return rc < 0 ? rc : b->n > 0;
}

static int start_helpers(struct batch *b, struct helper *helpers, unsigned n, struct err *e)
{
	int rc = 0;
	for (unsigned i = 0; !rc && n > 1 && i < n; i++) {
		helpers[i].b = b;
		rc = place_share(&helpers[i].places, b->s->places, 512 / n, e);
	}
	return rc;
}

static int verify(struct solve *s, struct err *e)
{
	unsigned n = s->conf->threads && !s->compared ? s->conf->threads : 1;
	struct batch b = {.s = s, .out = own_zalloc(s->ranks / 8 + 1), .pairs = own_alloc(BATCH * sizeof(*b.pairs)), .found = own_zalloc(BATCH)};
	struct helper *helpers = own_zalloc(n * sizeof(*helpers));
	int rc = start_helpers(&b, helpers, n, e), more = 0;
	while (!rc && (more = fill(&b, e)) > 0) {
		rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
		if (!rc && n > 1)
			rc = compare_ahead(&b, helpers, n, e);
		rc = rc ? rc : decide(&b, e);
	}
	for (unsigned i = 0; i < n; i++)
		place_free(helpers[i].places);
	free(helpers);
	free(b.out);
	free(b.pairs);
	free(b.found);
	return rc ? rc : more;
}

/* ---- not verified: union-find, the least rank being the root ---- */

struct forest {
	uint32_t *parent;
	size_t bytes;
	bool mapped;
};

static int forest_new(struct forest *f, struct solve *s, struct err *e)
{
	char path[4096];
	if (s->ranks > UINT32_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than 2^32 documents without verification");
	f->bytes = (s->ranks + 1) * sizeof(*f->parent);
	f->mapped = f->bytes > s->conf->memory / 2;
	if (!f->mapped) {
		f->parent = own_alloc(f->bytes);
	} else {
		snprintf(path, sizeof(path), "%s/forest", s->conf->folder);
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (fd < 0)
			return err_sys(e, path, "cannot create");
		unlink(path);
		/* Its blocks are taken now: a full disk is an error here, not a signal later. */
		int full = posix_fallocate(fd, 0, (off_t)f->bytes);
		void *p = full ? MAP_FAILED : mmap(NULL, f->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
		if (p == MAP_FAILED)
			return err_at(e, ERR_IO, (struct where){path, WHERE_NONE}, "cannot take %zu bytes of disk for a forest", f->bytes);
		f->parent = p;
	}
	for (uint32_t i = 0; i < s->ranks; i++)
		f->parent[i] = i;
	return 0;
}

static void forest_free(struct forest *f)
{
	if (f->mapped && f->parent)
		munmap(f->parent, f->bytes);
	else
		free(f->parent);
}

static uint32_t root(struct forest *f, uint32_t i)
{
	while (f->parent[i] != i) {
		f->parent[i] = f->parent[f->parent[i]];
		i = f->parent[i];
	}
	return i;
}

static int join_pairs(struct solve *s, struct forest *f, struct err *e)
{
	uint64_t r[2], n = 0;
	int rc;
	while ((rc = next_pair(s, r, e)) > 0) {
		uint32_t b = root(f, (uint32_t)r[0]), a = root(f, (uint32_t)r[1]);
		rc = stopped(n++, e);
		if (rc)
			return rc;
		f->parent[a < b ? b : a] = a < b ? a : b;
	}
	return rc;
}

static int connect(struct solve *s, struct err *e)
{
	struct forest f = {0};
	int rc = forest_new(&f, s, e);
	rc = rc ? rc : join_pairs(s, &f, e);
	for (uint64_t i = s->old; !rc && i < s->ranks; i++) {
		uint32_t a = root(&f, (uint32_t)i);
		if (a != i)
			rc = sorter_add(s->leaders, (uint64_t[]){i, a}, e);
	}
	forest_free(&f);
	return rc;
}

int group_documents(struct solve *s, struct err *e)
{
	s->leaders = sorter_new(2, s->conf->memory / 8, s->conf->folder, "leaders");
	int rc = s->conf->threshold > 0 ? verify(s, e) : connect(s, e);
	rc = rc ? rc : sorter_sort(s->leaders, e);
	s->report->scratch += sorter_written(s->leaders);
	return rc;
}
