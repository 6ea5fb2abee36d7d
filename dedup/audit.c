#include "dedup/audit.h"

#include "core/own.h"
#include "core/stop.h"
#include "dedup/grams.h"
#include "dedup/signs.h"
#include "dedup/verdict.h"

#include <inttypes.h>
#include <math.h>

enum { PLACES = 1 << 14, PLACE_SHIFT = 32 - 14 };

/* A document that was drawn. */
struct drawn {
	uint64_t order, doc; /* the draw: least order first */
	uint64_t *keys;
	struct grams *grams;
	struct verdict verdict;
	double survivor; /* similarity of the most similar document that stays in its group */
	uint32_t common; /* n-grams in common with the document at hand */
};

struct entry {
	uint32_t value; /* an n-gram, its bits at the top */
	uint16_t drawn;
	uint8_t bits;
};

struct audit {
	struct drawn *v;
	unsigned n, want;
	struct entry *entries; /* by place: the first 14 bits */
	uint32_t at[PLACES + 1];
	unsigned *touched, n_touched;
	struct verdict_in *verdicts;
	struct audit_report *r;
	unsigned bands, rows;
	struct grams grams;
};

/* ---- every document ---- */

typedef int (*doc_fn)(struct audit *a, uint64_t doc, const struct sign *s, struct err *e);

static int each_group(struct audit *a, const struct signs_group *g, uint64_t *doc, doc_fn each, struct err *e)
{
	struct sign s = {.keys = g->keys, .grams = g->sets};
	int rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
	for (unsigned i = 0; !rc && i < g->n; i++, ++*doc) {
		s.head = g->heads[i];
		if (!s.head.absent && s.head.shingles && s.head.grams)
			rc = each(a, *doc, &s, e);
		s.keys += s.keys && s.head.shingles ? a->bands : 0;
		s.grams += s.grams ? s.head.grams : 0;
	}
	return rc;
}

static int each_document(struct audit *a, const char *const *paths, size_t n, unsigned want, doc_fn each, struct err *e)
{
	uint64_t doc = 0;
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++) {
		struct signs_in *in = NULL;
		struct signs_group g;
		rc = signs_open(&in, paths[i], e);
		if (!rc) {
			a->bands = signs_conf(in)->bands;
			a->rows = signs_conf(in)->rows;
			if (!signs_conf(in)->grams)
				rc = err_at(e, ERR_USAGE, (struct where){paths[i], WHERE_NONE}, "signatures without sets to compare: a run keeps them with --verify");
		}
		while (!rc && (rc = signs_next(in, want, &g, e)) > 0)
			rc = each_group(a, &g, &doc, each, e);
		signs_in_free(in);
	}
	a->r->documents = doc;
	return rc;
}

/* ---- drawing: the n with the least order, the greatest of them on top of a heap ---- */

static bool after(const struct drawn *x, const struct drawn *y)
{
	return x->order != y->order ? x->order > y->order : x->doc > y->doc;
}

static void sift(struct drawn *v, unsigned n, unsigned i)
{
	for (;;) {
		unsigned most = i;
		for (unsigned c = 2 * i + 1; c <= 2 * i + 2 && c < n; c++)
			if (after(&v[c], &v[most]))
				most = c;
		if (most == i)
			return;
		struct drawn t = v[i];
		v[i] = v[most];
		v[most] = t;
		i = most;
	}
}

static int draw(struct audit *a, uint64_t doc, const struct sign *s, struct err *e)
{
	struct drawn d = {.order = (s->head.id ^ 0x5851F42D4C957F2Du) * 0x9E3779B97F4A7C15u, .doc = doc};
	(void)e;
	d.order ^= d.order >> 32;
	if (a->n < a->want) {
		a->v[a->n++] = d;
		for (unsigned i = a->n / 2; a->n == a->want && i-- > 0;)
			sift(a->v, a->n, i);
	} else if (after(&a->v[0], &d)) {
		a->v[0] = d;
		sift(a->v, a->n, 0);
	}
	return 0;
}

static int by_doc(const void *x, const void *y)
{
	const struct drawn *a = x, *b = y;
	return (a->doc > b->doc) - (a->doc < b->doc);
}

/* ---- what was drawn: its keys, its set, its verdict ---- */

static struct drawn *find(struct audit *a, uint64_t doc)
{
	return bsearch(&(struct drawn){.doc = doc}, a->v, a->n, sizeof(*a->v), by_doc);
}

static int load(struct audit *a, uint64_t doc, const struct sign *s, struct err *e)
{
	struct drawn *d = find(a, doc);
	if (!d)
		return 0;
	d->keys = memcpy(own_alloc(a->bands * sizeof(*d->keys)), s->keys, a->bands * sizeof(*d->keys));
	d->grams = own_alloc(sizeof(*d->grams));
	if (!grams_decode(s->grams, s->head.grams, d->grams))
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "a set of n-grams is damaged");
	return verdict_get(a->verdicts, doc, &d->verdict, e);
}

static uint32_t aligned(const struct grams *g, uint32_t i)
{
	return g->v[i] << (32 - g->bits);
}

static void make_entries(struct audit *a)
{
	size_t n = 0;
	for (unsigned i = 0; i < a->n; i++)
		n += a->v[i].grams->n;
	a->entries = own_alloc((n + 1) * sizeof(*a->entries));
	for (unsigned i = 0; i < a->n; i++)
		for (uint32_t k = 0; k < a->v[i].grams->n; k++)
			a->at[(aligned(a->v[i].grams, k) >> PLACE_SHIFT) + 1]++;
	for (unsigned p = 0; p < PLACES; p++)
		a->at[p + 1] += a->at[p];
	uint32_t *free_at = own_alloc(PLACES * sizeof(*free_at));
	memcpy(free_at, a->at, PLACES * sizeof(*free_at));
	for (unsigned i = 0; i < a->n; i++)
		for (uint32_t k = 0; k < a->v[i].grams->n; k++) {
			uint32_t v = aligned(a->v[i].grams, k);
			a->entries[free_at[v >> PLACE_SHIFT]++] = (struct entry){v, (uint16_t)i, (uint8_t)a->v[i].grams->bits};
		}
	free(free_at);
}

/* ---- comparing ---- */

static bool share_a_band(const struct audit *a, const uint64_t *x, const uint64_t *y)
{
	for (unsigned b = 0; b < a->bands; b++)
		if (x[b] == y[b])
			return true;
	return false;
}

static void judge(struct audit *a, struct drawn *x, uint64_t doc, const struct sign *s, const struct verdict *y)
{
	double j = grams_jaccard(x->grams, &a->grams);
	struct audit_report *r = a->r;
	if (y->kind == VERDICT_KEEP && y->cluster == x->verdict.cluster && j > x->survivor)
		x->survivor = j;
	/* A pair of two that were drawn counts once. */
	struct drawn *other = find(a, doc);
	if (j < 0.5 || (other && other->doc < x->doc))
		return;
	struct audit_step *step = &r->step[j >= 0.9999 ? AUDIT_STEPS - 1 : (unsigned)((j - 0.5) * 10)];
	step->pairs++;
	step->together += share_a_band(a, x->keys, s->keys);
	step->theory += 1 - pow(1 - pow(j, a->rows), a->bands);
	if (j >= r->threshold) {
		r->alike++;
		r->missed += x->verdict.kind == VERDICT_KEEP && y->kind == VERDICT_KEEP;
	}
}

static int compare(struct audit *a, uint64_t doc, const struct sign *s, struct err *e)
{
	struct verdict y = {0};
	bool known = false;
	int rc = 0;
	if (!grams_decode(s->grams, s->head.grams, &a->grams))
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "a set of n-grams is damaged");
	for (uint32_t i = 0; i < a->grams.n; i++) {
		uint32_t v = aligned(&a->grams, i);
		for (uint32_t k = a->at[v >> PLACE_SHIFT]; k < a->at[(v >> PLACE_SHIFT) + 1]; k++) {
			const struct entry *t = &a->entries[k];
			if ((t->value ^ v) >> (32 - (t->bits < a->grams.bits ? t->bits : a->grams.bits)))
				continue;
			if (!a->v[t->drawn].common++)
				a->touched[a->n_touched++] = t->drawn;
		}
	}
	for (unsigned i = 0; i < a->n_touched; i++) {
		struct drawn *x = &a->v[a->touched[i]];
		/* Of sets that are kept in part, fewer members can be in common than there are. */
		bool enough = x->common * 4 >= (x->grams->n < a->grams.n ? x->grams->n : a->grams.n);
		x->common = 0;
		if (!enough || x->doc == doc)
			continue;
		if (!known)
			rc = verdict_get(a->verdicts, doc, &y, e);
		if (rc)
			break;
		known = true;
		judge(a, x, doc, s, &y);
	}
	a->n_touched = 0;
	return rc;
}

/* ---- all of it ---- */

static void sum_up(struct audit *a)
{
	struct audit_report *r = a->r;
	r->drawn = a->n;
	for (unsigned i = 0; i < AUDIT_STEPS; i++)
		r->step[i].theory /= r->step[i].pairs ? (double)r->step[i].pairs : 1;
	for (unsigned i = 0; i < a->n; i++) {
		const struct drawn *d = &a->v[i];
		if (d->verdict.kind != VERDICT_NEAR && d->verdict.kind != VERDICT_EXACT && d->verdict.kind != VERDICT_CAPTURE)
			continue;
		r->left_out++;
		r->unlike += d->survivor < r->threshold;
	}
}

static void audit_free(struct audit *a)
{
	for (unsigned i = 0; i < a->n; i++) {
		free(a->v[i].keys);
		free(a->v[i].grams);
	}
	verdict_in_free(a->verdicts);
	free(a->v);
	free(a->entries);
	free(a->touched);
	free(a);
}

int audit_files(const char *const *signs, size_t n, const char *verdicts, unsigned draws, double threshold, struct audit_report *out, struct err *e)
{
	struct audit *a = own_zalloc(sizeof(*a));
	*out = (struct audit_report){.threshold = threshold};
	a->r = out;
	a->want = draws < AUDIT_MAX ? draws : AUDIT_MAX;
	a->v = own_zalloc((a->want + 1) * sizeof(*a->v));
	a->touched = own_alloc((a->want + 1) * sizeof(*a->touched));
	int rc = verdict_open(&a->verdicts, verdicts, e);
	if (!rc && verdict_units(a->verdicts) != n)
		rc = err_at(e, ERR_DATA, (struct where){verdicts, WHERE_NONE}, "verdicts on %zu files of signatures, where there are %zu", verdict_units(a->verdicts), n);
	rc = rc ? rc : each_document(a, signs, n, 0, draw, e);
	qsort(a->v, a->n, sizeof(*a->v), by_doc);
	rc = rc ? rc : each_document(a, signs, n, SIGNS_KEYS | SIGNS_SETS, load, e);
	if (!rc && a->n) {
		make_entries(a);
		rc = each_document(a, signs, n, SIGNS_KEYS | SIGNS_SETS, compare, e);
	}
	sum_up(a);
	audit_free(a);
	return rc;
}

/* ---- as text ---- */

/* k of n with Wilson's interval (1927), z = 1.96. */
static void put_share(struct buf *b, uint64_t k, uint64_t n)
{
	const double z = 1.96;
	if (!n) {
		buf_z(b, "none seen");
		return;
	}
	double m = (double)n, p = (double)k / m, mid = (p + z * z / (2 * m)) / (1 + z * z / m);
	double half = z / (1 + z * z / m) * sqrt(p * (1 - p) / m + z * z / (4 * m * m));
	buf_printf(b, "%.4f (%.4f to %.4f; %" PRIu64 " of %" PRIu64 ")", p, mid - half < 0 ? 0 : mid - half, mid + half > 1 ? 1 : mid + half, k, n);
}

void audit_line(const struct audit_report *r, unsigned i, struct buf *out)
{
	buf_printf(out, "audit %u: ", i + 1);
	if (i == 0) {
		buf_printf(out, "%" PRIu64 " documents compared with all %" PRIu64 " by brute force", r->drawn, r->documents);
	} else if (i == AUDIT_LINES - 2) {
		buf_printf(out, "recall: of pairs of similarity %.2f or more, at most one stays: ", r->threshold);
		put_share(out, r->alike - r->missed, r->alike);
	} else if (i == AUDIT_LINES - 1) {
		buf_printf(out, "precision: left out for one that stays and is so similar: ");
		put_share(out, r->left_out - r->unlike, r->left_out);
	} else {
		const struct audit_step *s = &r->step[i - 1];
		buf_printf(out, "similarity %.1f to %.1f: in a band together: ", 0.4 + 0.1 * i, 0.5 + 0.1 * i);
		put_share(out, s->together, s->pairs);
		if (s->pairs)
			buf_printf(out, ", theory %.4f", s->theory);
	}
}
