#include "dedup/pair.h"

#include "core/own.h"
#include "core/stop.h"
#include "dedup/group.h"
#include "dedup/index.h"
#include "dedup/signs.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

enum { COMPARE_STOP = 1 << 10 };

/* ---- records ---- */

static uint64_t size_and(uint64_t rank, uint32_t shingles)
{
	return rank << SOLVE_SHINGLE_BITS | (shingles > SOLVE_LOW(SOLVE_SHINGLE_BITS) ? SOLVE_LOW(SOLVE_SHINGLE_BITS) : shingles);
}

/* What one part works with. */
struct pairing {
	const struct solve *s;
	uint64_t from, to;           /* its keys */
	struct sorter *reps;         /* in the order of documents */
	uint64_t rep[2];             /* the next one of them: document, rank */
	int more;
	struct sorter *bands, *pairs;
};

static int add_keys(struct pairing *p, const struct signs_group *g, uint64_t doc, struct err *e)
{
	const unsigned bands = p->s->conf->sign.bands;
	const uint64_t *keys = g->keys;
	int rc = 0;
	for (unsigned i = 0; i < g->n && p->more > 0; i++) {
		if (doc + i == p->rep[0]) {
			uint64_t low = size_and(p->rep[1], g->heads[i].shingles);
			for (unsigned b = 0; !rc && b < bands; b++)
				if (keys[b] >= p->from && keys[b] <= p->to)
					rc = sorter_add(p->bands, (uint64_t[]){keys[b], low}, e);
			if (rc)
				return rc;
			p->more = sorter_next(p->reps, p->rep, e);
		}
		keys += g->heads[i].shingles ? bands : 0;
	}
	return p->more < 0 ? p->more : 0;
}

static int keys_of_file(struct pairing *p, size_t file, struct err *e)
{
	struct signs_in *in = NULL;
	struct signs_group g;
	uint64_t doc = p->s->first[file];
	int rc = signs_open(&in, p->s->paths[file], e);
	while (!rc && p->more > 0 && (rc = signs_next(in, SIGNS_KEYS, &g, e)) > 0) {
		rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : add_keys(p, &g, doc, e);
		doc += g.n;
	}
	signs_in_free(in);
	return rc;
}

static int all_keys(struct pairing *p, const char *reps, struct err *e)
{
	int rc = sorter_join(p->reps, reps, 0, 0, e);
	rc = rc ? rc : sorter_sort(p->reps, e);
	if (!rc)
		rc = p->more = sorter_next(p->reps, p->rep, e);
	rc = rc < 0 ? rc : 0;
	for (size_t i = 0; !rc && i < p->s->n_paths; i++)
		rc = keys_of_file(p, i, e);
	return rc;
}

/* ---- runs of equal keys ---- */

struct run {
	uint64_t key;
	size_t n;
	uint64_t first[PAIR_SEEN];    /* the earliest ranks of the run */
	uint64_t before[PAIR_BEFORE]; /* the nearest, as a ring */
};

static inline uint64_t rank_of(uint64_t low)
{
	return low >> SOLVE_SHINGLE_BITS;
}

static inline bool sizes_allow(uint64_t a, uint64_t b, double least)
{
	uint64_t x = a & SOLVE_LOW(SOLVE_SHINGLE_BITS), y = b & SOLVE_LOW(SOLVE_SHINGLE_BITS);
	return (double)(x < y ? x : y) >= least * (double)(x < y ? y : x);
}

static int pair(struct pairing *p, uint64_t later, uint64_t earlier, struct err *e)
{
	if (rank_of(later) < p->s->old || later == earlier) /* all of the index stays */
		return 0;
	return sorter_add(p->pairs, (uint64_t[]){rank_of(later), rank_of(earlier)}, e);
}

static int pair_verified(struct pairing *p, const struct run *r, uint64_t low, struct err *e)
{
	double least = p->s->conf->threshold;
	size_t first = r->n < PAIR_SEEN ? r->n : PAIR_SEEN, taken = 0, i = 0;
	int rc = 0;
	for (; !rc && i < first && taken < PAIR_FIRST; i++)
		if (sizes_allow(low, r->first[i], least)) {
			taken++;
			rc = pair(p, low, r->first[i], e);
		}
	/* The nearest before it, as far as they were not among the first. */
	for (size_t k = 1; !rc && k <= PAIR_BEFORE && k <= r->n && r->n - k >= i; k++) {
		uint64_t near = r->before[(r->n - k) % PAIR_BEFORE];
		if (sizes_allow(low, near, least))
			rc = pair(p, low, near, e);
	}
	return rc;
}

static int find_pairs(struct pairing *p, struct err *e)
{
	struct run run = {0};
	uint64_t r[2];
	int rc;
	while ((rc = sorter_next(p->bands, r, e)) > 0) {
		if (run.n && run.key == r[0]) {
			rc = p->s->conf->threshold > 0 ? pair_verified(p, &run, r[1], e) : pair(p, r[1], run.first[0], e);
			if (rc)
				return rc;
		} else {
			run.key = r[0];
			run.n = 0;
			if (stop_asked())
				return err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal");
		}
		if (run.n < PAIR_SEEN)
			run.first[run.n] = r[1];
		run.before[run.n++ % PAIR_BEFORE] = r[1];
	}
	return rc;
}

/* ---- one part ---- */

/* Those pairs that are similar enough, in place of all. */
static int compare_pairs(struct pairing *p, const struct pair_part *part, struct err *e)
{
	char name[64];
	uint64_t r[2], n = 0;
	int rc;
	snprintf(name, sizeof(name), "alike.%" PRIu64, part->k);
	struct sorter *alike = sorter_new(2, part->memory / 4, p->s->conf->folder, name);
	while ((rc = sorter_next(p->pairs, r, e)) > 0) {
		bool yes = false;
		rc = n++ % COMPARE_STOP == 0 && stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
		rc = rc ? rc : group_alike(part->places, r[1], r[0], p->s->conf->threshold, &yes, e);
		if (!rc && yes)
			rc = sorter_add(alike, r, e);
		if (rc)
			break;
	}
	rc = rc ? rc : sorter_sort(alike, e);
	sorter_free(p->pairs);
	p->pairs = alike;
	return rc;
}

/* The first key of the k-th of n ranges. */
static uint64_t range_start(uint64_t k, uint64_t n)
{
	return n == 1 ? 0 : k * (UINT64_MAX / n + 1);
}

int pair_part(const struct solve *s, struct pair_part *part, struct err *e)
{
	const struct solve_conf *c = s->conf;
	struct pairing p = {.s = s, .from = range_start(part->k, part->n), .to = part->k + 1 == part->n ? UINT64_MAX : range_start(part->k + 1, part->n) - 1};
	char bands[64], pairs[64];
	snprintf(bands, sizeof(bands), "bands.%" PRIu64, part->k);
	snprintf(pairs, sizeof(pairs), "found.%" PRIu64, part->k);
	p.reps = sorter_new(2, 0, c->folder, "none");
	p.bands = sorter_new(2, part->memory - part->memory / 4, c->folder, bands);
	p.pairs = sorter_new(2, part->memory / 4, c->folder, pairs);
	sorter_unique(p.pairs);
	int rc = all_keys(&p, part->reps, e);
	if (!rc && c->index)
		rc = index_join_bands(c->index, p.bands, p.from, p.to, e);
	rc = rc ? rc : sorter_sort(p.bands, e);
	rc = rc ? rc : find_pairs(&p, e);
	part->keys = sorter_count(p.bands);
	part->scratch = sorter_written(p.bands);
	p.bands = sorter_free(p.bands);
	part->pairs = sorter_count(p.pairs);
	rc = rc ? rc : sorter_sort(p.pairs, e);
	part->scratch += sorter_written(p.pairs);
	if (!rc && part->places)
		rc = compare_pairs(&p, part, e);
	rc = rc ? rc : sorter_save(p.pairs, part->out, part->lasting, e);
	part->scratch += sorter_written(p.pairs);
	sorter_free(p.pairs);
	sorter_free(p.reps);
	return rc;
}

/* ---- all of them ---- */

struct job {
	const struct solve *s;
	struct pair_part part;
	char out[4096];
	pthread_t thread;
	int rc;
	struct err e;
};

static void *work(void *arg)
{
	struct job *j = arg;
	j->rc = pair_part(j->s, &j->part, &j->e);
	return NULL;
}

static int run_jobs(struct job *jobs, unsigned n, struct err *e)
{
	unsigned running = 1;
	while (running < n && !pthread_create(&jobs[running].thread, NULL, work, &jobs[running]))
		running++;
	work(&jobs[0]);
	for (unsigned i = 1; i < running; i++)
		pthread_join(jobs[i].thread, NULL);
	for (unsigned i = running; i < n; i++) /* there was no thread for it */
		work(&jobs[i]);
	for (unsigned i = 0; i < n; i++)
		if (jobs[i].rc)
			return err_at(e, jobs[i].e.code, (struct where){jobs[i].e.file[0] ? jobs[i].e.file : NULL, jobs[i].e.at.offset}, "%s", jobs[i].e.msg);
	return 0;
}

int pair_documents(struct solve *s, struct err *e)
{
	const struct solve_conf *c = s->conf;
	unsigned n = c->threads ? c->threads : 1;
	while (n > 1 && c->memory / 2 / n < PAIR_PART_LEAST)
		n--;
	struct job *jobs = own_zalloc(n * sizeof(*jobs));
	char reps[4096];
	snprintf(reps, sizeof(reps), "%s/reps", c->folder);
	int rc = sorter_save(s->reps, reps, 0, e);
	s->reps = sorter_free(s->reps);
	for (unsigned i = 0; i < n; i++) {
		jobs[i].s = s;
		snprintf(jobs[i].out, sizeof(jobs[i].out), "%s/pairs.%u", c->folder, i);
		jobs[i].part = (struct pair_part){.k = i, .n = n, .memory = c->memory / 2 / n, .reps = reps, .out = jobs[i].out};
	}
	rc = rc ? rc : run_jobs(jobs, n, e);
	s->pairs = sorter_new(2, 0, c->folder, "pairs");
	sorter_unique(s->pairs);
	for (unsigned i = 0; i < n; i++) {
		s->report->keys += jobs[i].part.keys;
		s->report->pairs += jobs[i].part.pairs;
		s->report->scratch += jobs[i].part.scratch;
		rc = rc ? rc : sorter_join(s->pairs, jobs[i].out, 0, 0, e);
	}
	free(jobs);
	return rc ? rc : sorter_sort(s->pairs, e);
}
