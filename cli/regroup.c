#define _GNU_SOURCE
#include "cli/regroup.h"

#include <math.h>
#include <stdlib.h>

/* A column in the new order. */
struct ordered {
	struct keyring *names; /* strings: their numbers are in ids */
	uint32_t *ids;
	int64_t *whole; /* INT64_MIN: null */
	float *reals;	/* NAN: null */
};

struct part {
	unsigned group;
	uint32_t n;
	uint64_t first; /* rows of the corpus before the group */
};

struct regroup {
	struct corpus *c;
	struct keyring *keys;
	unsigned n_keys; /* columns of the key */
	unsigned columns_of_key[KEYRING_COLUMNS];
	bool down[KEYRING_COLUMNS];
	uint32_t n, cap;
	uint32_t *rows; /* within their row group, one part behind the other */
	uint32_t *place; /* number of the key while rows are added, then the place in the new order */
	struct part *parts;
	unsigned n_parts;
	unsigned next_group;
	uint64_t before;
	struct ordered *columns;
};

struct regroup *regroup_new(struct corpus *c, const unsigned *columns, const bool *down, unsigned n)
{
	struct regroup *g = own_zalloc(sizeof(*g));
	g->c = c;
	g->keys = keyring_new(c, columns, n, 0);
	g->n_keys = n;
	memcpy(g->columns_of_key, columns, n * sizeof(*columns));
	memcpy(g->down, down, n * sizeof(*down));
	g->parts = own_alloc((corpus_groups(c) + 1) * sizeof(*g->parts));
	g->columns = own_zalloc((corpus_columns(c) + 1) * sizeof(*g->columns));
	return g;
}

struct regroup *regroup_free(struct regroup *g)
{
	if (!g)
		return NULL;
	for (unsigned i = 0; i < corpus_columns(g->c); i++) {
		keyring_free(g->columns[i].names);
		free(g->columns[i].ids);
		free(g->columns[i].whole);
		free(g->columns[i].reals);
	}
	keyring_free(g->keys);
	free(g->columns);
	free(g->parts);
	free(g->rows);
	free(g->place);
	free(g);
	return NULL;
}

int regroup_add(struct regroup *g, unsigned group, const uint32_t *rows, uint32_t n, struct err *e)
{
	const uint32_t *numbers;
	while (g->next_group < group)
		g->before += corpus_group_rows(g->c, g->next_group++);
	int rc = n ? keyring_rows(g->keys, group, &numbers, e) : 0;
	if (rc || !n)
		return rc;
	if (g->n + n > g->cap) {
		g->cap = 2 * (g->n + n);
		g->rows = own_grow(g->rows, g->cap * sizeof(*g->rows));
		g->place = own_grow(g->place, g->cap * sizeof(*g->place));
	}
	g->parts[g->n_parts++] = (struct part){group, n, g->before};
	for (uint32_t i = 0; i < n; i++) {
		g->rows[g->n + i] = rows[i];
		g->place[g->n + i] = numbers[rows[i]];
	}
	g->n += n;
	return 0;
}

static int cmp_values(const struct keyring_value *a, const struct keyring_value *b)
{
	if (a->null || b->null)
		return b->null - a->null;
	if (a->kind == PARQUET_STR)
		return str_cmp(a->text, b->text);
	if (a->kind == PARQUET_F32)
		return (a->real > b->real) - (a->real < b->real);
	return (a->whole > b->whole) - (a->whole < b->whole);
}

static int cmp_keys(const void *pa, const void *pb, void *arg)
{
	const struct regroup *g = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	for (unsigned i = 0; i < g->n_keys; i++) {
		struct keyring_value x = keyring_value(g->keys, a, i), y = keyring_value(g->keys, b, i);
		int c = cmp_values(&x, &y);
		if (c)
			return g->down[i] ? -c : c;
	}
	return 0;
}

/* A key with what sorts most of them: eight bytes of its first column, in an order of whole numbers. Equal ones are looked at. */
struct sortable {
	uint64_t head;
	uint32_t key;
};

static int cmp_sortable(const void *pa, const void *pb, void *arg)
{
	const struct sortable *a = pa, *b = pb;
	return a->head != b->head ? (a->head < b->head ? -1 : 1) : cmp_keys(&a->key, &b->key, arg);
}

/* Bytes that all strings of the first column begin with: addresses do. */
static size_t shared_head(const struct regroup *g, size_t keys)
{
	struct str first = {0};
	size_t shared = SIZE_MAX;
	for (uint32_t k = 0; k < keys && shared; k++) {
		struct keyring_value v = keyring_value(g->keys, k, 0);
		if (v.null)
			continue;
		if (shared == SIZE_MAX) {
			first = v.text;
			shared = first.n;
		}
		size_t n = 0, most = v.text.n < shared ? v.text.n : shared;
		while (n < most && v.text.p[n] == first.p[n])
			n++;
		shared = n;
	}
	return shared == SIZE_MAX ? 0 : shared;
}

static uint64_t head_of(const struct keyring_value *v, size_t skip)
{
	uint64_t head = 0;
	if (v->null)
		return 0;
	if (v->kind == PARQUET_STR) {
		for (size_t i = skip; i < skip + 8; i++)
			head = head << 8 | (i < v->text.n ? (unsigned char)v->text.p[i] : 0);
		return head;
	}
	if (v->kind != PARQUET_F32)
		return (uint64_t)v->whole ^ 1ull << 63;
	double real = v->real + 0.0; /* no two zeros */
	memcpy(&head, &real, sizeof(head));
	return head >> 63 ? ~head : head | 1ull << 63;
}

/* The numbers of all keys, in order. */
static uint32_t *sorted_keys(const struct regroup *g, size_t keys)
{
	struct sortable *v = own_alloc((keys + 1) * sizeof(*v));
	uint32_t *order = own_alloc((keys + 1) * sizeof(*order));
	size_t skip = keys && corpus_column(g->c, g->columns_of_key[0])->kind == PARQUET_STR ? shared_head(g, keys) : 0;
	for (uint32_t k = 0; k < keys; k++) {
		struct keyring_value x = keyring_value(g->keys, k, 0);
		uint64_t head = head_of(&x, skip);
		v[k] = (struct sortable){g->down[0] ? ~head : head, k};
	}
	qsort_r(v, keys, sizeof(*v), cmp_sortable, (void *)(uintptr_t)g);
	for (size_t k = 0; k < keys; k++)
		order[k] = v[k].key;
	free(v);
	return order;
}

void regroup_seal(struct regroup *g)
{
	size_t keys = keyring_count(g->keys);
	uint32_t *at = own_zalloc((keys + 1) * sizeof(*at)), *order = sorted_keys(g, keys), sum = 0;
	for (uint32_t i = 0; i < g->n; i++)
		at[g->place[i]]++;
	for (size_t k = 0; k < keys; k++) {
		uint32_t n = at[order[k]];
		at[order[k]] = sum;
		sum += n;
	}
	for (uint32_t i = 0; i < g->n; i++)
		g->place[i] = at[g->place[i]]++;
	free(order);
	free(at);
}

uint32_t regroup_count(const struct regroup *g)
{
	return g->n;
}

/* ---- columns ---- */

static int order_strings(struct regroup *g, struct ordered *o, unsigned column, struct err *e)
{
	const uint32_t *numbers;
	uint32_t done = 0;
	o->names = keyring_new(g->c, &column, 1, 0);
	o->ids = own_alloc((g->n + 1) * sizeof(*o->ids));
	for (unsigned p = 0; p < g->n_parts; p++) {
		int rc = keyring_rows(o->names, g->parts[p].group, &numbers, e);
		if (rc)
			return rc;
		for (uint32_t i = 0; i < g->parts[p].n; i++, done++)
			o->ids[g->place[done]] = numbers[g->rows[done]];
	}
	return 0;
}

static int order_numbers(struct regroup *g, struct ordered *o, unsigned column, struct err *e)
{
	struct parquet_chunk k = {0};
	bool real = corpus_column(g->c, column)->kind == PARQUET_F32;
	uint32_t done = 0;
	int rc = 0;
	if (real)
		o->reals = own_alloc((g->n + 1) * sizeof(*o->reals));
	else
		o->whole = own_alloc((g->n + 1) * sizeof(*o->whole));
	for (unsigned p = 0; !rc && p < g->n_parts; p++) {
		rc = corpus_chunk(g->c, g->parts[p].group, column, &k, e);
		for (uint32_t i = 0; !rc && i < g->parts[p].n; i++, done++) {
			uint32_t r = g->rows[done], at = g->place[done];
			bool null = parquet_in_null(&k, r);
			if (real)
				o->reals[at] = null ? NAN : k.reals[parquet_in_at(&k, r)];
			else
				o->whole[at] = null ? INT64_MIN : k.ints[parquet_in_at(&k, r)];
		}
	}
	parquet_in_release(&k);
	return rc;
}

int regroup_value(struct regroup *g, unsigned column, uint32_t at, struct keyring_value *out, struct err *e)
{
	struct ordered *o = &g->columns[column];
	enum parquet_kind kind = corpus_column(g->c, column)->kind;
	if (!o->ids && !o->whole && !o->reals) {
		int rc = kind == PARQUET_STR ? order_strings(g, o, column, e) : order_numbers(g, o, column, e);
		if (rc)
			return rc;
	}
	if (o->ids) {
		*out = keyring_value(o->names, o->ids[at], 0);
		return 0;
	}
	*out = (struct keyring_value){.kind = kind};
	if (o->reals) {
		out->null = isnan(o->reals[at]);
		out->real = (double)o->reals[at];
	} else {
		int64_t v = o->whole[at];
		out->null = v == INT64_MIN;
		out->whole = kind == PARQUET_TIME ? v / 1000 - (v % 1000 < 0) : v;
	}
	return 0;
}

uint64_t regroup_row(const struct regroup *g, uint32_t at)
{
	uint32_t done = 0;
	for (unsigned p = 0; p < g->n_parts; p++)
		for (uint32_t i = 0; i < g->parts[p].n; i++, done++)
			if (g->place[done] == at)
				return g->parts[p].first + g->rows[done];
	return 0;
}
