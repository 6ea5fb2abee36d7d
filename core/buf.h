/* buf: growing bytes with a ceiling given at birth.
 *
 * Past the ceiling nothing is added and `full` is set, once and for good (until buf_clear): callers check it at the end
 * instead of after every byte. A zeroed struct buf has no ceiling to grow under: call buf_init. */
#pragma once
#include "core/own.h"
#include "core/str.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool full;
};

#define BUF_NO_MAX SIZE_MAX

static inline void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_free(struct buf *b); /* leaves an empty buf with the same ceiling */
static inline void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
}

/* Make room for n more bytes; false (and full) when that passes the ceiling. */
bool buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *p, size_t n);
/* As few digits as read back as the same number, but no fewer than `least` (what "%g" leaves out at the end counts). */
void buf_real(struct buf *b, int least, double v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_u64(struct buf *b, uint64_t v);

static inline void buf_byte(struct buf *b, char c)
{
	if (b->n < b->cap || buf_reserve(b, 1))
		b->p[b->n++] = c;
}

static inline void buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_z(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

/* What is in it, until the next change. */
static inline struct str buf_view(const struct buf *b)
{
	return (struct str){b->p, b->n};
}
