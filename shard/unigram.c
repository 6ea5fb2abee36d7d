/* The trie is an array of nodes, the children of one side by side in the order of their bytes, so that a step is a search in a few neighbours; the
 * step from the root is a table. */
#include "shard/unigram.h"

#include "core/utf8.h"

#include <math.h>

static const double UNK_PENALTY = 10;

struct node {
	uint32_t child; /* the first */
	uint32_t id;    /* of the piece that ends here; VOCAB_NONE */
	uint16_t n;     /* children */
	unsigned char byte;
};

struct unigram_pieces {
	struct node *node;
	uint32_t n, cap;
	uint32_t root[256]; /* 0 = none: the root itself is nobody's child */
	const double *score;
	double unk_score;
	bool single;
};

/* Pieces in the order of their bytes; equal ones in that of their ids. */
struct sorted {
	struct str s;
	uint32_t id;
};

static int by_bytes(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c = str_cmp(x->s, y->s);
	return c ? c : (x->id > y->id) - (x->id < y->id);
}

static uint32_t add_node(struct unigram_pieces *p, unsigned char byte)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 65536;
		p->node = own_grow(p->node, p->cap * sizeof(*p->node));
	}
	p->node[p->n] = (struct node){.id = VOCAB_NONE, .byte = byte};
	return p->n++;
}

/* A node whose children are still to be made: the pieces that go through it. */
struct todo {
	uint32_t node, from, to, depth;
};

/* Breadth first, so that siblings are neighbours. Of equal pieces the last counts, as in a map that is filled in order. */
static void grow(struct unigram_pieces *p, const struct sorted *v, uint32_t n)
{
	struct todo *list = own_alloc(sizeof(*list));
	size_t have = 1, cap = 1;
	list[0] = (struct todo){add_node(p, 0), 0, n, 0};
	for (size_t i = 0; i < have; i++) {
		struct todo t = list[i];
		while (t.from < t.to && v[t.from].s.n == t.depth)
			p->node[t.node].id = v[t.from++].id;
		p->node[t.node].child = p->n;
		while (t.from < t.to) {
			unsigned char byte = (unsigned char)v[t.from].s.p[t.depth];
			uint32_t end = t.from;
			while (end < t.to && (unsigned char)v[end].s.p[t.depth] == byte)
				end++;
			if (have == cap) {
				cap = 2 * cap + 1024;
				list = own_grow(list, cap * sizeof(*list));
			}
			list[have++] = (struct todo){add_node(p, byte), t.from, end, t.depth + 1};
			p->node[t.node].n++;
			t.from = end;
		}
	}
	free(list);
}

struct unigram_pieces *unigram_pieces_new(const struct vocab *v, uint32_t n, const double *score, const unsigned char *skip, bool single)
{
	struct unigram_pieces *p = own_zalloc(sizeof(*p));
	struct sorted *sorted = own_alloc((n + 1) * sizeof(*sorted));
	double least = INFINITY;
	uint32_t k = 0;
	for (uint32_t id = 0; id < n; id++) {
		if (skip && skip[id])
			continue;
		sorted[k++] = (struct sorted){vocab_token(v, id), id};
		least = score[id] < least ? score[id] : least;
	}
	qsort(sorted, k, sizeof(*sorted), by_bytes);
	grow(p, sorted, k);
	free(sorted);
	for (uint32_t i = 0; i < p->node[0].n; i++)
		p->root[p->node[p->node[0].child + i].byte] = p->node[0].child + i;
	p->score = score;
	p->single = single;
	p->unk_score = single ? (float)least - (float)UNK_PENALTY : least - UNK_PENALTY;
	return p;
}

struct unigram_pieces *unigram_pieces_free(struct unigram_pieces *p)
{
	if (!p)
		return NULL;
	free(p->node);
	free(p);
	return NULL;
}

/* The child of a node by its byte; 0 = none. */
static inline uint32_t step(const struct unigram_pieces *p, uint32_t at, unsigned char byte)
{
	uint32_t from = p->node[at].child, n = p->node[at].n;
	while (n > 4) {
		uint32_t half = n / 2;
		if (p->node[from + half].byte <= byte) {
			from += half;
			n -= half;
		} else {
			n = half;
		}
	}
	for (uint32_t i = from; i < from + n; i++)
		if (p->node[i].byte == byte)
			return i;
	return 0;
}

/* ---- a word ---- */

/* The best way to the end of a piece. */
struct best {
	double score;
	uint32_t id, from; /* from VOCAB_NONE: no way yet */
};

struct unigram {
	const struct vocab *v;
	struct best *best;
	struct str *parts; /* the word, backwards */
	size_t cap;
};

struct unigram *unigram_new(const struct vocab *v)
{
	struct unigram *x = own_zalloc(sizeof(*x));
	x->v = v;
	return x;
}

struct unigram *unigram_free(struct unigram *x)
{
	if (!x)
		return NULL;
	free(x->best);
	free(x->parts);
	free(x);
	return NULL;
}

/* SentencePiece has its sums in single precision. */
static inline bool offer(struct unigram *x, size_t from, size_t to, uint32_t id, double score)
{
	struct best *b = &x->best[to];
	double sum = score + x->best[from].score;
	if (x->v->pieces->single)
		sum = (double)(float)sum;
	if (b->from != VOCAB_NONE && !(sum > b->score))
		return false;
	*b = (struct best){sum, id, (uint32_t)from};
	return true;
}

static bool find_best(struct unigram *x, struct str w)
{
	const struct unigram_pieces *p = x->v->pieces;
	for (size_t i = 0; i <= w.n; i++)
		x->best[i] = (struct best){0, 0, VOCAB_NONE};
	for (size_t at = 0; at < w.n;) {
		const char *next = w.p + at;
		utf8_next(&next, w.p + w.n);
		size_t one = (size_t)(next - w.p);
		bool alone = false;
		uint32_t node = p->root[(unsigned char)w.p[at]];
		for (size_t to = at + 1; node; node = to < w.n ? step(p, node, (unsigned char)w.p[to]) : 0, to++) {
			uint32_t id = p->node[node].id;
			if (id == VOCAB_NONE)
				continue;
			offer(x, at, to, id, p->score[id]);
			alone |= to == one;
		}
		if (!alone && offer(x, at, one, x->v->unk, p->unk_score) && x->v->unk == VOCAB_NONE)
			return false;
		at = one;
	}
	return true;
}

/* What was fused from unknown characters may be a piece all the same. */
static void put_part(struct unigram *x, struct str s, uint32_t id, struct bpe_ids *out)
{
	const struct vocab *v = x->v;
	uint32_t known = id != v->unk ? id : v->pieces->single ? VOCAB_NONE : vocab_find(v, s);
	if (known != VOCAB_NONE) {
		bpe_put(out, known);
		return;
	}
	bool bytes = v->byte_fallback;
	for (size_t i = 0; i < s.n && bytes; i++)
		bytes = v->byte[(unsigned char)s.p[i]] != VOCAB_NONE;
	for (size_t i = 0; i < s.n && bytes; i++)
		bpe_put(out, v->byte[(unsigned char)s.p[i]]);
	if (!bytes)
		bpe_put(out, v->unk);
}

bool unigram_word(struct unigram *x, struct str w, struct bpe_ids *out)
{
	size_t n = 0;
	if (w.n + 1 > x->cap) {
		x->cap = 2 * w.n + 64;
		x->best = own_grow(x->best, x->cap * sizeof(*x->best));
		x->parts = own_grow(x->parts, x->cap * sizeof(*x->parts));
	}
	if (!find_best(x, w))
		return false;
	for (size_t end = w.n; end; n++) {
		size_t from = end;
		bool unk = x->best[end].id == x->v->unk;
		do
			from = x->best[from].from;
		while (unk && from && x->best[from].id == x->v->unk);
		x->parts[n] = (struct str){w.p + from, end - from};
		end = from;
	}
	while (n--)
		put_part(x, x->parts[n], x->best[(size_t)(x->parts[n].p - w.p) + x->parts[n].n].id, out);
	return true;
}
