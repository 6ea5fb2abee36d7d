#include "dedup/solve.h"

#include "core/own.h"

#include <xxhash.h>

enum { SOLVE_BACK = 16 }; /* in a long run of equal keys, compare with this many groups before */

struct key {
	uint64_t key;
	uint32_t at; /* place in canonical order */
};

struct work {
	const struct sign *v;
	const uint32_t *order; /* canonical place -> document */
	uint32_t *parent;      /* over canonical places */
	struct key *keys;
	size_t n;
};

static _Thread_local const struct sign *by; /* qsort takes no context */

static int by_id(const void *a, const void *b)
{
	const struct sign *x = &by[*(const uint32_t *)a], *y = &by[*(const uint32_t *)b];
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return (x->length > y->length) - (x->length < y->length);
}

static int by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static uint32_t root(struct work *w, uint32_t i)
{
	while (w->parent[i] != i) {
		w->parent[i] = w->parent[w->parent[i]];
		i = w->parent[i];
	}
	return i;
}

/* The lesser place is the root: the same forest whatever the order of joins. */
static void join(struct work *w, uint32_t a, uint32_t b)
{
	a = root(w, a);
	b = root(w, b);
	if (a < b)
		w->parent[b] = a;
	else
		w->parent[a] = b;
}

static void equal_texts(struct work *w)
{
	for (uint32_t i = 0; i < w->n; i++)
		w->keys[i] = (struct key){w->v[w->order[i]].text, i};
	qsort(w->keys, w->n, sizeof(*w->keys), by_key);
	for (size_t i = 1; i < w->n; i++)
		if (w->keys[i].key == w->keys[i - 1].key)
			join(w, w->keys[i - 1].at, w->keys[i].at);
}

/* A run of documents with the same band: each against the nearest before it that are not in its group yet. */
static void run(struct work *w, size_t from, size_t to, const struct solve_conf *c)
{
	for (size_t i = from + 1; i < to; i++) {
		unsigned tried = 0;
		for (size_t j = i; j-- > from && tried < SOLVE_BACK;) {
			uint32_t a = w->keys[i].at, b = w->keys[j].at;
			if (root(w, a) == root(w, b))
				continue;
			tried++;
			if (c->threshold <= 0 || sign_like(&w->v[w->order[a]], &w->v[w->order[b]]) >= c->threshold)
				join(w, a, b);
		}
	}
}

static void band(struct work *w, unsigned b, const struct solve_conf *c)
{
	size_t n = 0;
	for (uint32_t i = 0; i < w->n; i++)
		if (w->v[w->order[i]].words)
			w->keys[n++] = (struct key){XXH3_64bits(&w->v[w->order[i]].min[b * c->rows], c->rows * 4), i};
	qsort(w->keys, n, sizeof(*w->keys), by_key);
	for (size_t i = 0; i < n;) {
		size_t j = i + 1;
		while (j < n && w->keys[j].key == w->keys[i].key)
			j++;
		run(w, i, j, c);
		i = j;
	}
}

/* Does a stay rather than b? */
static bool better(const struct sign *a, const struct sign *b)
{
	if (a->length != b->length)
		return a->length > b->length;
	if (a->date != b->date)
		return a->date < b->date;
	return a->id < b->id;
}

void solve(const struct sign *v, size_t n, const struct solve_conf *c, struct solve_verdict *out)
{
	uint32_t *order = own_alloc((n + 1) * sizeof(*order)), *parent = own_alloc((n + 1) * sizeof(*parent)), *best = own_alloc((n + 1) * sizeof(*best));
	struct work w = {.v = v, .order = order, .parent = parent, .keys = own_alloc((n + 1) * sizeof(struct key)), .n = n};
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	by = v;
	qsort(order, n, sizeof(*order), by_id);
	for (uint32_t i = 0; i < n; i++)
		best[i] = parent[i] = i;
	equal_texts(&w);
	for (unsigned b = 0; b < c->bands; b++)
		band(&w, b, c);
	uint32_t *size = own_zalloc((n + 1) * sizeof(*size));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = root(&w, i);
		size[r]++;
		if (better(&v[order[i]], &v[order[best[r]]]))
			best[r] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = root(&w, i), b = best[r];
		bool same = v[order[i]].text == v[order[b]].text;
		out[order[i]] = (struct solve_verdict){v[order[b]].id & ((1ull << 53) - 1), size[r], (uint8_t)(i == b ? SOLVE_KEEP : same ? SOLVE_EXACT : SOLVE_NEAR)};
	}
	free(order);
	free(parent);
	free(best);
	free(size);
	free(w.keys);
}
