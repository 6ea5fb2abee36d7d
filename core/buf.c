#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>

void buf_free(struct buf *b)
{
	free(b->p);
	buf_init(b, b->max);
}

bool buf_reserve(struct buf *b, size_t n)
{
	size_t want;
	if (b->full || __builtin_add_overflow(b->n, n, &want) || want > b->max) {
		b->full = true;
		return false;
	}
	if (want <= b->cap)
		return true;
	size_t cap = b->cap < 128 ? 256 : b->cap * 2;
	if (cap < want)
		cap = want;
	if (cap > b->max)
		cap = b->max;
	b->p = own_grow(b->p, cap);
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || !buf_reserve(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0 && buf_reserve(b, (size_t)n + 1)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_real(struct buf *b, int least, double v)
{
	char text[40];
	for (int digits = least; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_z(b, text);
}

void buf_u64(struct buf *b, uint64_t v)
{
	char digits[20];
	int at = 20;
	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	buf_add(b, digits + at, (size_t)(20 - at));
}
