#include "crawl/window.h"

#include <string.h>

enum {
	SPARE = 128 << 10,      /* room that the stream's own memory has beyond what moves there */
	SLAB_LEAST = 256 << 10, /* less is left of a slab: the next is taken */
};

/* Back into the stream's own memory. */
static void come_home(struct window *w)
{
	size_t n = w->to - w->from;
	if (!w->lent)
		return;
	if (w->own_cap < n + SPARE) {
		w->own_cap = n + SPARE;
		w->own = own_grow(w->own, w->own_cap);
	}
	if (n)
		memcpy(w->own, w->bytes + w->from, n);
	w->bytes = w->own;
	w->cap = w->own_cap;
	w->from = 0;
	w->to = n;
	w->lent = false;
}

void window_room(struct window *w, size_t room, size_t back)
{
	come_home(w);
	if (w->cap - w->to >= room)
		return;
	if (w->from > back) {
		size_t gone = w->from - back;
		memmove(w->bytes, w->bytes + gone, w->to - gone);
		w->to -= gone;
		w->from -= gone;
	}
	if (w->cap - w->to < room) {
		w->cap = w->cap * 2 > w->to + 2 * room ? w->cap * 2 : w->to + 2 * room;
		w->bytes = own_grow(w->bytes, w->cap);
	}
}

void window_empty(struct window *w)
{
	w->from = w->to;
	come_home(w);
	w->from = w->to = 0;
}

char *window_slab(struct window *w, size_t *room)
{
	if (!w->target || w->to)
		return NULL;
	if (!w->slab || WINDOW_SLAB - w->slab_at < SLAB_LEAST) {
		w->slab = arena_alloc(w->target, WINDOW_SLAB);
		w->slab_at = 0;
	}
	*room = WINDOW_SLAB - w->slab_at;
	return w->slab + w->slab_at;
}

void window_lend(struct window *w, size_t n)
{
	w->own = w->bytes;
	w->own_cap = w->cap;
	w->bytes = w->slab + w->slab_at;
	w->cap = w->to = n;
	w->lent = true;
	w->kept = false;
}

void window_target(struct window *w, struct arena *a)
{
	if (a == w->target)
		return;
	come_home(w);
	w->target = a;
	w->slab = NULL;
}

bool window_keep(struct window *w)
{
	if (w->lent && !w->kept) {
		w->slab_at += (w->to + 15) & ~(size_t)15;
		w->kept = true;
	}
	return w->lent;
}

void window_free(struct window *w)
{
	free(w->lent ? w->own : w->bytes);
}
