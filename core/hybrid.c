#include "core/hybrid.h"

int hybrid_width(uint32_t max)
{
	return max ? 32 - __builtin_clz(max) : 0;
}

/* ---- writing ---- */

static void put_varint(struct buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_byte(b, (char)(v | 0x80));
	buf_byte(b, (char)v);
}

static size_t run_length(const uint32_t *v, size_t n)
{
	size_t r = 1;
	while (r < n && v[r] == v[0])
		r++;
	return r;
}

static bool run_of_8(const uint32_t *v, size_t n)
{
	return n >= 8 && v[0] == v[1] && v[0] == v[2] && v[0] == v[3] && v[0] == v[4] && v[0] == v[5] && v[0] == v[6] && v[0] == v[7];
}

/* n values, a multiple of 8 but for the last run, whose rest is zeros. */
static void put_packed(struct buf *b, const uint32_t *v, size_t n, int width)
{
	uint64_t acc = 0;
	int bits = 0;
	put_varint(b, (n + 7) / 8 << 1 | 1);
	for (size_t i = 0; i < (n + 7) / 8 * 8; i++) {
		acc |= (uint64_t)(i < n ? v[i] : 0) << bits;
		for (bits += width; bits >= 8; bits -= 8, acc >>= 8)
			buf_byte(b, (char)acc);
	}
}

void hybrid_put(struct buf *b, const uint32_t *v, size_t n, int width)
{
	for (size_t i = 0; i < n;) {
		if (run_of_8(v + i, n - i)) {
			size_t r = run_length(v + i, n - i);
			put_varint(b, (uint64_t)r << 1);
			for (int k = 0; k < width; k += 8)
				buf_byte(b, (char)(v[i] >> k));
			i += r;
			continue;
		}
		size_t j = i;
		while (j < n && !run_of_8(v + j, n - j))
			j += 8;
		j = j < n ? j : n;
		put_packed(b, v + i, j - i, width);
		i = j;
	}
}

/* ---- reading ---- */

static bool get_varint(struct str *s, uint64_t *out)
{
	*out = 0;
	for (int shift = 0; shift < 63 && s->n; shift += 7) {
		unsigned char c = (unsigned char)s->p[0];
		*s = str_from(*s, 1);
		*out |= (uint64_t)(c & 0x7F) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static uint64_t load(const char *p, size_t room)
{
	uint64_t v = 0;
	memcpy(&v, p, room < 8 ? room : 8);
	return v;
}

/* A value begins within a byte and takes at most 32 bits: 8 bytes from there always hold it. */
static void unpack(struct str s, uint32_t *v, size_t n, int width)
{
	uint64_t mask = (1ull << width) - 1, bit = 0;
	size_t i = 0;
	for (; i < n && bit / 8 + 8 <= s.n; i++, bit += (uint64_t)width) {
		uint64_t w;
		memcpy(&w, s.p + bit / 8, 8);
		v[i] = (uint32_t)(w >> bit % 8 & mask);
	}
	for (; i < n; i++, bit += (uint64_t)width)
		v[i] = (uint32_t)(load(s.p + bit / 8, s.n - bit / 8) >> bit % 8 & mask);
}

bool hybrid_get(struct str s, uint32_t *v, size_t n, int width)
{
	for (size_t done = 0; done < n;) {
		uint64_t head, count;
		if (!get_varint(&s, &head))
			return false;
		count = head >> 1;
		if (head & 1) {
			size_t bytes = s.n, want = n - done;
			/* The last run may be cut behind the last value that counts. */
			if (count < (want + 7) / 8)
				want = (size_t)count * 8;
			if (count <= s.n && count * (uint64_t)width <= s.n)
				bytes = (size_t)count * (size_t)width;
			if (!want || (uint64_t)want * (uint64_t)width > (uint64_t)bytes * 8)
				return false;
			unpack(str_head(s, bytes), v + done, want, width);
			s = str_from(s, bytes);
			done += want;
		} else {
			size_t bytes = (size_t)(width + 7) / 8, want = count < n - done ? (size_t)count : n - done;
			if (!want || s.n < bytes)
				return false;
			uint32_t value = (uint32_t)load(s.p, bytes);
			for (size_t i = 0; i < want; i++)
				v[done + i] = value;
			s = str_from(s, bytes);
			done += want;
		}
	}
	return true;
}
