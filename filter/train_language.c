/* The language model: one class against the rest, then, on texts held back, the probabilities sharpened by length and the gate. */
#include "core/zin.h"
#include "filter/curve.h"
#include "filter/descent.h"
#include "filter/gate.h"
#include "filter/judge.h"
#include "filter/train.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { RARE = 2, PASSES = 30, HELD = 10 };

/* How much an error on Galician weighs in the Portuguese class: the nearest neighbour decides how sharp the gate is. */
static const double galician = 3;
/* And in the gate, where 1, 1.5, 2 and 3 get 292, 278, 281 and 292 of 23,966 rows held back wrong, 100, 68, 51 and 36 of them taken for Portuguese. */
static const double galician_gate = 1.5;

/* weights: [class][bucket]. Returns which class is best. */
static int classes_of(const struct rows *r, size_t i, const float *weights, size_t buckets, const double *bias, double x[JUDGE_LANGUAGES])
{
	int best = 0;
	for (int k = 0; k < JUDGE_LANGUAGES; k++) {
		x[k] = rows_score(r, i, weights + (size_t)k * buckets, bias[k]);
		if (x[k] > x[best])
			best = k;
	}
	return best;
}

static double loss(const struct lessons *c, const double *x, size_t n, const size_t *row, double slope, double by_length)
{
	double sum = 0;
	for (size_t h = 0; h < n; h++, x += JUDGE_LANGUAGES) {
		double sharp = exp(slope + by_length * curve_length(c->v[row[h]].words)), all = 0, top = -INFINITY;
		for (int k = 0; k < JUDGE_LANGUAGES; k++)
			top = fmax(top, x[k]);
		for (int k = 0; k < JUDGE_LANGUAGES; k++)
			all += exp(sharp * (x[k] - top));
		sum += log(all) - sharp * (x[c->v[row[h]].label] - top);
	}
	return sum;
}

static void say_confusion(const struct lessons *c, const size_t *row, const int *said, size_t n, train_say *say)
{
	size_t all[JUDGE_LANGUAGES] = {0}, right[JUDGE_LANGUAGES] = {0}, ours[JUDGE_LANGUAGES] = {0};
	char line[160];
	for (size_t h = 0; h < n; h++) {
		int k = c->v[row[h]].label;
		all[k]++;
		right[k] += said[h] == k;
		ours[k] += said[h] == 0;
	}
	for (int k = 0; k < JUDGE_LANGUAGES; k++) {
		double m = (double)(all[k] ? all[k] : 1);
		snprintf(line, sizeof(line), "held back: %-8s %6zu texts, right %.4f, taken for Portuguese %.4f", judge_languages[k], all[k], (double)right[k] / m, (double)ours[k] / m);
		say(line);
	}
}

/* Fit the sharpness on the rows of group HELD - 1, which no class was trained on; print how they did. */
static void sharpen(const struct rows *r, const struct lessons *c, const float *w, const double *bias, size_t buckets, double fit[2], train_say *say)
{
	size_t n = 0, *row = own_alloc((c->n + 1) * sizeof(*row));
	double *x = own_alloc((c->n / 2 + 1) * JUDGE_LANGUAGES * sizeof(*x));
	int *said = own_alloc((c->n + 1) * sizeof(*said));
	for (size_t i = 0; i < c->n && n < c->n / 2; i++)
		if (c->v[i].group == HELD - 1) {
			said[n] = classes_of(r, i, w, buckets, bias, x + n * JUDGE_LANGUAGES);
			row[n++] = i;
		}
	fit[0] = 1, fit[1] = 0;
	double best = loss(c, x, n, row, fit[0], fit[1]);
	for (double step = 0.5; step > 0.02;) {
		bool better = false;
		for (int k = 0; k < 4; k++) {
			double tried[2] = {fit[0], fit[1]};
			tried[k / 2] += k & 1 ? -step : step;
			double l = loss(c, x, n, row, tried[0], tried[1]);
			if (l < best) {
				best = l;
				fit[0] = tried[0], fit[1] = tried[1];
				better = true;
			}
		}
		if (!better)
			step /= 2;
	}
	say_confusion(c, row, said, n, say);
	free(row);
	free(x);
	free(said);
}

static void fit_classes(const struct rows *r, const struct lessons *c, const struct train_conf *conf, size_t buckets, float *w, double *bias)
{
	double count[JUDGE_LANGUAGES] = {0};
	signed char *y = own_alloc(c->n);
	float *cost = own_alloc(c->n * sizeof(*cost));
	for (size_t i = 0; i < c->n; i++)
		count[c->v[i].label]++;
	for (int k = 0; k < JUDGE_LANGUAGES; k++) {
		for (size_t i = 0; i < c->n; i++) {
			int label = c->v[i].label;
			y[i] = c->v[i].group == HELD - 1 ? 0 : label == k ? 1 : -1;
			cost[i] = (float)(conf->c * pow(count[label] / (double)c->n * JUDGE_LANGUAGES, -0.5) * (k == 0 && label == 1 ? galician : 1));
		}
		struct descent_job d = {.rows = r, .y = y, .cost = cost, .buckets = buckets, .tolerance = 0.1, .passes = PASSES, .seed = conf->seed};
		descent_run(&d, w + (size_t)k * buckets, &bias[k]);
	}
	free(y);
	free(cost);
}

static int finish(const struct lessons *c, const struct train_conf *conf, const float *w, const double *bias, const double sharp[2], size_t buckets, const char *out, train_say *say,
		  struct err *e)
{
	char notes[512];
	float b[JUDGE_LANGUAGES], *flat = own_alloc(JUDGE_LANGUAGES * buckets * sizeof(*flat));
	int n = snprintf(notes, sizeof(notes),
			 "{\"task\":\"language\",\"texts\":%zu,\"rows\":%zu,\"data_xxh3\":\"%016" PRIx64 "\",\"cost\":%g,\"bits\":%" PRIu64 ",\"seed\":%" PRIu64
			 ",\"sharp\":%.4f,\"sharp_by_length\":%.4f}",
			 c->read, c->n, c->digest, conf->c, conf->bits, conf->seed, sharp[0], sharp[1]);
	say(notes);
	for (size_t k = 0; k < JUDGE_LANGUAGES; k++) {
		b[k] = (float)bias[k];
		for (size_t f = 0; f < buckets; f++)
			flat[f * JUDGE_LANGUAGES + k] = w[k * buckets + f];
	}
	int rc = linear_save(out, JUDGE_LANGUAGES, (uint32_t)conf->bits, b, flat, (struct str){notes, (size_t)n}, e);
	free(flat);
	return rc;
}

/* The gate, on the rows held back, as a judge with these classes hears them. */
static void learn_gate(const struct lessons *c, const struct judge *j, struct gate *g, train_say *say)
{
	size_t n = 0, wrong = 0, foreign = 0;
	float(*in)[GATE_INPUTS] = own_alloc((c->n + 1) * sizeof(*in));
	bool *ours = own_alloc(c->n + 1);
	float *cost = own_alloc((c->n + 1) * sizeof(*cost));
	struct judge_work *w = judge_start(j);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].group == HELD - 1 && judge_gate(j, w, c->v[i].s, in[n])) {
			ours[n] = c->v[i].label == 0;
			cost[n++] = c->v[i].label == 1 ? (float)galician_gate : 1;
		}
	judge_stop(w);
	gate_fit(g, in, ours, cost, n);
	for (size_t i = 0; i < n; i++) {
		bool said = gate_portuguese(g, in[i]) >= 0.5f;
		wrong += said != ours[i];
		foreign += said && !ours[i];
	}
	char line[128];
	snprintf(line, sizeof(line), "gate: %zu rows held back, %zu wrong, %zu of them taken for Portuguese", n, wrong, foreign);
	say(line);
	free(in);
	free(ours);
	free(cost);
}

/* The model of `classes` with a gate learned for it, as `out`. */
static int add_gate(const struct lessons *c, const char *classes, const char *out, train_say *say, struct err *e)
{
	enum { MODEL_MAX = 64 << 20 };
	_cleanup_(own_freep) char *bytes = NULL;
	struct judge *j = NULL;
	struct linear m;
	struct gate g;
	char notes[4096];
	size_t n;
	int rc = judge_open(&j, &(struct judge_conf){classes, NULL, 0.2f, 0.8f, 0.5f}, e);
	rc = rc ? rc : zin_slurp(classes, MODEL_MAX, &bytes, &n, e);
	rc = rc ? rc : linear_load(&m, (struct str){bytes, n}, classes, e);
	if (rc) {
		judge_free(j);
		return rc;
	}
	learn_gate(c, j, &g, say);
	judge_free(j);
	/* The notes as they are, to the gate that may be in them already. */
	size_t keep = str_find(m.notes, STR(",\"gate_0\""));
	keep = keep < m.notes.n ? keep : m.notes.n - 1;
	keep = keep < sizeof(notes) / 2 ? keep : sizeof(notes) / 2;
	memcpy(notes, m.notes.p, keep);
	keep += gate_print(&g, notes + keep, sizeof(notes) - keep - 1);
	notes[keep++] = '}';
	return linear_annotate(&m, out, (struct str){notes, keep}, e);
}

static int learn_classes(struct lessons *c, const struct train_conf *conf, const char *out, train_say *say, struct err *e)
{
	struct rows r = {0};
	size_t buckets = (size_t)1 << conf->bits;
	char line[128];
	rows_make(&r, c, true, (uint32_t)conf->bits, RARE);
	snprintf(line, sizeof(line), "%zu texts, %zu rows, %zu features", c->read, c->n, r.n_cells);
	say(line);
	float *w = own_zalloc(JUDGE_LANGUAGES * buckets * sizeof(*w));
	double bias[JUDGE_LANGUAGES] = {0}, sharp[2];
	fit_classes(&r, c, conf, buckets, w, bias);
	sharpen(&r, c, w, bias, buckets, sharp, say);
	int rc = finish(c, conf, w, bias, sharp, buckets, out, say, e);
	rows_free(&r);
	free(w);
	return rc;
}

int train_language(const char *const *paths, size_t n, const char *out, const struct train_conf *given, train_say *say, struct err *e)
{
	struct train_conf conf = *given;
	conf.c = conf.c > 0 ? conf.c : 1;
	conf.bits = conf.bits ? conf.bits : 19;
	_cleanup_(lessons_freep) struct lessons *c = lessons_new(conf.seed);
	int rc = lessons_read(c, paths, n, true, e);
	if (rc)
		return rc;
	lessons_crop(c);
	if (c->n < 100)
		return err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %zu rows with text and a language", c->n);
	if (!conf.classes)
		rc = learn_classes(c, &conf, out, say, e);
	return rc ? rc : add_gate(c, conf.classes ? conf.classes : out, out, say, e);
}
