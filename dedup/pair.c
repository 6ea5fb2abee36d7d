#include "dedup/pair.h"

#include "core/own.h"
#include "core/stop.h"
#include "dedup/index.h"
#include "dedup/signs.h"

/* ---- records ---- */

static uint64_t size_and(uint64_t rank, uint32_t shingles)
{
	return rank << SOLVE_SHINGLE_BITS | (shingles > SOLVE_LOW(SOLVE_SHINGLE_BITS) ? SOLVE_LOW(SOLVE_SHINGLE_BITS) : shingles);
}

/* The representatives, in the order of documents. */
struct reps {
	uint64_t r[2]; /* document, rank */
	int more;
};

static int add_keys(struct solve *s, struct sorter *bands, const struct signs_group *g, uint64_t doc, struct reps *reps, struct err *e)
{
	const uint64_t *keys = g->keys;
	int rc = 0;
	for (unsigned i = 0; i < g->n && reps->more > 0; i++) {
		if (doc + i == reps->r[0]) {
			uint64_t low = size_and(reps->r[1], g->heads[i].shingles);
			for (unsigned b = 0; !rc && b < s->conf->sign.bands; b++)
				rc = sorter_add(bands, (uint64_t[]){keys[b], low}, e);
			if (rc)
				return rc;
			reps->more = sorter_next(s->reps, reps->r, e);
		}
		keys += g->heads[i].shingles ? s->conf->sign.bands : 0;
	}
	return reps->more < 0 ? reps->more : 0;
}

static int keys_of_file(struct solve *s, struct sorter *bands, size_t file, struct reps *reps, struct err *e)
{
	struct signs_in *in = NULL;
	struct signs_group g;
	uint64_t doc = s->first[file];
	int rc = signs_open(&in, s->paths[file], e);
	while (!rc && reps->more > 0 && (rc = signs_next(in, SIGNS_KEYS, &g, e)) > 0) {
		rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : add_keys(s, bands, &g, doc, reps, e);
		doc += g.n;
	}
	signs_in_free(in);
	return rc;
}

static int all_keys(struct solve *s, struct sorter *bands, struct err *e)
{
	struct reps reps;
	int rc = reps.more = sorter_next(s->reps, reps.r, e);
	rc = rc < 0 ? rc : 0;
	for (size_t i = 0; !rc && i < s->n_paths; i++)
		rc = keys_of_file(s, bands, i, &reps, e);
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

static inline bool sizes_allow(uint64_t a, uint64_t b, double threshold)
{
	uint64_t x = a & SOLVE_LOW(SOLVE_SHINGLE_BITS), y = b & SOLVE_LOW(SOLVE_SHINGLE_BITS);
	return (double)(x < y ? x : y) >= threshold * (double)(x < y ? y : x);
}

static int pair(struct solve *s, uint64_t later, uint64_t earlier, struct err *e)
{
	if (rank_of(later) < s->old || later == earlier) /* all of the index stays */
		return 0;
	return sorter_add(s->pairs, (uint64_t[]){rank_of(later), rank_of(earlier)}, e);
}

static int pair_verified(struct solve *s, const struct run *r, uint64_t low, struct err *e)
{
	size_t first = r->n < PAIR_SEEN ? r->n : PAIR_SEEN, taken = 0, i = 0;
	int rc = 0;
	for (; !rc && i < first && taken < PAIR_FIRST; i++)
		if (sizes_allow(low, r->first[i], s->conf->threshold)) {
			taken++;
			rc = pair(s, low, r->first[i], e);
		}
	/* The nearest before it, as far as they were not among the first. */
	for (size_t k = 1; !rc && k <= PAIR_BEFORE && k <= r->n && r->n - k >= i; k++) {
		uint64_t near = r->before[(r->n - k) % PAIR_BEFORE];
		if (sizes_allow(low, near, s->conf->threshold))
			rc = pair(s, low, near, e);
	}
	return rc;
}

static int find_pairs(struct solve *s, struct sorter *bands, struct err *e)
{
	struct run run = {0};
	uint64_t r[2];
	int rc;
	while ((rc = sorter_next(bands, r, e)) > 0) {
		if (run.n && run.key == r[0]) {
			rc = s->conf->threshold > 0 ? pair_verified(s, &run, r[1], e) : pair(s, r[1], run.first[0], e);
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

int pair_documents(struct solve *s, struct err *e)
{
	const struct solve_conf *c = s->conf;
	struct sorter *bands = sorter_new(2, c->memory / 4, c->folder, "bands");
	s->pairs = sorter_new(2, c->memory / 4, c->folder, "pairs");
	sorter_unique(s->pairs);
	int rc = all_keys(s, bands, e);
	if (!rc && c->index)
		rc = index_join_bands(c->index, bands, e);
	rc = rc ? rc : sorter_sort(bands, e);
	rc = rc ? rc : find_pairs(s, bands, e);
	s->report->keys = sorter_count(bands);
	s->report->scratch += sorter_written(bands);
	sorter_free(bands);
	rc = rc ? rc : sorter_sort(s->pairs, e);
	s->report->pairs = sorter_count(s->pairs);
	s->report->scratch += sorter_written(s->pairs);
	return rc;
}
