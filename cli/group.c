#include "cli/group.h"

#include "cli/keyring.h"
#include "core/doc.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- counting ---- */

struct counting {
	struct corpus *c;
	const struct group_ask *ask;
	struct keyring *keys;
	struct parquet_chunk kept, sums[GROUP_SUMS_MAX];
	int kept_at;
	struct group_row *rows;
	size_t n, cap;
};

static void room(struct counting *x)
{
	size_t n = keyring_count(x->keys);
	if (n > x->cap) {
		size_t cap = n < 64 ? 64 : 2 * n;
		x->rows = own_grow(x->rows, cap * sizeof(*x->rows));
		memset(x->rows + x->cap, 0, (cap - x->cap) * sizeof(*x->rows));
		x->cap = cap;
	}
	x->n = n;
}

static bool counts(const struct counting *x, uint64_t row)
{
	return !x->ask->only || (x->ask->only[row / 64] >> row % 64 & 1);
}

static void add_rows(struct counting *x, const uint32_t *ids, uint32_t rows, uint64_t first)
{
	const struct parquet_chunk *kept = x->kept_at >= 0 ? &x->kept : NULL;
	for (uint32_t r = 0; r < rows; r++) {
		if (!counts(x, first + r))
			continue;
		struct group_row *g = &x->rows[ids[r]];
		g->captures++;
		if (kept && (parquet_in_null(kept, r) || !kept->ints[parquet_in_at(kept, r)]))
			continue;
		g->documents++;
		for (unsigned s = 0; s < x->ask->n_sums; s++)
			if (!parquet_in_null(&x->sums[s], r))
				g->sums[s] = (int64_t)((uint64_t)g->sums[s] + (uint64_t)x->sums[s].ints[parquet_in_at(&x->sums[s], r)]);
	}
}

static int count_group(struct counting *x, unsigned g, uint64_t first, struct err *e)
{
	const uint32_t *ids;
	int rc = keyring_rows(x->keys, g, &ids, e);
	for (unsigned s = 0; !rc && s < x->ask->n_sums; s++)
		rc = corpus_chunk(x->c, g, x->ask->sums[s], &x->sums[s], e);
	if (!rc && x->kept_at >= 0)
		rc = corpus_chunk(x->c, g, (unsigned)x->kept_at, &x->kept, e);
	if (rc)
		return rc;
	if (keyring_count(x->keys) > GROUP_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than 16 Mi groups: ask for fewer columns, or narrow it with --where");
	room(x);
	add_rows(x, ids, corpus_group_rows(x->c, g), first);
	return 0;
}

/* ---- from numbers back to values ---- */

static struct group_key key_of(const struct keyring_value *v, struct arena *a)
{
	struct group_key out = {.null = v->null, .number = v->kind != PARQUET_STR};
	char text[32];
	if (v->null)
		return out;
	switch (v->kind) {
	case PARQUET_STR:
		out.text = arena_str(a, v->text);
		break;
	case PARQUET_F32:
		out.value = v->real;
		out.text = arena_printf(a, "%.6g", v->real);
		break;
	case PARQUET_BOOL:
		out.value = (double)v->whole;
		out.text = v->whole ? STR("yes") : STR("no");
		break;
	case PARQUET_TIME:
		out.value = (double)v->whole;
		out.text = arena_str(a, str_of(doc_date_print(v->whole, text)));
		break;
	default:
		out.value = (double)v->whole;
		out.text = arena_printf(a, "%lld", (long long)v->whole);
	}
	return out;
}

static void name_rows(struct counting *x, struct group_result *out)
{
	size_t n = 0;
	for (size_t i = 0; i < x->n; i++) {
		if (!x->rows[i].captures && x->ask->n_by)
			continue;
		struct group_row *g = &x->rows[n];
		*g = x->rows[i];
		for (unsigned k = 0; k < x->ask->n_by; k++) {
			struct keyring_value v = keyring_value(x->keys, (uint32_t)i, k);
			g->key[k] = key_of(&v, out->a);
		}
		n++;
	}
	out->rows = x->rows;
	out->n = n;
	x->rows = NULL;
}

static void counting_free(struct counting *x)
{
	keyring_free(x->keys);
	for (unsigned s = 0; s < GROUP_SUMS_MAX; s++)
		parquet_in_release(&x->sums[s]);
	parquet_in_release(&x->kept);
	free(x->rows);
}

int group_count(struct corpus *c, const struct group_ask *ask, struct group_result *out, struct err *e)
{
	struct counting x = {.c = c, .ask = ask, .kept_at = corpus_find(c, STR("kept"))};
	int rc = 0;
	uint64_t first = 0;
	*out = (struct group_result){.a = arena_new(0)};
	if (x.kept_at >= 0 && corpus_column(c, (unsigned)x.kept_at)->kind != PARQUET_BOOL)
		x.kept_at = -1;
	x.keys = keyring_new(c, ask->by, ask->n_by, ask->step > 0 ? ask->step : 0.1);
	for (unsigned s = 0; s < ask->n_sums; s++) {
		const struct parquet_column *k = corpus_column(c, ask->sums[s]);
		if (k->kind == PARQUET_STR || k->kind == PARQUET_F32)
			rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "column %s is no whole number: it has no sum", k->name);
	}
	room(&x);
	for (unsigned g = 0; !rc && g < corpus_groups(c); g++) {
		rc = count_group(&x, g, first, e);
		first += corpus_group_rows(c, g);
	}
	if (!rc)
		name_rows(&x, out);
	counting_free(&x);
	if (rc)
		group_free(out);
	return rc;
}

void group_free(struct group_result *r)
{
	free(r->rows);
	arena_free(r->a);
	*r = (struct group_result){0};
}

/* ---- order ---- */

static int key_cmp(const struct group_key *a, const struct group_key *b)
{
	if (a->null != b->null)
		return a->null - b->null;
	if (a->number)
		return (a->value > b->value) - (a->value < b->value);
	return str_cmp(a->text, b->text);
}

static int keys_cmp(const void *pa, const void *pb)
{
	const struct group_row *a = pa, *b = pb;
	for (int i = 0; i < GROUP_BY_MAX; i++) {
		int c = key_cmp(&a->key[i], &b->key[i]);
		if (c)
			return c;
	}
	return 0;
}

static int count_cmp(const void *pa, const void *pb)
{
	const struct group_row *a = pa, *b = pb;
	if (a->captures != b->captures)
		return a->captures < b->captures ? 1 : -1;
	return keys_cmp(pa, pb);
}

void group_sort(struct group_result *r, unsigned n_by, bool by_key)
{
	(void)n_by;
	if (r->n)
		qsort(r->rows, r->n, sizeof(*r->rows), by_key ? keys_cmp : count_cmp);
}
