#include "filter/decontaminate.h"

#include "core/json.h"
#include "core/utf8.h"
#include "core/zin.h"

#include <unicode/uchar.h>

struct decontaminate {
	uint64_t *slots, n, cap; /* 0: empty */
	uint32_t words;
	uint64_t top; /* PRIME to the power of words */
};
static const uint64_t PRIME = 0x9E3779B97F4A7C15u;

/* The last N words: their hashes in a ring, the hash of all, and where each begins. */
struct roll {
	uint64_t ring[64], hash;
	size_t begin[64];
	uint32_t n;
};

static void put(struct decontaminate *d, uint64_t h)
{
	uint64_t i = h >> 7 & (d->cap - 1);
	while (d->slots[i] && d->slots[i] != h)
		i = (i + 1) & (d->cap - 1);
	d->n += !d->slots[i];
	d->slots[i] = h;
}

static bool has(const struct decontaminate *d, uint64_t h)
{
	for (uint64_t i = h >> 7 & (d->cap - 1); d->slots[i]; i = (i + 1) & (d->cap - 1))
		if (d->slots[i] == h)
			return true;
	return false;
}

static void add(struct decontaminate *d, uint64_t h)
{
	if (2 * (d->n + 1) > d->cap) {
		struct decontaminate old = *d;
		d->cap *= 2;
		d->n = 0;
		d->slots = own_zalloc(d->cap * sizeof(*d->slots));
		for (uint64_t i = 0; i < old.cap; i++)
			if (old.slots[i])
				put(d, old.slots[i]);
		free(old.slots);
	}
	put(d, h);
}

/* A letter or digit as it is compared; 0: neither. */
static uint32_t plain(uint32_t c)
{
	static const char bare[65] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
	if (c < 128)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : c >= 'A' && c <= 'Z' ? c + 32 : 0;
	if (c >= 0xC0 && c < 0x100)
		return c == 0xD7 || c == 0xF7 ? 0 : (uint32_t)bare[c - 0xC0];
	return u_isalnum((UChar32)c) ? (uint32_t)u_tolower((UChar32)c) : 0;
}

/* The next word from *p on: its hash and place; false at the end. */
static bool next_word(const char **p, const char *end, uint64_t *hash, const char **from)
{
	uint64_t h = 0;
	*from = NULL;
	while (*p < end) {
		const char *at = *p;
		uint32_t c = plain(utf8_next(p, end));
		if (!c && h) {
			*p = at;
			break;
		}
		if (!c)
			continue;
		if (!*from)
			*from = at;
		h = (h + c + 1) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	*hash = h | 1;
	return *from != NULL;
}

/* One word more; is there a whole run? *run is its hash. */
static bool roll(const struct decontaminate *d, struct roll *r, uint64_t hash, size_t begin, uint64_t *run)
{
	uint32_t k = r->n % d->words;
	r->hash = r->hash * PRIME + hash;
	if (r->n >= d->words)
		r->hash -= r->ring[k] * d->top;
	r->ring[k] = hash;
	r->begin[k] = begin;
	r->n++;
	*run = r->hash ^ r->hash >> 31;
	*run += !*run;
	return r->n >= d->words;
}

static void add_item(struct decontaminate *d, struct str s)
{
	struct roll r = {0};
	uint64_t hash, run;
	const char *from;
	for (const char *p = s.p, *end = p + s.n; next_word(&p, end, &hash, &from);)
		if (roll(d, &r, hash, 0, &run))
			add(d, run);
}

/* Every string of a JSON value. */
static void add_json(struct decontaminate *d, struct json *j, struct arena *a)
{
	struct str s;
	switch (json_peek(j)) {
	case JSON_STRING:
		if (json_string(j, a, &s))
			add_item(d, s);
		break;
	case JSON_OBJECT:
		json_object(j);
		while (json_key(j, a, &s))
			add_json(d, j, a);
		break;
	case JSON_ARRAY:
		json_array(j);
		while (json_element(j))
			add_json(d, j, a);
		break;
	default:
		json_skip(j, &s);
	}
}

static int read_file(struct decontaminate *d, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	struct str line;
	uint64_t number = 0;
	int rc = zin_open(&z, path, e);
	while (!rc && (rc = zin_line(z, DECONTAMINATE_LINE_MAX, &line, e)) > 0) {
		rc = 0;
		number++;
		line = str_trim(line);
		if (!line.n || line.p[0] != '{') {
			add_item(d, line);
			continue;
		}
		struct json j = json_of(line);
		arena_reset(a, 1 << 20);
		add_json(d, &j, a);
		if (j.bad)
			return err_at(e, ERR_DATA, (struct where){path, zin_offset(z)}, "line %llu is not JSON", (unsigned long long)number);
	}
	return rc;
}

int decontaminate_open(struct decontaminate **out, const char *const *paths, size_t n, uint32_t words, struct err *e)
{
	*out = NULL;
	if (!n)
		return 0;
	struct decontaminate *d = own_zalloc(sizeof(*d));
	d->words = words;
	d->top = 1;
	for (uint32_t i = 0; i < words; i++)
		d->top *= PRIME;
	d->cap = 4096;
	d->slots = own_zalloc(d->cap * sizeof(*d->slots));
	for (size_t i = 0; i < n; i++) {
		int rc = read_file(d, paths[i], e);
		if (rc) {
			decontaminate_free(d);
			return rc;
		}
	}
	*out = d;
	return 0;
}

struct decontaminate *decontaminate_free(struct decontaminate *d)
{
	if (d)
		free(d->slots);
	free(d);
	return NULL;
}

uint32_t decontaminate_find(const struct decontaminate *d, struct str text, struct buf *cut)
{
	struct roll r = {0};
	uint64_t hash, run;
	uint32_t found = 0;
	const char *from, *done = text.p;
	if (cut)
		buf_clear(cut);
	for (const char *p = text.p, *end = p + text.n; next_word(&p, end, &hash, &from);) {
		if (!roll(d, &r, hash, (size_t)(from - text.p), &run) || !has(d, run))
			continue;
		found++;
		/* From the first word of the run, or from where the last one ended, to here. */
		const char *begin = text.p + r.begin[r.n % d->words];
		if (cut && begin > done)
			buf_add(cut, done, (size_t)(begin - done));
		done = p;
	}
	if (cut && found)
		buf_add(cut, done, (size_t)(text.p + text.n - done));
	return found;
}
