/* The quality model: good and bad examples, one in ten held back. */
#include "filter/train.h"

#include "core/zin.h"
#include "filter/descent.h"
#include "filter/labelled.h"
#include "filter/lessons.h"
#include "filter/worth.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <xxhash.h>

enum { HELD = 10, PASSES = 60, LEAST = 20 };

struct job {
	const struct train_conf *conf;
	struct rows rows;
	signed char *label;
	bool *held;
	size_t cap;
	uint64_t digest;
	struct words words;
	struct repeat seen;
	uint32_t *id;
};

/* A text is held back by what it says, so that copies are on one side. */
static void add(struct job *j, struct str text, int label)
{
	struct rows *r = &j->rows;
	words_split(&j->words, text);
	uint32_t n = worth_features(&j->words, &j->seen, j->id);
	if (!n)
		return;
	if (r->n + 2 > j->cap) {
		j->cap = 2 * j->cap + 1024;
		r->at = own_grow(r->at, j->cap * sizeof(*r->at));
		r->scale = own_grow(r->scale, j->cap * sizeof(*r->scale));
		j->label = own_grow(j->label, j->cap);
		j->held = own_grow(j->held, j->cap * sizeof(*j->held));
	}
	if (r->n_cells + n > r->cap) {
		r->cap = 2 * r->cap + n;
		r->cell = own_grow(r->cell, r->cap * sizeof(*r->cell));
	}
	r->at[r->n] = r->n_cells;
	for (uint32_t i = 0; i < n; i++)
		r->cell[r->n_cells++] = j->id[i] >> (32 - j->conf->bits) | 2u << 24;
	r->scale[r->n] = 1 / sqrtf(1 + (float)n);
	j->label[r->n] = (signed char)label;
	j->held[r->n] = XXH3_64bits_withSeed(text.p, text.n, j->conf->seed) % HELD == 0;
	r->at[++r->n] = r->n_cells;
}

static int label_of(struct str s)
{
	return str_eq(s, STR("good")) ? 1 : str_eq(s, STR("bad")) ? -1 : 0;
}

static void line(struct job *j, struct arena *a, struct str s)
{
	struct labelled x = labelled_line(s, a);
	if (label_of(x.label) && x.text.n)
		add(j, x.text, label_of(x.label));
}

static int read(struct job *j, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	struct str s;
	int rc = zin_open(&z, path, e);
	while (!rc && (rc = zin_line(z, LESSONS_LINE_MAX, &s, e)) > 0) {
		j->digest = XXH3_64bits_withSeed(s.p, s.n, j->digest);
		arena_reset(a, 1 << 22);
		line(j, a, s);
		rc = 0;
	}
	return rc;
}

/* Both labels weigh the same, however many there are of each. */
static unsigned fit(struct job *j, float *w, double *bias)
{
	const struct rows *r = &j->rows;
	signed char *y = own_alloc(r->n);
	float *cost = own_alloc(r->n * sizeof(*cost));
	double n[2] = {0};
	for (size_t i = 0; i < r->n; i++) {
		y[i] = j->held[i] ? 0 : j->label[i];
		n[y[i] > 0] += y[i] != 0;
	}
	for (size_t i = 0; i < r->n; i++)
		cost[i] = (float)(j->conf->c * (n[0] + n[1]) / (2 * fmax(n[j->label[i] > 0], 1)));
	struct descent_job d = {.rows = r, .y = y, .cost = cost, .buckets = (size_t)1 << j->conf->bits, .tolerance = 0.1, .passes = PASSES, .seed = j->conf->seed};
	unsigned passes = descent_run(&d, w, bias);
	free(y);
	free(cost);
	return passes;
}

struct scored {
	double score;
	int label;
};

static int by_score(const void *a, const void *b)
{
	double x = ((const struct scored *)a)->score, y = ((const struct scored *)b)->score;
	return (x > y) - (x < y);
}

struct figures {
	size_t good, bad;
	double right, auc, slope;
};

/* The slope that gives the held-back labels the highest likelihood, both weighing the same. */
static double slope_of(const struct scored *v, size_t n, const struct figures *f)
{
	double best = INFINITY, slope = 1;
	for (double s = 0.25; s < 40; s *= 1.1) {
		double loss = 0;
		for (size_t i = 0; i < n; i++)
			loss += log1p(exp(-s * v[i].label * v[i].score)) / (double)(v[i].label > 0 ? f->good : f->bad);
		if (loss < best) {
			best = loss;
			slope = s;
		}
	}
	return slope;
}

static struct figures ask_held(const struct job *j, const float *w, double bias)
{
	const struct rows *r = &j->rows;
	struct scored *v = own_alloc((r->n + 1) * sizeof(*v));
	struct figures f = {0};
	size_t n = 0;
	double ranks = 0, right[2] = {0};
	for (size_t i = 0; i < r->n; i++)
		if (j->held[i]) {
			v[n++] = (struct scored){rows_score(r, i, w, bias), j->label[i]};
			*(j->label[i] > 0 ? &f.good : &f.bad) += 1;
			right[j->label[i] > 0] += v[n - 1].score * j->label[i] > 0;
		}
	qsort(v, n, sizeof(*v), by_score);
	for (size_t i = 0; i < n; i++)
		ranks += v[i].label > 0 ? (double)i + 1 : 0;
	double good = (double)f.good, bad = (double)f.bad;
	f.right = (right[0] / fmax(bad, 1) + right[1] / fmax(good, 1)) / 2;
	f.auc = (ranks - good * (good + 1) / 2) / fmax(good * bad, 1);
	f.slope = slope_of(v, n, &f);
	free(v);
	return f;
}

static int learn(struct job *j, const char *out, train_say *say, struct err *e)
{
	float *w = own_zalloc(sizeof(float) << j->conf->bits), b;
	double bias = 0;
	char notes[512];
	unsigned passes = fit(j, w, &bias);
	struct figures f = ask_held(j, w, bias);
	snprintf(notes, sizeof(notes), "%zu texts, %u passes; held back: %zu good, %zu bad, right %.3f (both labels weighing the same), AUC %.3f", j->rows.n, passes, f.good, f.bad, f.right, f.auc);
	say(notes);
	int n = snprintf(notes, sizeof(notes),
			 "{\"task\":\"quality\",\"texts\":%zu,\"held_good\":%zu,\"held_bad\":%zu,\"held_right\":%.4f,\"held_auc\":%.4f,\"data_xxh3\":\"%016" PRIx64
			 "\",\"cost\":%g,\"bits\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"quality_slope\":%.4f}",
			 j->rows.n, f.good, f.bad, f.right, f.auc, j->digest, j->conf->c, j->conf->bits, j->conf->seed, f.slope);
	say(notes);
	b = (float)bias;
	int rc = linear_save(out, 1, (uint32_t)j->conf->bits, &b, w, (struct str){notes, (size_t)n}, e);
	free(w);
	return rc;
}

int train_quality(const char *const *paths, size_t n, const char *out, const struct train_conf *given, train_say *say, struct err *e)
{
	struct train_conf conf = *given;
	struct job j = {.conf = &conf};
	size_t held[2] = {0}, all[2] = {0};
	int rc = 0;
	conf.c = conf.c > 0 ? conf.c : 1;
	conf.bits = conf.bits ? conf.bits : 18;
	j.id = own_alloc(2 * WORTH_MOST * sizeof(*j.id));
	for (size_t i = 0; i < n && !rc; i++)
		rc = read(&j, paths[i], e);
	for (size_t i = 0; i < j.rows.n; i++) {
		all[j.label[i] > 0]++;
		held[j.label[i] > 0] += j.held[i];
	}
	if (!rc && (all[0] < LEAST || all[1] < LEAST || !held[0] || !held[1]))
		rc = err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %zu texts with the label good and %zu with bad", all[1], all[0]);
	if (!rc)
		rc = learn(&j, out, say, e);
	rows_free(&j.rows);
	words_free(&j.words);
	repeat_free(&j.seen);
	free(j.label);
	free(j.held);
	free(j.id);
	return rc;
}
