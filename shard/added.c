#include "shard/added.h"

#include "core/own.h"
#include "core/utf8.h"
#include "shard/charclass.h"

#include <xxhash.h>

void added_put(struct added *a, const struct added_token *t)
{
	for (uint32_t i = 0; i < a->n && a->n < 64; i++)
		if (str_eq(a->v[i].content, t->content)) {
			a->v[i] = *t;
			return;
		}
	if ((a->n & (a->n - 1)) == 0)
		a->v = own_grow(a->v, (a->n ? 2 * (size_t)a->n : 1) * sizeof(*a->v));
	a->v[a->n++] = *t;
}

void added_free(struct added *a)
{
	free(a->v);
	free(a->slot);
	*a = (struct added){0};
}

static uint32_t hash(struct str s)
{
	return (uint32_t)XXH3_64bits(s.p, s.n);
}

static uint32_t *place(const struct added *a, struct str s)
{
	uint32_t i = hash(s) & a->mask;
	while (a->slot[i] && !str_eq(a->v[a->slot[i] - 1].content, s))
		i = (i + 1) & a->mask;
	return &a->slot[i];
}

void added_ready(struct added *a)
{
	unsigned firsts = 0;
	a->mask = 15;
	while (a->mask < 2 * a->n)
		a->mask = 2 * a->mask + 1;
	free(a->slot);
	a->slot = own_zalloc(((size_t)a->mask + 1) * sizeof(*a->slot));
	a->only = -1;
	for (uint32_t i = 0; i < a->n; i++) {
		struct str s = a->v[i].content;
		unsigned char b = (unsigned char)s.p[0];
		*place(a, s) = i + 1;
		if (!a->begins[b]) {
			a->begins[b] = true;
			a->only = firsts++ ? -1 : b;
		}
		for (unsigned c = 0; c < 256; c++)
			if (s.n == 1 || (unsigned char)s.p[1] == c)
				a->pairs[b << 2 | c >> 6] |= 1ull << (c & 63);
		a->longest = s.n > a->longest ? s.n : a->longest;
		a->shortest = !a->shortest || s.n < a->shortest ? s.n : a->shortest;
		a->lengths |= 1ull << (s.n < 63 ? s.n : 63);
	}
}

/* The longest token that begins at s. */
static const struct added_token *longest_at(const struct added *a, struct str s)
{
	for (size_t n = s.n < a->longest ? s.n : a->longest; n >= a->shortest && n; n--) {
		if (!(a->lengths >> (n < 63 ? n : 63) & 1))
			continue;
		uint32_t i = *place(a, str_head(s, n));
		if (i)
			return &a->v[i - 1];
	}
	return NULL;
}

const struct added_token *added_at(const struct added *a, struct str s)
{
	return s.n && a->begins[(unsigned char)s.p[0]] ? longest_at(a, s) : NULL;
}

static const struct added_token *find(const struct added *a, struct str s, size_t *at)
{
	const char *p = s.p + *at, *end = s.p + s.n;
	for (; p < end; p++) {
		if (a->only >= 0) {
			p = memchr(p, a->only, (size_t)(end - p));
			if (!p)
				return NULL;
		} else if (!a->begins[(unsigned char)*p]) {
			continue;
		}
		unsigned c = p + 1 < end ? (unsigned char)p[1] : 0;
		if (p + 1 < end && !(a->pairs[(unsigned char)*p << 2 | c >> 6] >> (c & 63) & 1))
			continue;
		const struct added_token *t = longest_at(a, str_range(p, end));
		if (t) {
			*at = (size_t)(p - s.p);
			return t;
		}
	}
	return NULL;
}

static size_t char_before(struct str s, size_t at)
{
	size_t i = at - 1;
	while (i && (s.p[i] & 0xC0) == 0x80)
		i--;
	return i;
}

static uint32_t char_at(struct str s, size_t at, size_t *next)
{
	const char *p = s.p + at;
	uint32_t c = utf8_next(&p, s.p + s.n);
	*next = (size_t)(p - s.p);
	return c;
}

static bool alone(struct str s, size_t from, size_t to)
{
	size_t next;
	return (from == 0 || !charclass_is_word(char_at(s, char_before(s, from), &next))) && (to == s.n || !charclass_is_word(char_at(s, to, &next)));
}

bool added_next(const struct added *a, struct str s, bool special, size_t *at, size_t taken, struct added_match *out)
{
	const struct added_token *t;
	size_t next;
	while (a->n && (t = find(a, s, at))) {
		size_t from = *at, to = from + t->content.n;
		*at = to;
		if ((t->special && !special) || (t->single_word && !alone(s, from, to)))
			continue;
		if (t->lstrip) {
			size_t k = from;
			while (k && charclass_is_space(char_at(s, char_before(s, k), &next)))
				k = char_before(s, k);
			from = k > taken ? k : taken;
		}
		while (t->rstrip && to < s.n && charclass_is_space(char_at(s, to, &next)))
			to = next;
		*out = (struct added_match){from, to, t};
		return true;
	}
	return false;
}
