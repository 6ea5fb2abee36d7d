#include "dedup/grams.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { EXTRA = 14, CHECK = 4 };

/* ---- sorting: the hashes are uniform, so their top bits nearly say their place ---- */

static void insertion(uint32_t *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t v = x[i];
		size_t j = i;
		for (; j && x[j - 1] > v; j--)
			x[j] = x[j - 1];
		x[j] = v;
	}
}

static unsigned log2_up(size_t n)
{
	unsigned b = 0;
	while (b < 32 && ((size_t)1 << b) < n)
		b++;
	return b;
}

enum { PLACES = 4096, FEW = 64 };

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* at[d] is the end of group d. Groups are of one or two, as hashes are; only a text that repeats itself has long ones, and of equal
 * values: all at once is quick then, too, but for groups of many values. */
static void insertion_by_groups(uint32_t *x, const uint32_t *at, unsigned places)
{
	uint32_t most = 0;
	for (unsigned d = 0, from = 0; d < places; from = at[d++])
		most = at[d] - from > most ? at[d] - from : most;
	if (most <= FEW) {
		insertion(x, at[places - 1]);
		return;
	}
	for (unsigned d = 0, from = 0; d < places; from = at[d++])
		if (at[d] - from <= FEW)
			insertion(x + from, at[d] - from);
		else
			qsort(x + from, at[d] - from, sizeof(*x), by_value);
}

size_t grams_sort(uint32_t *x, size_t n, uint32_t *scratch)
{
	uint32_t at[PLACES + 1];
	unsigned bits = log2_up(n), shift = 32 - (bits > 12 ? 12 : bits ? bits : 1);
	unsigned places = 1u << (32 - shift);
	size_t distinct = 0;
	memset(at, 0, (places + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++)
		at[(x[i] >> shift) + 1]++;
	for (unsigned i = 1; i <= places; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		scratch[at[x[i] >> shift]++] = x[i];
	insertion_by_groups(scratch, at, places);
	for (size_t i = 0; i < n; i++)
		if (!i || scratch[i] != scratch[i - 1])
			x[distinct++] = scratch[i];
	return distinct;
}

/* ---- coding ---- */

/* Bits of a member, and of those the ones that are written plainly. */
static unsigned member_bits(size_t total)
{
	unsigned b = log2_up(total) + EXTRA;
	return b > 32 ? 32 : b;
}

static unsigned plain_bits(size_t total)
{
	return member_bits(total) - log2_up(total);
}

struct bits {
	uint64_t hold;
	unsigned n;
	unsigned char *to;
};

/* n <= 32. Writes four bytes at a time, up to four behind the last bit. */
static inline void put(struct bits *b, uint64_t v, unsigned n)
{
	b->hold |= v << b->n;
	b->n += n;
	if (b->n >= 32) {
		uint32_t low = (uint32_t)b->hold;
		memcpy(b->to, &low, 4);
		b->to += 4;
		b->hold >>= 32;
		b->n -= 32;
	}
}

static inline void put_step(struct bits *b, uint32_t step, unsigned plain)
{
	uint32_t q = step >> plain;
	uint64_t low = step & ((1ull << plain) - 1);
	if (q + 1 + plain <= 32) { /* q ones and a zero, then the plain bits */
		put(b, ((1ull << q) - 1) | low << (q + 1), q + 1 + plain);
		return;
	}
	for (; q; q -= q > 32 ? 32 : q)
		put(b, (1ull << (q > 32 ? 32 : q)) - 1, q > 32 ? 32 : q);
	put(b, low << 1, 1 + plain);
}

size_t grams_code(const uint32_t *x, size_t n, unsigned char *out)
{
	struct bits b = {.to = out + CHECK};
	unsigned shift = 32 - member_bits(n), plain = plain_bits(n);
	uint32_t last = 0, check;
	/* Hashes that are so unevenly spread that they would not fit are no text's but an attack's: as an empty set, it is like nothing. */
	size_t kept = n < GRAMS_KEEP ? n : GRAMS_KEEP;
	if (kept && ((x[kept - 1] >> shift >> plain) + kept * (1 + plain)) / 8 + 24 > GRAMS_BYTES)
		n = kept = 0;
	for (size_t v = n;; v >>= 7) {
		*b.to++ = (unsigned char)((v & 127) | (v > 127 ? 128 : 0));
		if (v <= 127)
			break;
	}
	for (size_t i = 0; i < kept; i++) {
		uint32_t v = x[i] >> shift, step = v - last;
		last = v;
		put_step(&b, step, plain);
	}
	for (; b.n; b.n -= b.n < 8 ? b.n : 8, b.hold >>= 8)
		*b.to++ = (unsigned char)b.hold;
	check = (uint32_t)XXH3_64bits(out + CHECK, (size_t)(b.to - out) - CHECK);
	memcpy(out, &check, CHECK);
	return (size_t)(b.to - out);
}

/* ---- decoding ---- */

struct source {
	uint64_t hold;
	unsigned n;
	const unsigned char *p, *end;
};

/* At least 32 bits in hold; zeros behind the end. */
static inline void fill(struct source *s)
{
	while (s->n <= 56) {
		s->hold |= (uint64_t)(s->p < s->end ? *s->p : 0) << s->n;
		s->p++;
		s->n += 8;
	}
}

static inline void drop(struct source *s, unsigned n)
{
	s->hold >>= n;
	s->n -= n;
}

static uint32_t get_step(struct source *s, unsigned plain)
{
	uint32_t q = 0;
	for (;;) {
		fill(s);
		unsigned ones = ~s->hold ? (unsigned)__builtin_ctzll(~s->hold) : 64;
		if (ones < 32) {
			q += ones;
			drop(s, ones + 1);
			break;
		}
		q += 32;
		drop(s, 32);
		if (s->p > s->end + 16)
			break;
	}
	fill(s);
	uint32_t low = (uint32_t)(s->hold & ((1ull << plain) - 1));
	drop(s, plain);
	return q << plain | low;
}

bool grams_decode(const unsigned char *p, size_t n, struct grams *out)
{
	struct source s = {.p = p + CHECK, .end = p + n};
	uint32_t check;
	uint64_t total = 0;
	if (n <= CHECK)
		return false;
	memcpy(&check, p, CHECK);
	if (check != (uint32_t)XXH3_64bits(p + CHECK, n - CHECK))
		return false;
	for (unsigned shift = 0;; shift += 7) {
		if (s.p == s.end || shift > 28)
			return false;
		unsigned char c = *s.p++;
		total |= (uint64_t)(c & 127) << shift;
		if (c < 128)
			break;
	}
	if (total > UINT32_MAX)
		return false;
	out->total = (uint32_t)total;
	out->n = total < GRAMS_KEEP ? (uint32_t)total : GRAMS_KEEP;
	out->bits = member_bits(total);
	uint32_t last = 0;
	for (uint32_t i = 0; i < out->n; i++)
		out->v[i] = last += get_step(&s, plain_bits(total));
	return s.p <= s.end + 8;
}

/* ---- comparing ---- */

double grams_jaccard(const struct grams *a, const struct grams *b)
{
	unsigned bits = a->bits < b->bits ? a->bits : b->bits, sa = a->bits - bits, sb = b->bits - bits;
	uint32_t i = 0, j = 0, both = 0;
	if (!a->n || !b->n)
		return 0;
	/* Of a set that is kept in part, nothing is known above its last member: look no further in the other one. */
	uint64_t top = UINT64_MAX;
	if (a->n < a->total)
		top = a->v[a->n - 1] >> sa;
	if (b->n < b->total && b->v[b->n - 1] >> sb < top)
		top = b->v[b->n - 1] >> sb;
	while (i < a->n && j < b->n) {
		uint32_t x = a->v[i] >> sa, y = b->v[j] >> sb;
		if (x > top || y > top)
			break;
		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	while (i < a->n && a->v[i] >> sa <= top)
		i++;
	while (j < b->n && b->v[j] >> sb <= top)
		j++;
	return (double)both / (double)(i + j - both);
}
