/* The variety model. */
#include "filter/train.h"

#include "filter/curve.h"
#include "filter/descent.h"
#include "filter/ratio.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { RARE = 3, PASSES = 40 };

/* Everything that one training holds. */
struct job {
	struct lessons *c;
	struct rows r;
	const struct train_conf *conf;
	train_say *say;
	size_t buckets;
	unsigned groups;
	signed char *y;
	float *u, *cost, *w, *score;
	bool *held;
	double bias;
};

static void say(train_say *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(train_say *to, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	to(line);
}

/* Rows of a domain and label weigh (how many there are)^-0.75, mean 1; a word or two by themselves, as in a lexicon, a fifth of it. */
static void set_costs(struct job *j)
{
	double *n = own_zalloc(2 * LESSONS_NAMES * sizeof(*n)), sum = 0, rows = 0;
	const struct lessons *c = j->c;
	for (size_t i = 0; i < c->n; i++)
		n[2 * c->v[i].domain + (j->y[i] > 0)] += j->y[i] != 0;
	for (size_t i = 0; i < c->n; i++) {
		j->cost[i] = j->y[i] ? (float)pow(n[2 * c->v[i].domain + (j->y[i] > 0)], -0.75) * (c->v[i].words < 4 ? 0.2f : 1) : 0;
		sum += (double)j->cost[i];
		rows += j->y[i] != 0;
	}
	for (size_t i = 0; i < c->n; i++)
		j->cost[i] *= (float)(j->conf->c * rows / sum);
	free(n);
}

static unsigned fit(struct job *j)
{
	ratio_weigh(&j->r, j->c, j->y, j->groups, j->buckets, j->u, NULL);
	set_costs(j);
	struct descent_job d = {.rows = &j->r, .y = j->y, .cost = j->cost, .u = j->u, .buckets = j->buckets, .tolerance = 0.1, .passes = PASSES, .seed = j->conf->seed};
	return descent_run(&d, j->w, &j->bias);
}

/* What --leave keeps out of the model. */
static bool is_kept(const struct job *j, const struct lessons_text *x)
{
	struct str prefix = str_of(j->conf->leave);
	return !prefix.n || (!str_starts(j->c->domains.v[x->domain], prefix) && !str_starts(j->c->sources.v[x->source], prefix));
}

/* Domains "tech-docs" and "tech-manual" are of the kind "tech". */
static struct str kind_of(const struct lessons *c, uint16_t domain)
{
	return str_head(c->domains.v[domain], str_chr(c->domains.v[domain], '-'));
}

struct scored {
	float score;
	bool portugal;
};

static int by_score(const void *a, const void *b)
{
	float x = ((const struct scored *)a)->score, y = ((const struct scored *)b)->score;
	return (x > y) - (x < y);
}

/* Of the marked rows with so many words: area under the curve, and precision of pt-PT at 90 % recall, both varieties weighing the same. */
static void say_ranking(struct job *j, const bool *mark, uint32_t from, uint32_t to)
{
	const struct lessons *c = j->c;
	struct scored *v = own_alloc((c->n + 1) * sizeof(*v));
	double plus = 0, minus = 0, ranks = 0, above = 0;
	size_t n = 0, right = 0;
	for (size_t i = 0; i < c->n; i++)
		if (mark[i] && c->v[i].words >= from && c->v[i].words <= to) {
			v[n++] = (struct scored){j->score[i], c->v[i].label > 0};
			right += (j->score[i] > 0) == (c->v[i].label > 0);
			*(c->v[i].label > 0 ? &plus : &minus) += 1;
		}
	qsort(v, n, sizeof(*v), by_score);
	double miss = 0, threshold = 0;
	for (size_t i = 0; i < n; i++) {
		ranks += v[i].portugal ? (double)i + 1 : 0;
		miss += v[i].portugal;
		if (miss <= floor(0.1 * plus))
			threshold = (double)(i + 1 < n ? v[i + 1].score : v[i].score);
	}
	double kept = 0;
	for (size_t i = 0; i < n; i++)
		if ((double)v[i].score >= threshold)
			*(v[i].portugal ? &kept : &above) += 1;
	if (plus >= 20 && minus >= 20)
		say(j->say, "  %3u-%u words, %zu rows: right %.3f, AUC %.3f, precision of pt-PT at 90 %% recall %.3f", from, to, n, (double)right / (double)n,
		    (ranks - plus * (plus + 1) / 2) / (plus * minus), kept / plus / (kept / plus + above / minus));
	free(v);
}

/* Can the kind be judged at all? Not when each label is one source and no source has both: then sources are told apart, not varieties. */
static bool is_fair(const struct lessons *c, struct str kind)
{
	unsigned char *has = own_zalloc(LESSONS_NAMES);
	size_t rows[2] = {0};
	unsigned sources[2] = {0}, both = 0;
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(kind_of(c, c->v[i].domain), kind) && c->v[i].words >= CURVE_WORDS_MIN) {
			has[c->v[i].source] |= c->v[i].label > 0 ? 1 : 2;
			rows[c->v[i].label > 0]++;
		}
	for (unsigned s = 0; s < LESSONS_NAMES; s++) {
		sources[0] += has[s] & 1;
		sources[1] += has[s] >> 1;
		both += has[s] == 3;
	}
	free(has);
	return rows[0] >= 100 && rows[1] >= 100 && (both || sources[0] > 1 || sources[1] > 1);
}

static void say_marked(struct job *j, const bool *mark)
{
	for (size_t i = 0; i < j->c->n; i++)
		if (mark[i])
			j->score[i] = (float)rows_score(&j->r, i, j->w, j->bias);
	say_ranking(j, mark, 15, 39);
	say_ranking(j, mark, 40, 90);
	say_ranking(j, mark, 130, 330);
}

/* Every kind of text that holds both varieties, left out in turn: scores of its rows by a model that has not seen the kind. */
static void leave_out(struct job *j)
{
	const struct lessons *c = j->c;
	bool *mark = own_zalloc(c->n * sizeof(*mark));
	for (unsigned d = 0; d < c->domains.n; d++) {
		struct str kind = kind_of(c, (uint16_t)d);
		bool first = true;
		for (unsigned b = 0; b < d; b++)
			first &= !str_eq(kind_of(c, (uint16_t)b), kind);
		if (!first || !is_fair(c, kind))
			continue;
		/* Every other row is enough to place the curve. */
		for (size_t i = 0; i < c->n; i++)
			j->y[i] = i & 1 && is_kept(j, &c->v[i]) && !str_eq(kind_of(c, c->v[i].domain), kind) ? (signed char)c->v[i].label : 0;
		fit(j);
		for (size_t i = 0; i < c->n; i++) {
			mark[i] = str_eq(kind_of(c, c->v[i].domain), kind);
			j->held[i] |= mark[i];
		}
		say(j->say, "left out: %.*s", STR_ARG(kind));
		say_marked(j, mark);
	}
	free(mark);
}

static int finish(struct job *j, const struct curve *k, const char *out, struct err *e)
{
	char notes[512];
	float bias = (float)j->bias;
	int n = snprintf(notes, sizeof(notes),
			 "{\"task\":\"variety\",\"texts\":%zu,\"rows\":%zu,\"data_xxh3\":\"%016" PRIx64 "\",\"cost\":%g,\"bits\":%" PRIu64 ",\"seed\":%" PRIu64
			 ",\"slope\":%.4f,\"slope_by_length\":%.4f,\"shift\":%.4f}",
			 j->c->read, j->c->n, j->c->digest, j->conf->c, j->conf->bits, j->conf->seed, k->slope, k->by_length, k->shift);
	say(j->say, "%s", notes);
	return linear_save(out, 1, (uint32_t)j->conf->bits, &bias, j->w, (struct str){notes, (size_t)n}, e);
}

static void fit_all(struct job *j)
{
	bool *mark = own_alloc(j->c->n * sizeof(*mark));
	for (size_t i = 0; i < j->c->n; i++) {
		mark[i] = !is_kept(j, &j->c->v[i]);
		j->y[i] = mark[i] ? 0 : (signed char)j->c->v[i].label;
	}
	say(j->say, "all rows: %u passes", fit(j));
	if (j->conf->leave)
		say_marked(j, mark);
	free(mark);
}

int train_variety(const char *const *paths, size_t n, const char *out, const struct train_conf *given, train_say *to, struct err *e)
{
	struct train_conf conf = *given;
	conf.c = conf.c > 0 ? conf.c : 0.04;
	conf.bits = conf.bits ? conf.bits : 22;
	_cleanup_(lessons_freep) struct lessons *c = lessons_new(conf.seed);
	struct job j = {.c = c, .conf = &conf, .say = to, .buckets = (size_t)1 << conf.bits};
	struct curve k = {1.25, 0.34, 0};
	int rc = lessons_read(c, paths, n, false, e);
	if (rc)
		return rc;
	lessons_cut(c);
	if (c->n < 100)
		return err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %zu rows with text and a label pt-PT or pt-BR", c->n);
	j.groups = lessons_group(c);
	rows_make(&j.r, c, false, (uint32_t)conf.bits, RARE);
	j.y = own_alloc(c->n);
	j.u = own_alloc(j.buckets * sizeof(float));
	j.w = own_alloc(j.buckets * sizeof(float));
	j.cost = own_alloc(c->n * sizeof(float));
	j.score = own_zalloc(c->n * sizeof(float));
	j.held = own_zalloc(c->n * sizeof(bool));
	say(to, "%zu texts, %zu rows, %zu features, %u groups", c->read, c->n, j.r.n_cells, j.groups);
	if (!conf.no_calibration) {
		leave_out(&j);
		k = curve_fit(c, j.score, j.held);
	}
	fit_all(&j);
	rc = finish(&j, &k, out, e);
	rows_free(&j.r);
	free(j.y);
	free(j.u);
	free(j.w);
	free(j.cost);
	free(j.score);
	free(j.held);
	return rc;
}
