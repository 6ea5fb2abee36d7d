/* window: the decoded bytes that a stream has ahead of it and just behind it, and whose memory they are in.
 *
 * Mostly the stream's own. While it is lent (window_lend), it is a slab of the arena that records go to, so that a block decoded there is
 * there to stay (window_keep); whoever needs room behind it has it back in the stream's own memory first. */
#pragma once
#include "core/arena.h"
#include "core/own.h"
#include "core/str.h"

enum { WINDOW_SLAB = 1 << 20 /* bytes taken from the arena at a time */ };

struct window {
	char *bytes;
	size_t from, to, cap; /* bytes[from..to) are ahead, what is before them can be gone back over */
	struct arena *target;
	char *slab, *own; /* own: the stream's own memory while bytes is in the slab */
	size_t slab_at, own_cap;
	bool lent, kept;
};

/* Room for so many bytes behind `to`, in the stream's own memory; of what is behind `from`, at least `back` bytes stay. */
void window_room(struct window *w, size_t room, size_t back);
/* Nothing is ahead any more. */
void window_empty(struct window *w);
/* Where the next member may be decoded in the arena, *room bytes; then, when it was: how many bytes it has. Only while nothing is ahead. */
char *window_slab(struct window *w, size_t *room);
void window_lend(struct window *w, size_t n);
/* The arena from now on (NULL: none); what is ahead moves to the stream's own memory. */
void window_target(struct window *w, struct arena *a);
/* Lent: it stays as long as the arena. false: it is in the stream's own memory. */
bool window_keep(struct window *w);
void window_free(struct window *w);
