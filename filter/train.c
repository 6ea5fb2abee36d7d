#include "filter/train.h"

#include "core/json.h"
#include "core/zin.h"
#include "filter/judge.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { NAME_MAX = 48, LINE_MAX_BYTES = 16 << 20, SOURCE_CAP = 1800, PIECES = 12 };

/* ---- texts ---- */

struct text {
	struct str s;
	int label; /* variety: +1 pt-PT, -1 pt-BR; language: class */
	uint16_t domain, source, group;
	uint32_t words;
};

struct names {
	char name[512][NAME_MAX];
	unsigned n;
};

struct texts {
	struct arena *a;
	struct text *v;
	size_t n, cap;
	struct names domains, sources;
	uint64_t rng;
};

static uint16_t name_of(struct names *t, struct str s)
{
	s = str_head(s, NAME_MAX - 1);
	for (unsigned i = 0; i < t->n; i++)
		if (str_eq(str_of(t->name[i]), s))
			return (uint16_t)i;
	if (t->n == 512)
		return 511;
	if (s.n)
		memcpy(t->name[t->n], s.p, s.n);
	t->name[t->n][s.n] = 0;
	return (uint16_t)t->n++;
}

static uint32_t draw(struct texts *t, uint32_t below)
{
	t->rng ^= t->rng << 13, t->rng ^= t->rng >> 7, t->rng ^= t->rng << 17;
	return (uint32_t)((t->rng >> 33) % below);
}

static void add_text(struct texts *t, struct text x)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 65536;
		t->v = own_grow(t->v, t->cap * sizeof(*t->v));
	}
	t->v[t->n++] = x;
}

static int language_class(struct str lang)
{
	for (int i = 0; i < JUDGE_LANGUAGES - 1; i++)
		if (str_eq(lang, str_of(judge_language_codes[i])))
			return i;
	return JUDGE_LANGUAGES - 1;
}

/* One line; label 0 in variety data ("both") is left out. */
static bool parse(struct texts *t, struct str line, bool language, struct text *x)
{
	struct json j = json_of(line);
	struct str key, v, domain = {0}, source = {0}, label = {0}, lang = {0};
	*x = (struct text){0};
	json_object(&j);
	while (json_key(&j, t->a, &key)) {
		if (json_peek(&j) != JSON_STRING) {
			json_skip(&j, NULL);
			continue;
		}
		json_string(&j, t->a, &v);
		if (str_eq(key, STR("text")))
			x->s = v;
		else if (str_eq(key, STR("domain")))
			domain = v;
		else if (str_eq(key, STR("source")))
			source = v;
		else if (str_eq(key, STR("label")))
			label = v;
		else if (str_eq(key, STR("lang")))
			lang = v;
	}
	x->domain = name_of(&t->domains, domain);
	x->source = name_of(&t->sources, source);
	x->s = arena_str(t->a, x->s);
	if (language) {
		x->label = lang.n ? language_class(lang) : 0;
		return !j.bad && x->s.n;
	}
	x->label = str_eq(label, STR("pt-PT")) ? 1 : str_eq(label, STR("pt-BR")) ? -1 : 0;
	return !j.bad && x->label && x->s.n;
}

static int read_texts(struct texts *t, const char *const *paths, size_t n, bool language, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_(zin_freep) struct zin *z = NULL;
		struct str line;
		struct text x;
		int rc = zin_open(&z, paths[i], e);
		while (!rc && (rc = zin_line(z, LINE_MAX_BYTES, &line, e)) > 0) {
			rc = 0;
			if (parse(t, arena_str(t->a, line), language, &x))
				add_text(t, x);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

static uint32_t count_words(struct str s)
{
	uint32_t n = 0;
	bool in = false;
	for (size_t i = 0; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		n += !blank && !in;
		in = !blank;
	}
	return n;
}

/* The words from..from+n of s, as a slice. */
static struct str slice(struct str s, uint32_t from, uint32_t n)
{
	uint32_t seen = 0;
	bool in = false;
	size_t begin = s.n, i = 0;
	for (; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		if (!blank && !in) {
			if (seen == from)
				begin = i;
			if (seen == from + n)
				break;
			seen++;
		}
		in = !blank;
	}
	return str_trim(begin < s.n ? str_range(s.p + begin, s.p + i) : (struct str){0});
}

/* Rows as the sieve will meet them: long documents in pieces of many lengths, sentences alone, cropped, and joined. */
static void cut(struct texts *to, struct texts *from)
{
	static const uint32_t sizes[] = {8, 15, 25, 50, 100, 200, 350};
	struct buf joined;
	uint32_t joined_words = 0, target = 0;
	const struct text *key = NULL;
	buf_init(&joined, BUF_NO_MAX);
	for (size_t i = 0; i < from->n; i++) {
		struct text x = from->v[i];
		x.words = count_words(x.s);
		if (x.words > 60) {
			uint32_t at = 0;
			for (int p = 0; p < PIECES && at < x.words; p++) {
				uint32_t size = sizes[draw(to, 7)], n = size * (70 + draw(to, 71)) / 100;
				struct text piece = x;
				piece.s = slice(x.s, at, n);
				piece.words = n;
				at += n;
				if (piece.s.n)
					add_text(to, piece);
			}
			continue;
		}
		add_text(to, x);
		if (x.words > 14 && draw(to, 2)) {
			struct text crop = x;
			uint32_t n = 8 + draw(to, 18);
			crop.s = slice(x.s, draw(to, x.words > n ? x.words - n : 1), n);
			if (crop.s.n)
				add_text(to, crop);
		}
		if (!key || key->source != x.source || key->label != x.label || !target) {
			buf_clear(&joined);
			joined_words = 0;
			target = 50 + draw(to, 271);
		}
		key = &from->v[i];
		buf_str(&joined, x.s);
		buf_byte(&joined, ' ');
		joined_words += x.words;
		if (joined_words >= target) {
			struct text all = x;
			all.s = arena_str(to->a, buf_view(&joined));
			add_text(to, all);
			target = 0;
		}
	}
	buf_free(&joined);
}

/* At most SOURCE_CAP rows of a source and label, drawn evenly. FRMT and DSL-TL are all kept. */
static void cap(struct texts *t)
{
	uint32_t *count = own_zalloc(1024 * sizeof(*count)), *seen = own_zalloc(1024 * sizeof(*seen));
	size_t kept = 0;
	for (size_t i = 0; i < t->n; i++)
		count[2 * t->v[i].source + (t->v[i].label > 0)]++;
	for (size_t i = 0; i < t->n; i++) {
		unsigned k = 2u * t->v[i].source + (t->v[i].label > 0);
		bool all = strstr(t->sources.name[t->v[i].source], "DSL-TL") || strstr(t->sources.name[t->v[i].source], "FRMT");
		uint64_t before = (uint64_t)seen[k] * SOURCE_CAP / count[k], after = ((uint64_t)seen[k] + 1) * SOURCE_CAP / count[k];
		seen[k]++;
		if (all || count[k] <= SOURCE_CAP || after > before)
			t->v[kept++] = t->v[i];
	}
	t->n = kept;
	free(count);
	free(seen);
}

/* ---- rows of features ---- */

struct rows {
	uint32_t *id;
	float *val;
	size_t *at; /* row i is id[at[i]] .. id[at[i+1]] */
	size_t n, n_ids, cap;
};

struct feature_work {
	struct gram g;
	uint32_t epoch, *seen_epoch, *seen_key, *ids;
	size_t n;
};
enum { SEEN = 1 << 16, IDS = 1 << 22 };

static bool first_time(struct feature_work *w, uint32_t key)
{
	uint32_t i = key & (SEEN - 1);
	while (w->seen_epoch[i] == w->epoch) {
		if (w->seen_key[i] == key)
			return false;
		i = (i + 1) & (SEEN - 1);
	}
	w->seen_epoch[i] = w->epoch;
	w->seen_key[i] = key;
	return true;
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The same features as judge.c sums. Returns the divisor: words (variety) or distinct words (language). */
static uint32_t features(struct feature_work *w, struct str text, bool language)
{
	uint32_t ids[GRAM_IDS_MAX], distinct = 0;
	gram_read(&w->g, text);
	w->n = 0;
	w->epoch++;
	for (uint32_t i = 0; i < w->g.n; i++) {
		const struct gram_token *t = &w->g.v[i];
		if (!t->mark && first_time(w, t->hash ^ (t->name ? 0x5555u : 0)) && (language || !t->name)) {
			unsigned k = gram_of_word((struct str){w->g.low + t->at, t->n}, language, ids);
			for (unsigned n = 0; n < k && w->n < IDS; n++)
				w->ids[w->n++] = ids[n];
			distinct++;
		}
		unsigned k = language ? 0 : gram_of_place(&w->g, i, ids);
		for (unsigned n = 0; n < k; n++)
			if (first_time(w, ids[n]) && w->n < IDS)
				w->ids[w->n++] = ids[n];
	}
	return language ? distinct : w->g.words;
}

static void make_rows(struct rows *r, const struct texts *t, bool language, uint32_t bits)
{
	struct feature_work w = {.seen_epoch = own_zalloc(SEEN * 4), .seen_key = own_zalloc(SEEN * 4), .ids = own_alloc(IDS * sizeof(uint32_t))};
	gram_init(&w.g);
	*r = (struct rows){.at = own_alloc((t->n + 1) * sizeof(size_t)), .n = t->n};
	for (size_t i = 0; i < t->n; i++) {
		uint32_t n = features(&w, t->v[i].s, language);
		t->v[i].words = n;
		for (size_t k = 0; k < w.n; k++)
			w.ids[k] >>= 32 - bits;
		qsort(w.ids, w.n, sizeof(uint32_t), by_id);
		if (r->n_ids + w.n > r->cap) {
			r->cap = 2 * r->cap + w.n + 1048576;
			r->id = own_grow(r->id, r->cap * sizeof(*r->id));
			r->val = own_grow(r->val, r->cap * sizeof(*r->val));
		}
		r->at[i] = r->n_ids;
		float scale = 1 / sqrtf(1 + (float)n);
		for (size_t k = 0; k < w.n; k++) {
			if (k && w.ids[k] == w.ids[k - 1]) {
				r->val[r->n_ids - 1] += scale;
				continue;
			}
			r->id[r->n_ids] = w.ids[k];
			r->val[r->n_ids++] = scale;
		}
	}
	r->at[t->n] = r->n_ids;
	gram_free(&w.g);
	free(w.seen_epoch);
	free(w.seen_key);
	free(w.ids);
}

static void rows_free(struct rows *r)
{
	free(r->id);
	free(r->val);
	free(r->at);
}

/* ---- the solver: dual coordinate descent for the L2-loss SVM (Hsieh et al. 2008, algorithm 1, with bias as a feature of value 1) ---- */

static void solve(const struct rows *r, const float *u, const signed char *y, const float *cost, uint64_t seed, float *w, float *bias)
{
	size_t *order = own_alloc(r->n * sizeof(*order)), live = 0;
	double *alpha = own_zalloc(r->n * sizeof(*alpha)), *q = own_alloc(r->n * sizeof(*q));
	double b = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (!y[i] || cost[i] <= 0)
			continue;
		order[live++] = i;
		q[i] = 1 + 0.5 / (double)cost[i];
		for (size_t k = r->at[i]; k < r->at[i + 1]; k++) {
			double x = (double)(r->val[k] * (u ? u[r->id[k]] : 1));
			q[i] += x * x;
		}
	}
	for (int pass = 0; pass < 60; pass++) {
		double most = 0;
		for (size_t i = live; i > 1; i--) {
			seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
			size_t k = (size_t)((seed >> 33) % i), t = order[k];
			order[k] = order[i - 1];
			order[i - 1] = t;
		}
		for (size_t o = 0; o < live; o++) {
			size_t i = order[o];
			double f = b;
			for (size_t k = r->at[i]; k < r->at[i + 1]; k++)
				f += (double)(w[r->id[k]] * r->val[k] * (u ? u[r->id[k]] : 1));
			double g = y[i] * f - 1 + alpha[i] * 0.5 / (double)cost[i];
			double pg = alpha[i] == 0 && g > 0 ? 0 : g;
			if (fabs(pg) > most)
				most = fabs(pg);
			if (fabs(pg) < 1e-9)
				continue;
			double was = alpha[i];
			alpha[i] = fmax(0, was - g / q[i]);
			double d = (alpha[i] - was) * y[i];
			b += d;
			for (size_t k = r->at[i]; k < r->at[i + 1]; k++)
				w[r->id[k]] += (float)(d * (double)(r->val[k] * (u ? u[r->id[k]] : 1)));
		}
		if (most < 0.05)
			break;
	}
	*bias = (float)b;
	free(order);
	free(alpha);
	free(q);
}

static float score(const struct rows *r, size_t i, const float *e, float bias)
{
	double f = (double)bias;
	for (size_t k = r->at[i]; k < r->at[i + 1]; k++)
		f += (double)(e[r->id[k]] * r->val[k]);
	return (float)f;
}

/* ---- variety: log-count ratios agreed over groups, then the solver ---- */

/* Group of a row: its source when the source holds both varieties, else its domain. */
static unsigned set_groups(struct texts *t)
{
	unsigned char has[512] = {0};
	for (size_t i = 0; i < t->n; i++)
		has[t->v[i].source] |= t->v[i].label > 0 ? 1 : 2;
	uint16_t number[1024];
	unsigned n = 0;
	memset(number, 0xFF, sizeof(number));
	for (size_t i = 0; i < t->n; i++) {
		unsigned k = has[t->v[i].source] == 3 ? t->v[i].source : 512u + t->v[i].domain;
		if (number[k] == 0xFFFF)
			number[k] = (uint16_t)n++;
		t->v[i].group = number[k];
	}
	return n;
}

/* u_j = idf_j (0.1 + |r_j|), r_j the log-count ratio averaged over groups by its precision; 0 for features of fewer than 3 rows. */
static void weigh(const struct rows *r, const struct texts *t, const signed char *y, unsigned groups, size_t buckets, float *u)
{
	double *total = own_zalloc(2 * groups * sizeof(*total));
	uint32_t *df = own_zalloc(buckets * sizeof(*df)), *n = own_zalloc(2 * buckets * sizeof(*n));
	double *sum = own_zalloc(buckets * sizeof(*sum)), *mass = own_zalloc(buckets * sizeof(*mass));
	size_t rows = 0;
	for (size_t i = 0; i < r->n; i++)
		if (y[i])
			total[2 * t->v[i].group + (y[i] > 0)]++, rows++;
	for (unsigned g = 0; g < groups; g++) {
		double *of = &total[2 * g];
		memset(n, 0, 2 * buckets * sizeof(*n));
		for (size_t i = 0; i < r->n; i++)
			for (size_t k = r->at[i]; y[i] && t->v[i].group == g && k < r->at[i + 1]; k++) {
				n[2 * r->id[k] + (y[i] > 0)]++;
				df[r->id[k]]++;
			}
		if (of[0] < 1 || of[1] < 1)
			continue;
		for (size_t f = 0; f < buckets; f++) {
			double minus = n[2 * f], plus = n[2 * f + 1];
			if (minus + plus < 1)
				continue;
			double ratio = log((plus + .5) / (of[1] + 1)) - log((minus + .5) / (of[0] + 1));
			double a = 1 / (1 / (plus + .5) + 1 / (minus + .5) + 2);
			sum[f] += a * ratio;
			mass[f] += a;
		}
	}
	for (size_t f = 0; f < buckets; f++)
		u[f] = df[f] < 3 ? 0 : (float)(log((1 + (double)rows) / (1 + df[f])) * (0.1 + fabs(sum[f] / (mass[f] + 1))));
	free(total);
	free(df);
	free(n);
	free(sum);
	free(mass);
}

/* Rows of a domain and label weigh (how many there are)^-0.75, mean 1. */
static void costs(const struct texts *t, const signed char *y, double c, float *cost)
{
	double n[1024] = {0}, sum = 0, rows = 0;
	for (size_t i = 0; i < t->n; i++)
		if (y[i])
			n[2 * t->v[i].domain + (y[i] > 0)]++;
	for (size_t i = 0; i < t->n; i++)
		if (y[i]) {
			cost[i] = (float)pow(n[2 * t->v[i].domain + (y[i] > 0)], -0.75);
			sum += (double)cost[i];
			rows++;
		}
	for (size_t i = 0; i < t->n; i++)
		cost[i] = y[i] ? (float)(c * (double)cost[i] * rows / sum) : 0;
}

static void fit(const struct rows *r, const struct texts *t, const signed char *y, unsigned groups, size_t buckets, const struct train_conf *c, float *w, float *bias)
{
	float *u = own_alloc(buckets * sizeof(*u)), *cost = own_zalloc(r->n * sizeof(*cost));
	weigh(r, t, y, groups, buckets, u);
	costs(t, y, c->c, cost);
	memset(w, 0, buckets * sizeof(*w));
	solve(r, u, y, cost, c->seed, w, bias);
	for (size_t f = 0; f < buckets; f++)
		w[f] *= u[f];
	free(u);
	free(cost);
}

struct curve {
	double slope, by_length, shift;
};

static double prob(const struct curve *k, double s, double words)
{
	double l = fmin(log(fmax(words, 3) / 50), 3);
	return 1 / (1 + exp(-exp(k->slope + k->by_length * l) * (s + k->shift)));
}

/* Mean log loss; every domain and label weighs the same. */
static double loss(const struct curve *k, const struct texts *t, const float *s, const float *weight)
{
	double sum = 0;
	for (size_t i = 0; i < t->n; i++)
		if (weight[i] > 0) {
			double p = prob(k, (double)s[i], t->v[i].words);
			sum -= (double)weight[i] * log(fmax(t->v[i].label > 0 ? p : 1 - p, 1e-9));
		}
	return sum;
}

/* Three numbers, by coordinate search with shrinking steps. */
static struct curve calibrate(const struct texts *t, const float *s, const bool *held)
{
	double n[1024] = {0};
	float *weight = own_zalloc(t->n * sizeof(*weight));
	for (size_t i = 0; i < t->n; i++)
		n[2 * t->v[i].domain + (t->v[i].label > 0)] += held[i];
	for (size_t i = 0; i < t->n; i++) {
		const double *both = &n[2 * t->v[i].domain];
		weight[i] = held[i] && both[0] > 0 && both[1] > 0 ? (float)(1 / both[t->v[i].label > 0]) : 0;
	}
	struct curve k = {0.4, 0.2, 0};
	double best = loss(&k, t, s, weight);
	for (double step = 0.4; step > 0.004;) {
		bool better = false;
		for (int i = 0; i < 6; i++) {
			struct curve tried = k;
			double d = i & 1 ? -step : step;
			*(i < 2 ? &tried.slope : i < 4 ? &tried.by_length : &tried.shift) += d;
			double l = loss(&tried, t, s, weight);
			if (l < best) {
				best = l;
				k = tried;
				better = true;
			}
		}
		if (!better)
			step /= 2;
	}
	free(weight);
	return k;
}

/* Every domain with both labels, left out in turn: the scores of its rows by a model that has not seen the domain. */
static void leave_out(const struct rows *r, struct texts *t, const signed char *y, unsigned groups, size_t buckets, const struct train_conf *c, float *s, bool *held,
		      void (*say)(const char *))
{
	signed char *some = own_alloc(r->n);
	float *w = own_alloc(buckets * sizeof(*w)), bias;
	for (unsigned d = 0; d < t->domains.n; d++) {
		size_t n[2] = {0}, right[2] = {0};
		for (size_t i = 0; i < r->n; i++) {
			some[i] = t->v[i].domain == d ? 0 : y[i];
			n[y[i] > 0] += t->v[i].domain == d;
		}
		if (n[0] < 100 || n[1] < 100)
			continue;
		/* Half the rows are enough to place the curve. */
		for (size_t i = 0; i < r->n; i += 2)
			some[i] = 0;
		fit(r, t, some, groups, buckets, c, w, &bias);
		for (size_t i = 0; i < r->n; i++)
			if (t->v[i].domain == d) {
				s[i] = score(r, i, w, bias);
				held[i] = true;
				right[y[i] > 0] += (s[i] > 0) == (y[i] > 0);
			}
		char line[160];
		snprintf(line, sizeof(line), "left out %-14s pt-BR %.3f of %zu, pt-PT %.3f of %zu right", t->domains.name[d], (double)right[0] / (double)n[0], n[0],
			 (double)right[1] / (double)n[1], n[1]);
		say(line);
	}
	free(some);
	free(w);
}

int train_variety(const char *const *paths, size_t n, const char *out, const struct train_conf *c, void (*say)(const char *), struct err *e)
{
	struct texts *all = own_zalloc(sizeof(*all)), *t = own_zalloc(sizeof(*t));
	struct rows r = {0};
	all->a = arena_new(1 << 22);
	int rc = read_texts(all, paths, n, false, e);
	t->a = all->a;
	t->rng = c->seed;
	cut(t, all);
	t->domains = all->domains;
	t->sources = all->sources;
	cap(t);
	unsigned groups = set_groups(t);
	size_t buckets = (size_t)1 << c->bits;
	char line[256];
	if (!rc && t->n < 100)
		rc = err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %zu rows with text and a label pt-PT or pt-BR", t->n);
	if (!rc) {
		make_rows(&r, t, false, (uint32_t)c->bits);
		snprintf(line, sizeof(line), "%zu texts, %zu rows, %zu features, %u groups", all->n, t->n, r.n_ids, groups);
		say(line);
		signed char *y = own_alloc(r.n);
		float *w = own_alloc(buckets * sizeof(*w)), *s = own_zalloc(r.n * sizeof(*s)), bias = 0;
		bool *held = own_zalloc(r.n * sizeof(*held));
		struct curve k = {0.436, 0.276, 0};
		for (size_t i = 0; i < r.n; i++)
			y[i] = (signed char)t->v[i].label;
		if (!c->no_calibration) {
			leave_out(&r, t, y, groups, buckets, c, s, held, say);
			k = calibrate(t, s, held);
		}
		fit(&r, t, y, groups, buckets, c, w, &bias);
		int len = snprintf(line, sizeof(line), "{\"task\":\"variety\",\"rows\":%zu,\"cost\":%g,\"seed\":%" PRIu64 ",\"slope\":%.4f,\"slope_by_length\":%.4f,\"shift\":%.4f}",
				   t->n, c->c, c->seed, k.slope, k.by_length, k.shift);
		say(line);
		rc = linear_save(out, 1, (uint32_t)c->bits, &bias, w, (struct str){line, (size_t)len}, e);
		free(y);
		free(w);
		free(s);
		free(held);
	}
	rows_free(&r);
	arena_free(all->a);
	free(all->v);
	free(t->v);
	free(all);
	free(t);
	return rc;
}

/* ---- language: one against the rest ---- */

/* Sentences as they are, and crops of a few words of the close languages, which is where the gate must be sharp. */
static void crop_close(struct texts *t)
{
	size_t n = t->n;
	for (size_t i = 0; i < n; i++) {
		struct text x = t->v[i];
		uint32_t words = count_words(x.s), crops = x.label == 1 ? 4 : x.label > 0 && x.label < 11 ? 2 : x.label == 0 ? 1 : 0;
		for (uint32_t k = 0; k < crops && words > 8; k++) {
			struct text crop = x;
			uint32_t size = 3 + draw(t, 8);
			crop.s = slice(x.s, draw(t, words > size ? words - size : 1), size);
			if (crop.s.n)
				add_text(t, crop);
		}
	}
}

/* Portuguese comes from the variety data, in far larger amounts and lengths: thin it and cut it. */
static void thin_portuguese(struct texts *t, size_t most)
{
	size_t have = 0, kept = 0, seen = 0;
	for (size_t i = 0; i < t->n; i++)
		have += t->v[i].label == 0;
	for (size_t i = 0; i < t->n; i++) {
		bool keep = t->v[i].label != 0 || have <= most || (seen + 1) * most / have > seen * most / have;
		seen += t->v[i].label == 0;
		if (!keep)
			continue;
		struct text x = t->v[i];
		uint32_t words = count_words(x.s);
		if (x.label == 0 && words > 40) {
			uint32_t size = 10 + draw(t, 31);
			x.s = slice(x.s, draw(t, words - size), size);
		}
		t->v[kept++] = x;
	}
	t->n = kept;
}

static double fit_temperature(const struct texts *t, const struct rows *r, const bool *held, const float *w, const float *bias, size_t buckets, double *right)
{
	double best = INFINITY, at = 1;
	size_t n = 0, good = 0;
	for (double temperature = 0.5; temperature < 12; temperature *= 1.15) {
		double sum = 0;
		n = good = 0;
		for (size_t i = 0; i < t->n; i++) {
			double x[JUDGE_LANGUAGES], top = -INFINITY, all = 0;
			int arg = 0;
			if (!held[i])
				continue;
			for (int c = 0; c < JUDGE_LANGUAGES; c++) {
				x[c] = (double)score(r, i, w + (size_t)c * buckets, bias[c]);
				if (x[c] > top) {
					top = x[c];
					arg = c;
				}
			}
			for (int c = 0; c < JUDGE_LANGUAGES; c++)
				all += exp(temperature * (x[c] - top));
			sum -= temperature * (x[t->v[i].label] - top) - log(all);
			n++;
			good += arg == t->v[i].label;
		}
		if (sum < best) {
			best = sum;
			at = temperature;
		}
	}
	*right = n ? (double)good / (double)n : 0;
	return at;
}

int train_language(const char *const *paths, size_t n, const char *out, const struct train_conf *c, void (*say)(const char *), struct err *e)
{
	struct texts *t = own_zalloc(sizeof(*t));
	struct rows r = {0};
	size_t buckets = (size_t)1 << c->bits;
	char line[256];
	t->a = arena_new(1 << 22);
	t->rng = c->seed;
	int rc = read_texts(t, paths, n, true, e);
	if (!rc && t->n < 100)
		rc = err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %zu rows with text and a language", t->n);
	if (!rc) {
		thin_portuguese(t, 14000);
		crop_close(t);
		make_rows(&r, t, true, (uint32_t)c->bits);
		snprintf(line, sizeof(line), "%zu rows, %zu features", t->n, r.n_ids);
		say(line);
		double count[JUDGE_LANGUAGES] = {0};
		float *w = own_zalloc(JUDGE_LANGUAGES * buckets * sizeof(*w)), *cost = own_alloc(r.n * sizeof(*cost)), bias[JUDGE_LANGUAGES] = {0};
		signed char *y = own_alloc(r.n);
		bool *held = own_zalloc(r.n * sizeof(*held));
		for (size_t i = 0; i < r.n; i++) {
			held[i] = i % 10 == 7;
			count[t->v[i].label]++;
		}
		for (int k = 0; k < JUDGE_LANGUAGES; k++) {
			for (size_t i = 0; i < r.n; i++) {
				y[i] = held[i] ? 0 : t->v[i].label == k ? 1 : -1;
				cost[i] = (float)(c->c * pow(count[t->v[i].label] / (double)r.n * JUDGE_LANGUAGES, -0.5) * (k == 0 && t->v[i].label == 1 ? 3 : 1));
			}
			solve(&r, NULL, y, cost, c->seed, w + (size_t)k * buckets, &bias[k]);
		}
		double right, temperature = fit_temperature(t, &r, held, w, bias, buckets, &right);
		int len = snprintf(line, sizeof(line), "{\"task\":\"language\",\"rows\":%zu,\"cost\":%g,\"seed\":%" PRIu64 ",\"temperature\":%.4f,\"held_back_right\":%.5f}", t->n, c->c,
				   c->seed, temperature, right);
		say(line);
		float *flat = own_alloc(JUDGE_LANGUAGES * buckets * sizeof(*flat));
		for (size_t f = 0; f < buckets; f++)
			for (size_t k = 0; k < JUDGE_LANGUAGES; k++)
				flat[f * JUDGE_LANGUAGES + k] = w[k * buckets + f];
		rc = linear_save(out, JUDGE_LANGUAGES, (uint32_t)c->bits, bias, flat, (struct str){line, (size_t)len}, e);
		free(flat);
		free(w);
		free(cost);
		free(y);
		free(held);
	}
	rows_free(&r);
	arena_free(t->a);
	free(t->v);
	free(t);
	return rc;
}
