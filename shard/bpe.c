#include "shard/bpe.h"

#include "core/buf.h"
#include "core/utf8.h"
#include "shard/joins.h"

enum { SHORT = 48, CHARS = 0x250, LOW = JOINS_LOW, BAR = JOINS_BAR };

/* A symbol of a long word. */
struct symbol {
	uint32_t id;
	int32_t prev, next; /* -1 = none */
};

struct candidate {
	uint32_t rank, at, left, right, id;
};

struct bpe {
	const struct vocab *v;
	uint32_t *id; /* symbols of the word in hand */
	size_t cap;
	bool lacks; /* an unk that is not in the vocabulary */
	struct symbol *s;
	struct candidate *heap;
	size_t s_cap, heap_n, heap_cap;
	struct buf affixed;	 /* a character between prefix and suffix */
	uint32_t bar;		 /* id of U+2581 */
	uint32_t char_id[CHARS]; /* ids of the commonest characters, VOCAB_NONE */
	uint16_t *low;	     /* of each symbol of the word in hand: its place in `firsts`, LOW = none */
};

struct bpe *bpe_new(const struct vocab *v)
{
	struct bpe *x = own_zalloc(sizeof(*x));
	x->v = v;
	for (uint32_t c = 0; c < CHARS; c++) {
		char out[4];
		x->char_id[c] = vocab_find(v, (struct str){out, utf8_put(out, c)});
	}
	x->bar = vocab_find(v, STR("\u2581"));
	buf_init(&x->affixed, BUF_NO_MAX);
	return x;
}

struct bpe *bpe_free(struct bpe *x)
{
	if (!x)
		return NULL;
	buf_free(&x->affixed);
	free(x->id);
	free(x->low);
	free(x->s);
	free(x->heap);
	free(x);
	return NULL;
}

void bpe_grow(struct bpe_ids *out, size_t n)
{
	size_t cap = 2 * out->cap > out->n + n ? 2 * out->cap : out->n + n + 256;
	out->v = own_grow(out->v, cap * sizeof(*out->v));
	out->cap = cap;
}

/* ---- symbols: bytes, or characters, or the bytes of characters that are not there, or unk ---- */

static inline void add(struct bpe *x, size_t *n, uint32_t id, unsigned low)
{
	x->id[*n] = id;
	x->low[(*n)++] = (uint16_t)low;
}

static bool fallback(const struct vocab *v, const char *p, const char *end)
{
	if (!v->byte_fallback)
		return false;
	for (; p < end && !v->all_bytes; p++)
		if (v->byte[(unsigned char)*p] == VOCAB_NONE)
			return false;
	return true;
}

/* Is there an unk for an unknown character? */
static bool unk_of(struct bpe *x)
{
	x->lacks |= x->v->unk == VOCAB_NONE && x->v->unk_name.n;
	return x->v->unk != VOCAB_NONE;
}

/* An unk is held back until a known character comes, so that fuse_unk can join it with the next (merge_word in the original; bytes of the
 * fallback do not let it out either). */
static size_t characters(struct bpe *x, struct str w)
{
	const struct vocab *v = x->v;
	size_t n = 0;
	bool unk = false;
	for (const char *p = w.p, *end = w.p + w.n; p < end;) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end), id = c < CHARS ? x->char_id[c] : c == BAR ? x->bar : vocab_find(v, str_range(from, p));
		if (id != VOCAB_NONE) {
			if (unk)
				add(x, &n, v->unk, LOW);
			unk = false;
			add(x, &n, id, c == BAR ? ' ' : c < LOW && c != ' ' ? c : LOW);
		} else if (fallback(v, from, p)) {
			for (const char *q = from; q < p; q++)
				add(x, &n, v->byte[(unsigned char)*q], LOW);
		} else if (unk_of(x)) {
			if (unk && !v->fuse_unk)
				add(x, &n, v->unk, LOW);
			unk = true;
		}
	}
	if (unk)
		add(x, &n, v->unk, LOW);
	return n;
}

/* With continuing_subword_prefix before every character but the first, and end_of_word_suffix behind the last. */
static size_t affixed(struct bpe *x, struct str w)
{
	const struct vocab *v = x->v;
	size_t n = 0;
	bool unk = false;
	for (const char *p = w.p, *end = w.p + w.n; p < end;) {
		const char *from = p;
		utf8_next(&p, end);
		buf_clear(&x->affixed);
		if (from > w.p)
			buf_str(&x->affixed, v->prefix);
		buf_str(&x->affixed, str_range(from, p));
		if (p == end)
			buf_str(&x->affixed, v->suffix);
		struct str s = buf_view(&x->affixed);
		uint32_t id = vocab_find(v, s);
		if (id == VOCAB_NONE && fallback(v, s.p, s.p + s.n)) {
			for (size_t i = 0; i < s.n; i++)
				add(x, &n, v->byte[(unsigned char)s.p[i]], LOW);
			continue;
		}
		if (unk && (id != VOCAB_NONE || !v->fuse_unk))
			add(x, &n, v->unk, LOW);
		unk = id == VOCAB_NONE && unk_of(x);
		if (id != VOCAB_NONE)
			add(x, &n, id, LOW);
	}
	if (unk)
		add(x, &n, v->unk, LOW);
	return n;
}

static size_t byte_symbols(struct bpe *x, struct str w)
{
	const struct vocab *v = x->v;
	size_t n = 0;
	bool unk = false;
	for (size_t i = 0; i < w.n; i++) {
		uint32_t id = v->byte[(unsigned char)w.p[i]];
		if (id != VOCAB_NONE) {
			if (unk)
				add(x, &n, v->unk, LOW);
			unk = false;
			add(x, &n, id, (unsigned char)w.p[i]);
		} else if (unk_of(x)) {
			if (unk && !v->fuse_unk)
				add(x, &n, v->unk, LOW);
			unk = true;
		}
	}
	if (unk)
		add(x, &n, v->unk, LOW);
	return n;
}

/* ---- merging ---- */

static size_t merge_short(const struct bpe *x, uint32_t *id, size_t n)
{
	const struct vocab *v = x->v;
	uint32_t rank[SHORT], to[SHORT];
	for (size_t i = 0; i + 1 < n; i++) {
		if (x->low[i] < LOW && x->low[i + 1] < LOW) {
			const struct vocab_first *f = &v->firsts[x->low[i] * LOW + x->low[i + 1]];
			rank[i] = f->rank - 1;
			to[i] = f->id;
			continue;
		}
		const struct vocab_pair *m = vocab_merge_of(v, id[i], id[i + 1]);
		rank[i] = m ? m->rank : UINT32_MAX;
		to[i] = m ? m->id : 0;
	}
	while (n > 1) {
		size_t best = 0;
		uint32_t least = rank[0];
		for (size_t i = 1; i + 1 < n; i++)
			if (rank[i] < least) {
				least = rank[i];
				best = i;
			}
		if (least == UINT32_MAX)
			break;
		id[best] = to[best];
		n--;
		for (size_t i = best + 1; i < n; i++)
			id[i] = id[i + 1];
		for (size_t i = best + 1; i + 1 < n; i++) {
			rank[i] = rank[i + 1];
			to[i] = to[i + 1];
		}
		for (size_t i = best ? best - 1 : best; i <= best && i + 1 < n; i++) {
			const struct vocab_pair *m = vocab_merge_of(v, id[i], id[i + 1]);
			rank[i] = m ? m->rank : UINT32_MAX;
			to[i] = m ? m->id : 0;
		}
	}
	return n;
}

static bool before(const struct candidate *a, const struct candidate *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void push(struct bpe *x, struct candidate c)
{
	if (x->heap_n == x->heap_cap) {
		x->heap_cap = x->heap_cap ? 2 * x->heap_cap : 1024;
		x->heap = own_grow(x->heap, x->heap_cap * sizeof(*x->heap));
	}
	size_t i = x->heap_n++;
	for (; i && before(&c, &x->heap[(i - 1) / 2]); i = (i - 1) / 2)
		x->heap[i] = x->heap[(i - 1) / 2];
	x->heap[i] = c;
}

static struct candidate pop(struct bpe *x)
{
	struct candidate top = x->heap[0], last = x->heap[--x->heap_n];
	size_t i = 0;
	for (;;) {
		size_t k = 2 * i + 1;
		if (k >= x->heap_n)
			break;
		if (k + 1 < x->heap_n && before(&x->heap[k + 1], &x->heap[k]))
			k++;
		if (!before(&x->heap[k], &last))
			break;
		x->heap[i] = x->heap[k];
		i = k;
	}
	x->heap[i] = last;
	return top;
}

static void offer(struct bpe *x, int32_t at)
{
	if (at < 0 || x->s[at].next < 0)
		return;
	uint32_t left = x->s[at].id, right = x->s[x->s[at].next].id;
	const struct vocab_pair *m = vocab_merge_of(x->v, left, right);
	if (m)
		push(x, (struct candidate){m->rank, (uint32_t)at, left, right, m->id});
}

static void merge_long(struct bpe *x, size_t n, struct bpe_ids *out)
{
	if (n > x->s_cap) {
		x->s_cap = 2 * n;
		x->s = own_grow(x->s, x->s_cap * sizeof(*x->s));
	}
	for (size_t i = 0; i < n; i++)
		x->s[i] = (struct symbol){x->id[i], (int32_t)i - 1, i + 1 < n ? (int32_t)i + 1 : -1};
	x->heap_n = 0;
	for (size_t i = 0; i + 1 < n; i++)
		offer(x, (int32_t)i);
	while (x->heap_n) {
		struct candidate c = pop(x);
		struct symbol *s = &x->s[c.at];
		if (s->id != c.left || s->next < 0 || x->s[s->next].id != c.right)
			continue; /* it has changed since */
		int32_t gone = s->next;
		s->id = c.id;
		s->next = x->s[gone].next;
		x->s[gone].id = VOCAB_NONE;
		if (s->next >= 0)
			x->s[s->next].prev = (int32_t)c.at;
		offer(x, s->prev);
		offer(x, (int32_t)c.at);
	}
	for (int32_t i = 0; i >= 0; i = x->s[i].next)
		bpe_put(out, x->s[i].id);
}

bool bpe_word(struct bpe *x, struct str w, struct bpe_ids *out)
{
	const struct vocab *v = x->v;
	size_t most = w.n * (1 + v->prefix.n) + v->suffix.n;
	x->lacks = false;
	if (v->ignore_merges) {
		uint32_t id = vocab_find(v, w);
		if (id != VOCAB_NONE) {
			bpe_put(out, id);
			return true;
		}
	}
	if (most + 1 > x->cap) {
		x->cap = 2 * most + 64;
		x->id = own_grow(x->id, x->cap * sizeof(*x->id));
		x->low = own_grow(x->low, x->cap * sizeof(*x->low));
	}
	size_t n = v->bytes ? byte_symbols(x, w) : v->prefix.n || v->suffix.n ? affixed(x, w) : characters(x, w);
	if (n > SHORT) {
		merge_long(x, n, out);
		return !x->lacks;
	}
	n = merge_short(x, x->id, n);
	if (out->n + n > out->cap)
		bpe_grow(out, n);
	if (n) /* a word of characters that vanish gives none, and there may be no memory yet */
		memcpy(out->v + out->n, x->id, n * sizeof(*x->id));
	out->n += n;
	return !x->lacks;
}
