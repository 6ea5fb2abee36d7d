#include "shard/encode.h"

#include "core/buf.h"
#include "core/utf8.h"
#include "shard/pretok.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <xxhash.h>

enum { CACHE = 1 << 16, CACHE_WORD = 24, CACHE_IDS = 8 };

struct entry {
	char word[CACHE_WORD];
	uint8_t n, ids; /* ids 0 = free */
	uint32_t id[CACHE_IDS];
};

/* A symbol of the word being merged. */
struct symbol {
	uint32_t id;
	int32_t prev, next; /* -1 = none */
};

struct candidate {
	uint32_t rank, at, left, right, id;
};

struct encode {
	const struct vocab *v;
	struct entry *cache;
	struct symbol *s;
	size_t s_cap;
	struct candidate *heap;
	size_t heap_n, heap_cap;
	struct buf text;
	uint32_t char_id[0x250]; /* ids of the commonest characters, VOCAB_NONE */
};

struct encode *encode_start(const struct vocab *v)
{
	struct encode *x = own_zalloc(sizeof(*x));
	x->v = v;
	x->cache = own_zalloc(CACHE * sizeof(*x->cache));
	buf_init(&x->text, BUF_NO_MAX);
	for (uint32_t c = 0; c < 0x250; c++) {
		char out[4];
		x->char_id[c] = v->byte_level ? VOCAB_NONE : vocab_find(v, (struct str){out, utf8_put(out, c)});
	}
	return x;
}

struct encode *encode_stop(struct encode *x)
{
	if (!x)
		return NULL;
	free(x->cache);
	free(x->s);
	free(x->heap);
	buf_free(&x->text);
	free(x);
	return NULL;
}

static void put(struct encode_ids *out, uint32_t id)
{
	if (out->n == out->cap) {
		out->cap = out->cap ? 2 * out->cap : 256;
		out->v = own_grow(out->v, out->cap * sizeof(*out->v));
	}
	out->v[out->n++] = id;
}

/* ---- symbols: characters, bytes, or fallback bytes ---- */

static void add_symbol(struct encode *x, size_t *n, uint32_t id)
{
	x->s[*n] = (struct symbol){id, (int32_t)*n - 1, (int32_t)*n + 1};
	++*n;
}

static size_t symbols(struct encode *x, struct str w)
{
	const struct vocab *v = x->v;
	size_t n = 0;
	bool unk = false;
	if (w.n > x->s_cap) {
		x->s_cap = 2 * w.n;
		x->s = own_grow(x->s, x->s_cap * sizeof(*x->s));
	}
	for (const char *p = w.p, *end = w.p + w.n; p < end;) {
		const char *from = p;
		if (v->byte_level) {
			add_symbol(x, &n, v->byte[(unsigned char)*p++]);
			continue;
		}
		uint32_t c = utf8_next(&p, end), id = c < 0x250 ? x->char_id[c] : vocab_find(v, str_range(from, p));
		if (id != VOCAB_NONE) {
			add_symbol(x, &n, id);
			unk = false;
			continue;
		}
		bool bytes = v->byte_fallback;
		for (const char *q = from; q < p; q++)
			bytes &= v->byte[(unsigned char)*q] != VOCAB_NONE;
		if (bytes) {
			for (const char *q = from; q < p; q++)
				add_symbol(x, &n, v->byte[(unsigned char)*q]);
			unk = false;
		} else if (v->unk != VOCAB_NONE) {
			if (!unk || !v->fuse_unk)
				add_symbol(x, &n, v->unk);
			unk = true;
		}
	}
	if (n)
		x->s[n - 1].next = -1;
	return n;
}

/* ---- merging: short words by looking for the least rank each time, long ones by a heap; the leftmost wins among equals ---- */

static void merge_short(struct encode *x, size_t n)
{
	const struct vocab *v = x->v;
	struct symbol *s = x->s;
	const struct vocab_merge *m[64];
	for (size_t i = 0; i + 1 < n; i++)
		m[i] = vocab_merge_of(v, s[i].id, s[i + 1].id);
	/* Symbols stay packed: a merge moves what follows down by one. */
	while (n > 1) {
		size_t best = SIZE_MAX;
		uint32_t rank = UINT32_MAX;
		for (size_t i = 0; i + 1 < n; i++)
			if (m[i] && m[i]->rank < rank) {
				rank = m[i]->rank;
				best = i;
			}
		if (best == SIZE_MAX)
			break;
		s[best].id = m[best]->id;
		for (size_t i = best + 1; i + 1 < n; i++) {
			s[i].id = s[i + 1].id;
			m[i] = i + 2 < n ? m[i + 1] : NULL;
		}
		n--;
		if (best > 0)
			m[best - 1] = vocab_merge_of(v, s[best - 1].id, s[best].id);
		m[best] = best + 1 < n ? vocab_merge_of(v, s[best].id, s[best + 1].id) : NULL;
	}
	for (size_t i = 0; i < n; i++)
		s[i].next = i + 1 < n ? (int32_t)i + 1 : -1;
}

static bool before(const struct candidate *a, const struct candidate *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void push(struct encode *x, struct candidate c)
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

static struct candidate pop(struct encode *x)
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

static void offer(struct encode *x, int32_t at)
{
	if (at < 0 || x->s[at].next < 0)
		return;
	uint32_t left = x->s[at].id, right = x->s[x->s[at].next].id;
	const struct vocab_merge *m = vocab_merge_of(x->v, left, right);
	if (m)
		push(x, (struct candidate){m->rank, (uint32_t)at, left, right, m->id});
}

static void merge_long(struct encode *x, size_t n)
{
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
}

static void encode_long(struct encode *x, struct str w, struct encode_ids *out)
{
	if (x->v->ignore_merges) {
		uint32_t id = vocab_find(x->v, w);
		if (id != VOCAB_NONE) {
			put(out, id);
			return;
		}
	}
	size_t n = symbols(x, w);
	if (!n)
		return;
	if (n <= 64)
		merge_short(x, n);
	else
		merge_long(x, n);
	for (int32_t i = 0; i >= 0; i = x->s[i].next)
		put(out, x->s[i].id);
}

/* One word, through the cache when it is short. */
static void encode_word(struct encode *x, struct str w, struct encode_ids *out)
{
	if (w.n > CACHE_WORD) {
		encode_long(x, w, out);
		return;
	}
	uint64_t h = XXH3_64bits(w.p, w.n);
	struct entry *c = &x->cache[h & (CACHE - 1)];
	if (c->ids && c->n == w.n && memcmp(c->word, w.p, w.n) == 0) {
		for (unsigned i = 0; i < c->ids; i++)
			put(out, c->id[i]);
		return;
	}
	size_t from = out->n;
	encode_long(x, w, out);
	size_t k = out->n - from;
	if (k == 0 || k > CACHE_IDS)
		return;
	memcpy(c->word, w.p, w.n);
	c->n = (uint8_t)w.n;
	c->ids = (uint8_t)k;
	memcpy(c->id, out->v + from, k * sizeof(uint32_t));
}

/* ---- pieces between added tokens ---- */

static void nfc(struct encode *x)
{
	UErrorCode err = U_ZERO_ERROR;
	const UNormalizer2 *n = unorm2_getNFCInstance(&err);
	int32_t len = 0, m;
	size_t bytes = x->text.n;
	UChar *u = own_alloc((bytes + 1) * sizeof(UChar));
	u_strFromUTF8(u, (int32_t)bytes + 1, &len, x->text.p, (int32_t)bytes, &err);
	if (U_SUCCESS(err) && !unorm2_isNormalized(n, u, len, &err)) {
		UChar *v = own_alloc((3 * (size_t)len + 16) * sizeof(UChar));
		m = unorm2_normalize(n, u, len, v, 3 * len + 16, &err);
		buf_clear(&x->text);
		buf_reserve(&x->text, 3 * (size_t)m + 1);
		u_strToUTF8(x->text.p, 3 * m + 1, &len, v, m, &err);
		x->text.n = (size_t)len;
		free(v);
	}
	free(u);
}

/* Words of a text in which spaces are U+2581: each from its U+2581s to before the next that follows another character. */
static void encode_spaced(struct encode *x, struct str s, struct encode_ids *out)
{
	const char *from = s.p, *end = s.p + s.n, *p = s.p;
	while (p < end) {
		while (end - p >= 3 && memcmp(p, "\xE2\x96\x81", 3) == 0)
			p += 3;
		while (p < end && !((unsigned char)*p == 0xE2 && end - p >= 3 && memcmp(p, "\xE2\x96\x81", 3) == 0))
			p++;
		encode_word(x, str_range(from, p), out);
		from = p;
	}
}

static void spaced(struct encode *x, struct str s)
{
	buf_clear(&x->text);
	if (x->v->prepend)
		buf_add(&x->text, "\xE2\x96\x81", 3);
	for (;;) {
		size_t at = str_chr(s, ' ');
		buf_add(&x->text, s.p, at);
		if (at == s.n)
			return;
		buf_add(&x->text, "\xE2\x96\x81", 3);
		s = str_from(s, at + 1);
	}
}

static void encode_piece(struct encode *x, struct str s, struct encode_ids *out)
{
	const struct vocab *v = x->v;
	if (!s.n)
		return;
	if (v->nfc) {
		buf_clear(&x->text);
		buf_str(&x->text, s);
		nfc(x);
		s = buf_view(&x->text);
	}
	if (v->replace_space || v->prepend) {
		spaced(x, s);
		s = buf_view(&x->text);
	}
	if (v->pretok == VOCAB_WHOLE) {
		if (v->splits_at_space)
			encode_spaced(x, s, out);
		else
			encode_long(x, s, out);
		return;
	}
	while (s.n) {
		size_t n = pretok_next(v->pretok, s);
		encode_word(x, str_head(s, n), out);
		s = str_from(s, n);
	}
}

/* The first added token in s: leftmost, then longest. */
static const struct vocab_added *find_added(const struct vocab *v, struct str s, bool special, size_t *at)
{
	const struct vocab_added *best = NULL;
	*at = s.n;
	for (uint32_t i = 0; i < v->n_added; i++) {
		const struct vocab_added *t = &v->added[i];
		if ((t->special && !special) || !t->content.n)
			continue;
		size_t k = str_find(str_head(s, *at + t->content.n < s.n ? *at + t->content.n : s.n), t->content);
		if (k + t->content.n > s.n || k > *at || !str_starts(str_from(s, k), t->content))
			continue;
		if (k < *at || !best || t->content.n > best->content.n) {
			*at = k;
			best = t;
		}
	}
	return best;
}

void encode_text(struct encode *x, struct str text, bool special, struct encode_ids *out)
{
	while (text.n) {
		size_t at;
		const struct vocab_added *t = find_added(x->v, text, special, &at);
		encode_piece(x, str_head(text, at), out);
		if (!t)
			return;
		put(out, t->id);
		text = str_from(text, at + t->content.n);
	}
}
