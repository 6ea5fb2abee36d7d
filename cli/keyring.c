#include "cli/keyring.h"

#include <math.h>
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
		/* Both zeros are one value. */
		double v = (k->step > 0 ? floor((double)c->reals[at] / k->step + 1e-6) * k->step : (double)c->reals[at]) + 0.0;
		uint64_t w;
		memcpy(&w, &v, 8);
		return intern_word(&k->values, w);
	}
	int64_t v = c->ints[at];
	if (k->kind == PARQUET_TIME)
		v = v / 1000 - (v % 1000 < 0);
	return intern_word(&k->values, (uint64_t)v);
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

/* ---- combinations ---- */

struct keyring {
	struct corpus *c;
	struct key keys[KEYRING_COLUMNS];
	struct intern pairs[KEYRING_COLUMNS]; /* pairs[i]: (number before, number of key i) */
	unsigned n;
	uint32_t *ids;
	struct arena *a; /* of strings */
};

struct keyring *keyring_new(struct corpus *c, const unsigned *columns, unsigned n, double step)
{
	struct keyring *k = own_zalloc(sizeof(*k));
	k->c = c;
	k->n = n;
	k->a = arena_new(0);
	for (unsigned i = 0; i < n; i++)
		k->keys[i] = (struct key){.column = columns[i], .kind = corpus_column(c, columns[i])->kind, .step = step, .values = {.a = k->a}, .null = UINT32_MAX};
	return k;
}

struct keyring *keyring_free(struct keyring *k)
{
	if (!k)
		return NULL;
	for (unsigned i = 0; i < KEYRING_COLUMNS; i++) {
		intern_free(&k->keys[i].values);
		intern_free(&k->pairs[i]);
		parquet_in_release(&k->keys[i].chunk);
		free(k->keys[i].ids);
		free(k->keys[i].entry);
	}
	arena_free(k->a);
	free(k->ids);
	free(k);
	return NULL;
}

static void combine(struct keyring *k, unsigned i, uint32_t rows)
{
	const uint32_t *ids = k->keys[i].ids;
	uint64_t last = UINT64_MAX;
	uint32_t number = 0;
	for (uint32_t r = 0; r < rows; r++) {
		uint64_t pair = (uint64_t)k->ids[r] << 32 | ids[r];
		if (pair != last)
			number = intern_word(&k->pairs[i], pair);
		last = pair;
		k->ids[r] = number;
	}
}

int keyring_rows(struct keyring *k, unsigned group, const uint32_t **numbers, struct err *e)
{
	uint32_t rows = corpus_group_rows(k->c, group);
	k->ids = own_grow(k->ids, (rows + 1) * sizeof(*k->ids));
	memset(k->ids, 0, rows * sizeof(*k->ids));
	for (unsigned i = 0; i < k->n; i++) {
		int rc = corpus_chunk(k->c, group, k->keys[i].column, &k->keys[i].chunk, e);
		if (rc)
			return rc;
		key_rows(&k->keys[i]);
		if (i == 0)
			memcpy(k->ids, k->keys[0].ids, rows * sizeof(*k->ids));
		else
			combine(k, i, rows);
	}
	*numbers = k->ids;
	return 0;
}

size_t keyring_count(const struct keyring *k)
{
	return k->n == 0 ? 1 : k->n == 1 ? k->keys[0].values.n : k->pairs[k->n - 1].n;
}

struct keyring_value keyring_value(const struct keyring *k, uint32_t number, unsigned which)
{
	for (unsigned i = k->n - 1; i > which; i--)
		number = (uint32_t)(k->pairs[i].words[number] >> 32);
	if (which)
		number = (uint32_t)k->pairs[which].words[number];
	const struct key *x = &k->keys[which];
	struct keyring_value v = {.null = number == x->null, .kind = x->kind};
	if (v.null)
		return v;
	if (x->kind == PARQUET_STR)
		v.text = x->values.strs[number];
	else if (x->kind == PARQUET_F32)
		memcpy(&v.real, &x->values.words[number], 8);
	else
		v.whole = (int64_t)x->values.words[number];
	return v;
}
