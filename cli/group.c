#include "cli/group.h"

#include "core/doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* Values met so far get numbers, in order of appearance: 64-bit words by hash, strings by their hash and bytes. */
struct intern {
	uint32_t *slots; /* number + 1 */
	size_t cap, n;
	uint64_t *words;
	struct str *strs; /* NULL: words */
	struct arena *a;
};

static uint64_t mix(uint64_t v)
{
	v = (v ^ v >> 32) * 0x9E3779B97F4A7C15;
	return v ^ v >> 29;
}

static void place(struct intern *t, uint32_t number)
{
	size_t at = (t->strs ? t->words[number] : mix(t->words[number])) & (t->cap - 1);
	while (t->slots[at])
		at = (at + 1) & (t->cap - 1);
	t->slots[at] = number + 1;
}

static void intern_grow(struct intern *t)
{
	t->cap = t->cap ? 2 * t->cap : 256;
	free(t->slots);
	t->slots = own_zalloc(t->cap * sizeof(*t->slots));
	t->words = own_grow(t->words, t->cap * sizeof(*t->words));
	if (t->strs)
		t->strs = own_grow(t->strs, t->cap * sizeof(*t->strs));
	for (uint32_t i = 0; i < t->n; i++)
		place(t, i);
}

static uint32_t intern_word(struct intern *t, uint64_t v)
{
	if (2 * t->n >= t->cap)
		intern_grow(t);
	size_t at = mix(v) & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1))
		if (t->words[t->slots[at] - 1] == v)
			return t->slots[at] - 1;
	t->words[t->n] = v;
	t->slots[at] = (uint32_t)++t->n;
	return (uint32_t)t->n - 1;
}

static void room_for_str(struct intern *t)
{
	if (!t->strs)
		t->strs = own_alloc((t->cap + 1) * sizeof(*t->strs));
	if (2 * t->n >= t->cap)
		intern_grow(t);
}

static uint32_t intern_str(struct intern *t, struct str s)
{
	uint64_t h = XXH3_64bits(s.p, s.n);
	room_for_str(t);
	size_t at = h & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1)) {
		uint32_t i = t->slots[at] - 1;
		if (t->words[i] == h && str_eq(t->strs[i], s))
			return i;
	}
	t->words[t->n] = h;
	t->strs[t->n] = arena_str(t->a, s);
	t->slots[at] = (uint32_t)++t->n;
	return (uint32_t)t->n - 1;
}

/* A number for "no string": no string is found under it. */
static uint32_t intern_none(struct intern *t)
{
	room_for_str(t);
	t->words[t->n] = 0;
	t->strs[t->n] = (struct str){NULL, SIZE_MAX};
	return (uint32_t)t->n++;
}

static void intern_free(struct intern *t)
{
	free(t->slots);
	free(t->words);
	free(t->strs);
}

/* ---- one column of a group of rows, as numbers of values ---- */

#define NULL_WORD 0x7FF8DEADBEEF0001ull /* no double that arithmetic gives, no count that is met */

struct key {
	unsigned column;
	enum parquet_kind kind;
	double step;
	struct intern values;
	uint32_t null; /* number that null got; UINT32_MAX = none yet */
	struct parquet_chunk chunk;
	uint32_t *ids, *entry; /* a row; a dictionary entry */
};

static uint32_t key_null(struct key *k)
{
	if (k->null == UINT32_MAX)
		k->null = k->kind == PARQUET_STR ? intern_none(&k->values) : intern_word(&k->values, NULL_WORD);
	return k->null;
}

static uint32_t key_value(struct key *k, uint32_t at)
{
	const struct parquet_chunk *c = &k->chunk;
	if (k->kind == PARQUET_STR)
		return intern_str(&k->values, c->strs[at]);
	if (k->kind == PARQUET_F32) {
		double v = floor((double)c->reals[at] / k->step + 1e-6) * k->step;
		uint64_t w;
		memcpy(&w, &v, 8);
		return intern_word(&k->values, w);
	}
	return intern_word(&k->values, (uint64_t)c->ints[at]);
}

static void key_rows(struct key *k)
{
	const struct parquet_chunk *c = &k->chunk;
	k->ids = own_grow(k->ids, (c->rows + 1) * sizeof(*k->ids));
	if (c->dict) {
		k->entry = own_grow(k->entry, (c->n_dict + 1) * sizeof(*k->entry));
		for (uint32_t i = 0; i < c->n_dict; i++)
			k->entry[i] = UINT32_MAX;
		k->entry[c->n_dict] = UINT32_MAX;
		for (uint32_t r = 0; r < c->rows; r++) {
			uint32_t code = c->codes[r];
			if (k->entry[code] == UINT32_MAX)
				k->entry[code] = code == c->n_dict ? key_null(k) : key_value(k, code);
			k->ids[r] = k->entry[code];
		}
		return;
	}
	for (uint32_t r = 0; r < c->rows; r++)
		k->ids[r] = parquet_in_null(c, r) ? key_null(k) : key_value(k, r);
}

/* ---- counting ---- */

struct counting {
	struct corpus *c;
	const struct group_ask *ask;
	struct key keys[GROUP_BY_MAX];
	struct intern pairs[GROUP_BY_MAX]; /* pairs[i]: (number before, number of key i) */
	struct parquet_chunk kept, sums[GROUP_SUMS_MAX];
	int kept_at;
	struct group_row *rows;
	size_t n, cap;
	uint32_t *ids;
};

static void number_rows(struct counting *x, uint32_t rows)
{
	x->ids = own_grow(x->ids, (rows + 1) * sizeof(*x->ids));
	memset(x->ids, 0, rows * sizeof(*x->ids));
	for (unsigned i = 0; i < x->ask->n_by; i++) {
		const uint32_t *ids = x->keys[i].ids;
		if (i == 0) {
			memcpy(x->ids, ids, rows * sizeof(*ids));
			continue;
		}
		uint64_t last = UINT64_MAX;
		uint32_t number = 0;
		for (uint32_t r = 0; r < rows; r++) {
			uint64_t pair = (uint64_t)x->ids[r] << 32 | ids[r];
			if (pair != last)
				number = intern_word(&x->pairs[i], pair);
			last = pair;
			x->ids[r] = number;
		}
	}
}

static size_t combinations(const struct counting *x)
{
	unsigned n = x->ask->n_by;
	return n == 0 ? 1 : n == 1 ? x->keys[0].values.n : x->pairs[n - 1].n;
}

static void room(struct counting *x)
{
	size_t n = combinations(x);
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

static void add_rows(struct counting *x, uint32_t rows, uint64_t first)
{
	const struct parquet_chunk *kept = x->kept_at >= 0 ? &x->kept : NULL;
	for (uint32_t r = 0; r < rows; r++) {
		if (!counts(x, first + r))
			continue;
		struct group_row *g = &x->rows[x->ids[r]];
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
	uint32_t rows = corpus_group_rows(x->c, g);
	int rc = 0;
	for (unsigned i = 0; !rc && i < x->ask->n_by; i++) {
		rc = corpus_chunk(x->c, g, x->keys[i].column, &x->keys[i].chunk, e);
		if (!rc)
			key_rows(&x->keys[i]);
	}
	for (unsigned s = 0; !rc && s < x->ask->n_sums; s++)
		rc = corpus_chunk(x->c, g, x->ask->sums[s], &x->sums[s], e);
	if (!rc && x->kept_at >= 0)
		rc = corpus_chunk(x->c, g, (unsigned)x->kept_at, &x->kept, e);
	if (rc)
		return rc;
	number_rows(x, rows);
	if (combinations(x) > GROUP_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than 16 Mi groups: ask for fewer columns, or narrow it with --where");
	room(x);
	add_rows(x, rows, first);
	return 0;
}

/* ---- from numbers back to values ---- */

static struct group_key key_of(const struct key *k, uint32_t number, struct arena *a)
{
	struct group_key out = {.null = number == k->null, .number = k->kind != PARQUET_STR};
	char text[32];
	if (out.null)
		return out;
	if (k->kind == PARQUET_STR) {
		out.text = arena_str(a, k->values.strs[number]);
		return out;
	}
	uint64_t w = k->values.words[number];
	if (k->kind == PARQUET_F32) {
		memcpy(&out.value, &w, 8);
		out.text = arena_printf(a, "%.6g", out.value + 0.0);
	} else if (k->kind == PARQUET_BOOL) {
		out.value = (double)w;
		out.text = w ? STR("yes") : STR("no");
	} else if (k->kind == PARQUET_TIME) {
		out.value = (double)(int64_t)w;
		out.text = arena_str(a, str_of(doc_date_print((int64_t)w / 1000, text)));
	} else {
		out.value = (double)(int64_t)w;
		out.text = arena_printf(a, "%lld", (long long)w);
	}
	return out;
}

static void name_rows(struct counting *x, struct group_result *out)
{
	size_t n = 0;
	for (size_t i = 0; i < x->n; i++) {
		if (!x->rows[i].captures && x->ask->n_by)
			continue;
		uint32_t number = (uint32_t)i;
		struct group_row *g = &x->rows[n];
		*g = x->rows[i];
		for (unsigned k = x->ask->n_by; k-- > 0;) {
			uint64_t pair = k ? x->pairs[k].words[number] : number;
			g->key[k] = key_of(&x->keys[k], (uint32_t)pair, out->a);
			number = (uint32_t)(pair >> 32);
		}
		n++;
	}
	out->rows = x->rows;
	out->n = n;
	x->rows = NULL;
}

static void counting_free(struct counting *x)
{
	for (unsigned i = 0; i < GROUP_BY_MAX; i++) {
		intern_free(&x->keys[i].values);
		intern_free(&x->pairs[i]);
		parquet_in_release(&x->keys[i].chunk);
		free(x->keys[i].ids);
		free(x->keys[i].entry);
	}
	for (unsigned s = 0; s < GROUP_SUMS_MAX; s++)
		parquet_in_release(&x->sums[s]);
	parquet_in_release(&x->kept);
	free(x->rows);
	free(x->ids);
}

int group_count(struct corpus *c, const struct group_ask *ask, struct group_result *out, struct err *e)
{
	struct counting x = {.c = c, .ask = ask, .kept_at = corpus_find(c, STR("kept"))};
	struct arena *values = arena_new(0);
	int rc = 0;
	uint64_t first = 0;
	*out = (struct group_result){.a = arena_new(0)};
	if (x.kept_at >= 0 && corpus_column(c, (unsigned)x.kept_at)->kind != PARQUET_BOOL)
		x.kept_at = -1;
	for (unsigned i = 0; i < ask->n_by; i++)
		x.keys[i] = (struct key){.column = ask->by[i], .kind = corpus_column(c, ask->by[i])->kind, .step = ask->step > 0 ? ask->step : 0.1,
					 .values = {.a = values}, .null = UINT32_MAX};
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
	arena_free(values);
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
