#include "filter/repeat.h"

#include <xxhash.h>

enum { HEAD = 16 };
static const uint32_t NONE = UINT32_MAX;

void repeat_forget(struct repeat *r, uint32_t n)
{
	uint32_t want = 64;
	while (want < 2 * (uint64_t)n + 2)
		want *= 2;
	if (want > r->cap) {
		free(r->slots);
		r->slots = own_zalloc(want * sizeof(*r->slots));
		r->cap = want;
		r->epoch = 0;
	}
	r->mask = want - 1;
	if (++r->epoch == 0) {
		memset(r->slots, 0, r->cap * sizeof(*r->slots));
		r->epoch = 1;
	}
}

static void make_room(struct repeat *r, const struct words *w)
{
	size_t bytes = HEAD;
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
	r->flags = own_grow(r->flags, r->cap_words);
}

/* The words one behind the other, and where each begins in bytes and characters. */
static void lay_out(struct repeat *r, const struct words *w, struct str text)
{
	uint32_t bytes = 0, chars = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		r->byte_at[i] = bytes;
		r->char_at[i] = chars;
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

/* The gram with this key, counted once more; its number. */
static uint32_t count(struct repeat *r, uint64_t key, uint32_t at, uint32_t *n_grams)
{
	bool fresh;
	struct repeat_slot *s = repeat_find(r, key, &fresh);
	if (fresh) {
		s->id = (*n_grams)++;
		r->grams[s->id] = (struct repeat_gram){0, at};
	}
	r->grams[s->id].count++;
	return s->id;
}

/* After each length, ids[i] is the number of the gram at i, NONE where it is there once. */
static void top(struct repeat *r, const struct words *w, uint64_t out[REPEAT_TOP])
{
	uint32_t n_grams = 0;
	for (uint32_t n = 2; n < 2 + REPEAT_TOP; n++) {
		out[n - 2] = 0;
		if (w->n < n)
			continue;
		if (n > 2 && !n_grams) {
			out[n - 2] = best_of(r, 0, n);
			continue;
		}
		repeat_forget(r, n == 2 ? w->n : n_grams);
		n_grams = 0;
		for (uint32_t i = 0; i + n <= w->n; i++) {
			if (n == 2)
				r->ids[i] = count(r, w->v[i].hash * 3 + (w->v[i + 1].hash ^ w->v[i + 1].hash >> 31), i, &n_grams);
			else
				r->ids[i] = r->ids[i] == NONE || r->ids[i + 1] == NONE ? NONE : count(r, (uint64_t)r->ids[i] << 32 | r->ids[i + 1], i, &n_grams);
		}
		out[n - 2] = best_of(r, n_grams, n);
		uint32_t left = 0;
		for (uint32_t i = 0; i + n <= w->n; i++) {
			if (r->ids[i] != NONE && r->grams[r->ids[i]].count < 2)
				r->ids[i] = NONE;
			left += r->ids[i] != NONE;
		}
		n_grams = left;
	}
}

/* Places where a sequence of five words or more may be one that is elsewhere too, in order; how many. */
static uint32_t find_places(struct repeat *r, uint32_t n_words)
{
	uint32_t n = n_words < 5 ? 0 : n_words - 4, found = 0;
	repeat_forget(r, n);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t a, b;
		bool fresh;
		memcpy(&a, r->bytes + r->byte_at[i], 8);
		memcpy(&b, r->bytes + r->byte_at[i] + 8, 8);
		struct repeat_slot *s = repeat_find(r, a * 0x9FB21C651E98DF25u ^ (b ^ b >> 29) * 0xD6E8FEB86659FD93u, &fresh);
		if (fresh)
			s->id = i;
		else
			r->flags[s->id] = 1;
		r->flags[i] = !fresh || r->byte_at[i + 5] - r->byte_at[i] < HEAD;
	}
	for (uint32_t i = 0; i < n; i++)
		if (r->flags[i])
			r->places[found++] = i;
	return found;
}

static uint64_t repeated(struct repeat *r, uint32_t n_words, uint32_t n_places, uint32_t n)
{
	uint64_t chars = 0;
	uint32_t next = 0;
	repeat_forget(r, n_places);
	for (uint32_t k = 0; k < n_places; k++) {
		uint32_t i = r->places[k];
		bool fresh;
		if (i < next)
			continue;
		if (i + n > n_words)
			break;
		repeat_find(r, XXH3_64bits(r->bytes + r->byte_at[i], r->byte_at[i + n] - r->byte_at[i]), &fresh);
		if (fresh)
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
	free(r->grams);
	free(r->ids);
	free(r->byte_at);
	free(r->char_at);
	free(r->places);
	free(r->flags);
	free(r->bytes);
	*r = (struct repeat){0};
}
