#include "shard/charsmap.h"

#include "core/own.h"
#include "core/utf8.h"
#include "shard/cluster.h"

struct charsmap {
	const unsigned char *unit; /* little-endian words */
	size_t n;
	struct str texts;
};

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

struct charsmap *charsmap_new(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	uint32_t size = bytes.n >= 4 ? u32(p) : 0;
	if (size < 4 || size > bytes.n - 4)
		return NULL;
	struct str texts = str_from(bytes, 4 + size / 4 * 4);
	if (utf8_valid(texts) != texts.n)
		return NULL;
	struct charsmap *m = own_zalloc(sizeof(*m));
	m->unit = p + 4;
	m->n = size / 4;
	m->texts = texts;
	return m;
}

struct charsmap *charsmap_free(struct charsmap *m)
{
	free(m);
	return NULL;
}

/* A unit of the double array: bit 8: there is a leaf; bit 9: the offset is in 256s; bits 10-30: the offset; bits 0-7 and 31: the label. */
static bool find(const struct charsmap *m, struct str key, bool longest, size_t *len, struct str *gives)
{
	bool found = false;
	size_t at = 0;
	uint32_t u = u32(m->unit);
	at ^= (size_t)(u >> 10) << ((u & 1u << 9) >> 6);
	for (size_t i = 0; i < key.n && key.p[i] && (longest || !found); i++) {
		at ^= (unsigned char)key.p[i];
		if (at >= m->n)
			break;
		u = u32(m->unit + 4 * at);
		if ((u & (1u << 31 | 0xFF)) != (unsigned char)key.p[i])
			break;
		at ^= (size_t)(u >> 10) << ((u & 1u << 9) >> 6);
		if (!(u >> 8 & 1) || at >= m->n)
			continue;
		size_t text = u32(m->unit + 4 * at) & 0x7FFFFFFF;
		if (text > m->texts.n)
			break;
		*gives = str_from(m->texts, text);
		gives->n = str_chr(*gives, 0);
		*len = i + 1;
		found = true;
	}
	return found;
}

size_t charsmap_longest(const struct charsmap *m, struct str text, struct str *gives)
{
	size_t n = 0;
	return find(m, text, true, &n, gives) ? n : 0;
}

void charsmap_clusters(const struct charsmap *m, struct str text, struct buf *out)
{
	struct str gives;
	size_t n;
	for (const char *p = text.p, *end = p + text.n; p < end;) {
		const char *next = cluster_end(p, end);
		if (next - p < 6 && find(m, str_range(p, next), false, &n, &gives)) {
			buf_str(out, gives);
			p = next;
		}
		while (p < next) {
			const char *from = p;
			utf8_next(&p, next);
			struct str one = str_range(from, p);
			buf_str(out, find(m, one, false, &n, &gives) ? gives : one);
		}
	}
}
