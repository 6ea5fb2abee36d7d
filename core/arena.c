#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>

struct chunk {
	struct chunk *next;
	size_t size; /* usable bytes */
	_Alignas(16) char bytes[];
};

struct arena {
	struct chunk *used, *spare; /* used: newest first */
	char *at, *end;
	size_t chunk, total;
	char *newest;
};

enum { ARENA_CHUNK = 256 << 10 };

static size_t round16(size_t n)
{
	return (n + 15) & ~(size_t)15;
}

struct arena *arena_new(size_t chunk)
{
	struct arena *a = own_zalloc(sizeof(*a));
	a->chunk = chunk ? chunk : ARENA_CHUNK;
	return a;
}

static struct chunk *chunks_free(struct chunk *c)
{
	while (c) {
		struct chunk *next = c->next;
		free(c);
		c = next;
	}
	return NULL;
}

struct arena *arena_free(struct arena *a)
{
	if (!a)
		return NULL;
	chunks_free(a->used);
	chunks_free(a->spare);
	free(a);
	return NULL;
}

static struct chunk *spare_take(struct arena *a, size_t n)
{
	for (struct chunk **at = &a->spare; *at; at = &(*at)->next)
		if ((*at)->size >= n) {
			struct chunk *c = *at;
			*at = c->next;
			return c;
		}
	return NULL;
}

static void chunk_add(struct arena *a, size_t n)
{
	struct chunk *c = spare_take(a, n);
	if (!c) {
		size_t size = n > a->chunk ? n : a->chunk;
		c = own_alloc(sizeof(*c) + size);
		c->size = size;
	}
	c->next = a->used;
	a->used = c;
	a->at = c->bytes;
	a->end = c->bytes + c->size;
}

void *arena_alloc(struct arena *a, size_t n)
{
	n = round16(n ? n : 1);
	if ((size_t)(a->end - a->at) < n)
		chunk_add(a, n);
	a->newest = a->at;
	a->at += n;
	a->total += n;
	return a->newest;
}

void *arena_zalloc(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

void arena_shrink(struct arena *a, void *p, size_t n)
{
	if (p != a->newest)
		return;
	char *to = a->newest + round16(n ? n : 1);
	if (to < a->at) {
		a->total -= (size_t)(a->at - to);
		a->at = to;
	}
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
	size_t want = round16(n);
	if (p && p == a->newest && (size_t)(a->end - a->newest) >= want) {
		char *to = a->newest + want;
		if (to > a->at) {
			a->total += (size_t)(to - a->at);
			a->at = to;
		}
		return p;
	}
	/* Alone in a chunk that is too small: the chunk grows, so that nothing is left behind. */
	if (p && p == a->newest && p == a->used->bytes && want > a->chunk) {
		struct chunk *c = own_grow(a->used, sizeof(*c) + want);
		c->size = want;
		a->used = c;
		a->total += want - (size_t)(a->at - a->newest);
		a->newest = c->bytes;
		a->at = a->end = c->bytes + want;
		return a->newest;
	}
	void *q = arena_alloc(a, n);
	if (old)
		memcpy(q, p, old < n ? old : n);
	return q;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = 0;
	return (struct str){p, s.n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){p, (size_t)n};
}

void arena_reset(struct arena *a, size_t keep)
{
	size_t kept = 0;
	struct chunk *drop = NULL, *hold = NULL, **end = &hold;
	struct chunk *lists[2] = {a->used, a->spare};
	/* What was used last is used next, while the caches still have it; chunks that a reset saw idle are behind. */
	for (int i = 0; i < 2; i++)
		for (struct chunk *c = lists[i], *next; c; c = next) {
			next = c->next;
			bool fits = kept + c->size <= keep;
			struct chunk **to = fits ? end : &drop;
			kept += fits ? c->size : 0;
			c->next = *to;
			*to = c;
			end = fits ? &c->next : end;
		}
	chunks_free(drop);
	a->used = NULL;
	a->spare = hold;
	a->at = a->end = a->newest = NULL;
	a->total = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}
