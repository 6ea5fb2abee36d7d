#include "cli/spread.h"

#include <math.h>

const int spread_percent[5] = {5, 25, 50, 75, 95};

enum { TOP = 1 << 16, FEW = 1 << 13 };

struct walk {
	struct corpus *c;
	unsigned column;
	const uint64_t *only;
	int kept, kept_at;
	struct parquet_chunk values, kept_chunk;
};

/* Order of keys = order of values. Of 32-bit reals all bits are in the upper half of the key, of other numbers the sign, the exponent
 * and 20 bits. */
static uint64_t key_of(double v, bool narrow)
{
	uint64_t w;
	if (narrow) {
		float f = (float)v;
		uint32_t bits;
		memcpy(&bits, &f, 4);
		return (uint64_t)(bits >> 31 ? ~bits : bits | 1u << 31) << 32;
	}
	memcpy(&w, &v, 8);
	return w >> 63 ? ~w : w | 1ull << 63;
}

static double value_of(uint64_t key, bool narrow)
{
	uint64_t w = key >> 63 ? key & ~(1ull << 63) : ~key;
	double v;
	if (narrow) {
		uint32_t bits = (uint32_t)(key >> 32);
		float f;
		bits = bits >> 31 ? bits & ~(1u << 31) : ~bits;
		memcpy(&f, &bits, 4);
		return (double)f;
	}
	memcpy(&v, &w, 8);
	return v;
}

static bool counts(const struct walk *w, uint64_t row, uint32_t r)
{
	if (w->only && !(w->only[row / 64] >> row % 64 & 1))
		return false;
	if (w->kept < 0 || w->kept_at < 0)
		return true;
	return !parquet_in_null(&w->kept_chunk, r) && (w->kept_chunk.ints[parquet_in_at(&w->kept_chunk, r)] != 0) == (w->kept == 1);
}

/* Every value that counts. */
static int each(struct walk *w, void (*what)(void *, double), void *arg, uint64_t *nulls, struct err *e)
{
	uint64_t first = 0;
	int rc = 0;
	*nulls = 0;
	for (unsigned g = 0; !rc && g < corpus_groups(w->c); g++) {
		uint32_t rows = corpus_group_rows(w->c, g);
		rc = corpus_chunk(w->c, g, w->column, &w->values, e);
		if (!rc && w->kept >= 0 && w->kept_at >= 0)
			rc = corpus_chunk(w->c, g, (unsigned)w->kept_at, &w->kept_chunk, e);
		const struct parquet_chunk *k = &w->values;
		for (uint32_t r = 0; !rc && r < rows; r++) {
			if (!counts(w, first + r, r))
				continue;
			if (parquet_in_null(k, r)) {
				++*nulls;
				continue;
			}
			uint32_t at = parquet_in_at(k, r);
			what(arg, k->reals ? (double)k->reals[at] : (double)k->ints[at]);
		}
		first += rows;
	}
	return rc;
}

struct first_pass {
	struct spread *out;
	uint64_t *top;
	bool narrow;
};

static void sum_up(struct first_pass *x, double v)
{
	struct spread *s = x->out;
	if (!s->n || v < s->min)
		s->min = v;
	if (!s->n || v > s->max)
		s->max = v;
	s->n++;
	s->sum += v;
}

static void look(void *arg, double v)
{
	struct first_pass *x = arg;
	sum_up(x, v);
	x->top[key_of(v, x->narrow) >> 48]++;
}

/* The value of rank `rank` lies in one top bin: its second 16 bits decide. */
struct second_pass {
	struct spread *out;
	uint32_t slot_of[TOP]; /* top bin -> 1 + row of fine; 0 = not wanted */
	uint64_t (*fine)[TOP];
	double width;
	bool narrow;
};

static int bin_at(const struct spread *s, double width, double v)
{
	double at = width > 0 ? (v - s->low) / width : 0;
	return at < 0 ? 0 : at >= SPREAD_BINS ? SPREAD_BINS - 1 : (int)at;
}

/* The value of a key's upper half, as far as it tells. */
static double value_within(const struct spread *s, uint32_t upper, bool narrow)
{
	double v = value_of((uint64_t)upper << 32 | (upper >> 31 ? 0 : 0xFFFFFFFF), narrow);
	return v < s->min ? s->min : v > s->max ? s->max : v;
}

static void look_again(void *arg, double v)
{
	struct second_pass *x = arg;
	struct spread *s = x->out;
	uint64_t key = key_of(v, x->narrow);
	uint32_t slot = x->slot_of[key >> 48];
	if (slot)
		x->fine[slot - 1][key >> 32 & 0xFFFF]++;
	s->bins[bin_at(s, x->width, v)]++;
}

static uint64_t rank_of(const struct spread *s, int i)
{
	return (uint64_t)((double)(s->n - 1) * spread_percent[i] / 100);
}

static uint32_t find_rank(const uint64_t *counts_of, uint64_t *rank)
{
	uint32_t i = 0;
	while (i < TOP - 1 && *rank >= counts_of[i])
		*rank -= counts_of[i++];
	return i;
}

/* Round bounds that hold most of the values. */
static void choose_bounds(struct spread *s)
{
	if (s->min >= 0 && s->max <= 1) {
		s->low = 0;
		s->high = 1;
		return;
	}
	double span = s->max - s->min, step = pow(10, floor(log10(span > 0 ? span : 1)));
	s->low = floor(s->min / step) * step;
	s->high = ceil(s->max / step) * step;
	if (s->high <= s->low)
		s->high = s->low + 1;
}

static int percentiles(struct walk *w, struct spread *out, const struct first_pass *first, struct err *e)
{
	struct second_pass *x = own_zalloc(sizeof(*x));
	uint32_t tops[5], n = 0;
	uint64_t rank[5], nulls;
	x->out = out;
	x->narrow = first->narrow;
	x->fine = own_zalloc(5 * sizeof(*x->fine));
	x->width = (out->high - out->low) / SPREAD_BINS;
	for (int i = 0; i < 5; i++) {
		rank[i] = rank_of(out, i);
		tops[i] = find_rank(first->top, &rank[i]);
		if (!x->slot_of[tops[i]])
			x->slot_of[tops[i]] = ++n;
	}
	int rc = each(w, look_again, x, &nulls, e);
	for (int i = 0; !rc && i < 5; i++) {
		uint32_t low = find_rank(x->fine[x->slot_of[tops[i]] - 1], &rank[i]);
		out->p[i] = value_within(out, tops[i] << 16 | low, x->narrow);
	}
	free(x->fine);
	free(x);
	return rc;
}

static int spread_many(struct walk *w, bool narrow, double low, double high, struct spread *out, struct err *e)
{
	struct first_pass first = {out, own_zalloc(TOP * sizeof(uint64_t)), narrow};
	int rc = each(w, look, &first, &out->nulls, e);
	if (!rc && low >= high)
		choose_bounds(out);
	if (!rc)
		rc = percentiles(w, out, &first, e);
	free(first.top);
	return rc;
}

/* ---- few values: sorted ---- */

struct few {
	double *v;
	uint32_t n, cap;
	bool more;
};

static void hold(void *arg, double v)
{
	struct few *x = arg;
	if (x->n == FEW) {
		x->more = true;
		return;
	}
	if (x->n == x->cap) {
		x->cap = 2 * x->cap + 1024;
		x->v = own_grow(x->v, x->cap * sizeof(*x->v));
	}
	x->v[x->n++] = v;
}

/* The upper halves of the keys, in rising order: three steps of eleven bits. *keys has room for twice as many. */
static uint32_t *sort_keys(uint32_t *keys, uint32_t n)
{
	enum { STEP = 11, BINS = 1 << STEP };
	uint32_t *from = keys, *to = keys + n;
	for (unsigned shift = 0; shift < 32; shift += STEP) {
		uint32_t at[BINS + 1] = {0};
		for (uint32_t i = 0; i < n; i++)
			at[(from[i] >> shift & (BINS - 1)) + 1]++;
		for (unsigned k = 0; k < BINS; k++)
			at[k + 1] += at[k];
		for (uint32_t i = 0; i < n; i++)
			to[at[from[i] >> shift & (BINS - 1)]++] = from[i];
		uint32_t *swap = from;
		from = to;
		to = swap;
	}
	return from;
}

static void spread_few(const struct few *x, bool narrow, double low, double high, struct spread *out)
{
	struct first_pass first = {out, NULL, narrow};
	uint32_t *keys = own_alloc(2 * x->n * sizeof(*keys));
	for (uint32_t i = 0; i < x->n; i++) {
		sum_up(&first, x->v[i]);
		keys[i] = (uint32_t)(key_of(x->v[i], narrow) >> 32);
	}
	if (low >= high)
		choose_bounds(out);
	double width = (out->high - out->low) / SPREAD_BINS;
	for (uint32_t i = 0; i < x->n; i++)
		out->bins[bin_at(out, width, x->v[i])]++;
	const uint32_t *sorted = sort_keys(keys, x->n);
	for (int i = 0; i < 5; i++)
		out->p[i] = value_within(out, sorted[rank_of(out, i)], narrow);
	free(keys);
}

int spread_of(struct corpus *c, unsigned column, const uint64_t *only, int kept, double low, double high, struct spread *out, struct err *e)
{
	const struct parquet_column *k = corpus_column(c, column);
	*out = (struct spread){.low = low, .high = high};
	if (k->kind == PARQUET_STR)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "column %s holds no numbers", k->name);
	struct walk w = {.c = c, .column = column, .only = only, .kept = kept, .kept_at = corpus_find(c, STR("kept"))};
	struct few few = {0};
	int rc = each(&w, hold, &few, &out->nulls, e);
	if (!rc && few.more)
		rc = spread_many(&w, k->kind == PARQUET_F32, low, high, out, e);
	else if (!rc && few.n)
		spread_few(&few, k->kind == PARQUET_F32, low, high, out);
	free(few.v);
	parquet_in_release(&w.values);
	parquet_in_release(&w.kept_chunk);
	return rc;
}

static unsigned bin_of(const double *edges, unsigned n, double v)
{
	unsigned low = 0, high = n - 1;
	while (high - low > 1) {
		unsigned mid = (low + high) / 2;
		if (v >= edges[mid])
			low = mid;
		else
			high = mid;
	}
	return low;
}

int spread_bins(struct corpus *c, unsigned column, const double *edges, unsigned n, double *kept, double *out, struct err *e)
{
	struct parquet_chunk k = {0}, kept_k = {0};
	int kept_at = corpus_find(c, STR("kept")), rc = 0;
	memset(kept, 0, (n - 1) * sizeof(*kept));
	memset(out, 0, (n - 1) * sizeof(*out));
	for (unsigned g = 0; !rc && g < corpus_groups(c); g++) {
		rc = corpus_chunk(c, g, column, &k, e);
		if (!rc && kept_at >= 0)
			rc = corpus_chunk(c, g, (unsigned)kept_at, &kept_k, e);
		for (uint32_t r = 0; !rc && r < k.rows; r++) {
			if (parquet_in_null(&k, r))
				continue;
			uint32_t at = parquet_in_at(&k, r);
			unsigned bin = bin_of(edges, n, k.reals ? (double)k.reals[at] : (double)k.ints[at]);
			bool yes = kept_at < 0 || (!parquet_in_null(&kept_k, r) && kept_k.ints[parquet_in_at(&kept_k, r)]);
			*(yes ? &kept[bin] : &out[bin]) += 1;
		}
	}
	parquet_in_release(&k);
	parquet_in_release(&kept_k);
	return rc;
}
