#include "filter/repeat.h"

#include <xxhash.h>

enum { HEAD = 16 };

void repeat_forget(struct repeat *r, uint32_t n)
{
	uint32_t want = 256;
	while (want < 4 * (uint64_t)n)
		want *= 2;
	r->base += r->n_keys;
	r->n_keys = 0;
	if (want > r->cap || r->base > UINT32_MAX / 2) {
		free(r->slots);
		r->cap = want > r->cap ? want : r->cap;
		r->slots = own_zalloc(r->cap * sizeof(*r->slots));
		r->base = 1;
	}
	r->mask = want - 1;
	if (n > r->cap_keys) {
		r->cap_keys = n + n / 2;
		free(r->keys);
		r->keys = own_alloc(r->cap_keys * sizeof(*r->keys));
	}
}

static void make_room(struct repeat *r, const struct words *w)
{
	size_t bytes = 2 * HEAD;
	for (uint32_t i = 0; i < w->n; i++)
		bytes += w->v[i].n;
	if (bytes > r->cap_bytes) {
		r->cap_bytes = bytes + bytes / 2;
		r->bytes = own_grow(r->bytes, r->cap_bytes);
	}
	if (w->n + 1 <= r->cap_words)
		return;
	r->cap_words = w->n + w->n / 2 + 64;
	r->grams = own_grow(r->grams, r->cap_words * sizeof(*r->grams));
	r->ids = own_grow(r->ids, r->cap_words * sizeof(*r->ids));
	r->byte_at = own_grow(r->byte_at, r->cap_words * sizeof(*r->byte_at));
	r->char_at = own_grow(r->char_at, r->cap_words * sizeof(*r->char_at));
	r->places = own_grow(r->places, r->cap_words * sizeof(*r->places));
}

/* The words one behind the other, and where each begins in bytes and characters. */
static void lay_out(struct repeat *r, const struct words *w, struct str text)
{
	uint32_t bytes = 0, chars = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		r->byte_at[i] = bytes;
		r->char_at[i] = chars;
		/* Most words are short: 16 bytes at once, where there is room to read and write them. */
		if (w->v[i].n <= HEAD && w->v[i].at + HEAD <= text.n)
			memcpy(r->bytes + bytes, text.p + w->v[i].at, HEAD);
		else
			memcpy(r->bytes + bytes, text.p + w->v[i].at, w->v[i].n);
		bytes += w->v[i].n;
		chars += w->v[i].chars;
	}
	r->byte_at[w->n] = bytes;
	r->char_at[w->n] = chars;
	memset(r->bytes + bytes, 0, HEAD);
}

static uint64_t best_of(const struct repeat *r, uint32_t n_grams, uint32_t n)
{
	struct repeat_gram best = {0};
	for (uint32_t i = 0; i < n_grams; i++)
		if (r->grams[i].count > best.count)
			best = r->grams[i];
	if (best.count < 2)
		best = (struct repeat_gram){1, 0};
	return (uint64_t)best.count * (r->char_at[best.first + n] - r->char_at[best.first] + n - 1);
}

/* The gram with this key at this place, counted once more. */
static void count(struct repeat *r, uint64_t key, uint32_t at)
{
	uint32_t fresh = r->n_keys, id = repeat_find(r, key);
	r->ids[at] = id;
	if (id == fresh)
		r->grams[id] = (struct repeat_gram){0, at};
	r->grams[id].count++;
}

/* Of the first n places, those whose grams are there twice or more. */
static uint32_t keep_repeated(struct repeat *r, uint32_t n)
{
	uint32_t kept = 0;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = r->places[k];
		r->places[kept] = i;
		kept += r->grams[r->ids[i]].count > 1;
	}
	return kept;
}

/* Two bit maps, 16 bits for each of n keys: which were seen, and which again. Without branches; a bit may be another key's, so that "again"
 * is right or once too often. */
static uint32_t clear_bits(struct repeat *r, uint32_t n)
{
	uint32_t bits = 1024;
	while (bits < 16 * (uint64_t)n)
		bits *= 2;
	if (bits / 32 > r->cap_bits) {
		r->cap_bits = bits / 32;
		r->bits = own_grow(r->bits, r->cap_bits * sizeof(*r->bits));
	}
	memset(r->bits, 0, bits / 32 * sizeof(*r->bits));
	return bits - 1;
}

static void set_bit(struct repeat *r, uint32_t bit)
{
	uint64_t one = 1ull << bit % 64, *seen = &r->bits[bit / 64 * 2];
	seen[1] |= seen[0] & one;
	seen[0] |= one;
}

static bool again(const struct repeat *r, uint32_t bit)
{
	return r->bits[bit / 64 * 2 + 1] >> bit % 64 & 1;
}

static uint64_t pair_key(const struct words *w, uint32_t i)
{
	return w->v[i].hash * 3 + (w->v[i + 1].hash ^ w->v[i + 1].hash >> 31);
}

/* Count the pairs that may be there twice; places: where they are. */
static uint32_t count_pairs(struct repeat *r, const struct words *w, uint32_t n)
{
	uint32_t mask = clear_bits(r, n), found = 0;
	for (uint32_t i = 0; i < n; i++) {
		r->ids[i] = (uint32_t)(pair_key(w, i) >> 32) & mask;
		set_bit(r, r->ids[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		r->places[found] = i;
		found += again(r, r->ids[i]);
	}
	repeat_forget(r, found);
	for (uint32_t k = 0; k < found; k++)
		count(r, pair_key(w, r->places[k]), r->places[k]);
	return found;
}

static void top(struct repeat *r, const struct words *w, uint64_t out[REPEAT_TOP])
{
	uint32_t n_pairs = w->n > 1 ? w->n - 1 : 0, n_places;
	memset(out, 0, REPEAT_TOP * sizeof(*out));
	if (!n_pairs)
		return;
	n_places = count_pairs(r, w, n_pairs);
	out[0] = best_of(r, r->n_keys, 2);
	n_places = keep_repeated(r, n_places);
	for (uint32_t n = 3; n < 2 + REPEAT_TOP && n <= w->n; n++) {
		uint32_t left = 0;
		repeat_forget(r, n_places);
		/* Two grams in a row: the number of the first stays where it is until the next is read. */
		for (uint32_t k = 0; k + 1 < n_places; k++)
			if (r->places[k + 1] == r->places[k] + 1) {
				uint32_t i = r->places[k];
				count(r, (uint64_t)r->ids[i] << 32 | r->ids[i + 1], i);
				r->places[left++] = i;
			}
		out[n - 2] = best_of(r, r->n_keys, n);
		n_places = keep_repeated(r, left);
	}
}

/* Places where a sequence of five words or more may be one that is elsewhere too, in order; how many. */
static uint32_t find_places(struct repeat *r, uint32_t n_words)
{
	uint32_t n = n_words < 5 ? 0 : n_words - 4, found = 0, mask = clear_bits(r, n);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t a, b;
		memcpy(&a, r->bytes + r->byte_at[i], 8);
		memcpy(&b, r->bytes + r->byte_at[i] + 8, 8);
		r->ids[i] = (uint32_t)((a * 0x9FB21C651E98DF25u ^ (b ^ b >> 29) * 0xD6E8FEB86659FD93u) >> 32) & mask;
		set_bit(r, r->ids[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		r->places[found] = i;
		found += again(r, r->ids[i]) || r->byte_at[i + 5] - r->byte_at[i] < HEAD;
	}
	return found;
}

static uint64_t repeated(struct repeat *r, uint32_t n_words, uint32_t n_places, uint32_t n)
{
	uint64_t chars = 0;
	uint32_t next = 0;
	repeat_forget(r, n_places);
	for (uint32_t k = 0; k < n_places; k++) {
		uint32_t i = r->places[k], fresh = r->n_keys;
		if (i < next)
			continue;
		if (i + n > n_words)
			break;
		if (repeat_find(r, XXH3_64bits(r->bytes + r->byte_at[i], r->byte_at[i + n] - r->byte_at[i])) == fresh)
			continue;
		chars += r->char_at[i + n] - r->char_at[i];
		next = i + n;
	}
	return chars;
}

void repeat_count(struct repeat *r, const struct words *w, struct str text, uint64_t tops[REPEAT_TOP], uint64_t dup[REPEAT_DUP])
{
	make_room(r, w);
	lay_out(r, w, text);
	top(r, w, tops);
	uint32_t n_places = find_places(r, w->n);
	for (uint32_t n = 5; n < 5 + REPEAT_DUP; n++)
		dup[n - 5] = n_places ? repeated(r, w->n, n_places, n) : 0;
}

void repeat_free(struct repeat *r)
{
	free(r->slots);
	free(r->keys);
	free(r->grams);
	free(r->ids);
	free(r->byte_at);
	free(r->char_at);
	free(r->places);
	free(r->bits);
	free(r->bytes);
	*r = (struct repeat){0};
}
