#include "filter/repeat.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { HEAD = 16, FEW = 1024, SLOTS_MOST = 1 << 15 };

void repeat_forget(struct repeat *r, uint32_t n)
{
	uint32_t want = 256;
	while (want < 2 * (uint64_t)n)
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
	if (!r->counts)
		r->counts = own_alloc(SLOTS_MOST);
	if (w->n + 1 <= r->cap_words)
		return;
	r->cap_words = w->n + w->n / 2 + 64;
	r->grams = own_grow(r->grams, r->cap_words * sizeof(*r->grams));
	r->slot_of = own_grow(r->slot_of, r->cap_words * sizeof(*r->slot_of));
	r->heads = own_grow(r->heads, r->cap_words * sizeof(*r->heads));
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

/* ---- the most frequent ---- */

/* The key of a sequence that is a word longer. */
static uint64_t longer(uint64_t key, uint64_t word)
{
	return (key ^ key >> 32) * 0x9FB21C651E98DF25u + word;
}

static uint64_t key_at(const struct words *w, uint32_t i, uint32_t n)
{
	uint64_t key = w->v[i].hash;
	for (uint32_t k = 1; k < n; k++)
		key = longer(key, w->v[i + k].hash);
	return key;
}

static void clear_counts(struct repeat *r, uint32_t n)
{
	uint32_t slots = FEW;
	while (slots < SLOTS_MOST && slots < 4 * (uint64_t)n)
		slots *= 2;
	memset(r->counts, 0, slots);
	r->slot_mask = slots - 1;
}

/* The sequence at one of the places counts in its slot, which others may share: a slot's count (255: or more) is right or too high. */
static uint32_t count_in_slot(struct repeat *r, uint64_t key, uint32_t k)
{
	uint32_t slot = (uint32_t)(key >> 32) & r->slot_mask, n = r->counts[slot];
	n += n < UINT8_MAX;
	r->slot_of[k] = (uint16_t)slot;
	r->counts[slot] = (uint8_t)n;
	return n;
}

/* Count those of n words whose slot has `least` or more; the first of the most frequent. */
static struct repeat_gram best_of(struct repeat *r, const struct words *w, uint32_t n, uint32_t n_places, uint32_t least)
{
	struct repeat_gram best = {0};
	uint32_t found = 0;
	for (uint32_t k = 0; k < n_places; k++) {
		r->heads[found] = n == 2 ? k : r->places[k];
		found += r->counts[r->slot_of[k]] >= least;
	}
	repeat_forget(r, found);
	for (uint32_t k = 0; k < found; k++) {
		uint32_t fresh = r->n_keys, at = r->heads[k], id = repeat_find(r, key_at(w, at, n));
		if (id == fresh)
			r->grams[id] = (struct repeat_gram){0, at};
		r->grams[id].count++;
	}
	for (uint32_t i = 0; i < r->n_keys; i++)
		if (r->grams[i].count > best.count)
			best = r->grams[i];
	return best;
}

/* No sequence is more frequent than its slot: what is found with `least` or more is the best, and what is found below it is a better `least`. */
static uint64_t most_frequent(struct repeat *r, const struct words *w, uint32_t n, uint32_t n_places, uint32_t most)
{
	struct repeat_gram best = {0};
	if (w->n < n)
		return 0;
	for (uint32_t least = most > 4 ? most / 2 : 2; most > 1; least = best.count > 2 ? best.count : 2) {
		best = best_of(r, w, n, n_places, least);
		if (best.count >= least || least == 2)
			break;
	}
	if (best.count < 2)
		best = (struct repeat_gram){1, 0};
	return (uint64_t)best.count * (r->char_at[best.first + n] - r->char_at[best.first] + n - 1);
}

/* A sequence is there twice only where both that are a word shorter in it are: places come down to those, longer by longer. */
static void top(struct repeat *r, const struct words *w, uint64_t out[REPEAT_TOP])
{
	uint32_t n_places = w->n > 1 ? w->n - 1 : 0, most = 0, left = 0;
	clear_counts(r, n_places);
	for (uint32_t i = 0; i < n_places; i++) {
		uint32_t n = count_in_slot(r, longer(w->v[i].hash, w->v[i + 1].hash), i);
		most = n > most ? n : most;
	}
	out[0] = most_frequent(r, w, 2, n_places, most);
	for (uint32_t i = 0; i + 1 < n_places; i++) {
		r->places[left] = i;
		left += (r->counts[r->slot_of[i]] > 1) & (r->counts[r->slot_of[i + 1]] > 1);
	}
	for (uint32_t n = 3; n < 2 + REPEAT_TOP; n++) {
		clear_counts(r, n_places = left);
		most = left = 0;
		for (uint32_t k = 0; k < n_places; k++) {
			uint32_t c = count_in_slot(r, key_at(w, r->places[k], n), k);
			most = c > most ? c : most;
		}
		out[n - 2] = most_frequent(r, w, n, n_places, most);
		for (uint32_t k = 0; k + 1 < n_places; k++) {
			bool more = r->places[k + 1] == r->places[k] + 1 && r->counts[r->slot_of[k]] > 1 && r->counts[r->slot_of[k + 1]] > 1;
			r->places[left] = r->places[k];
			left += more;
		}
	}
}

/* ---- what was there before ---- */

/* Two bit maps, 8 bits for each of n keys: which were seen, and which again. Without branches; a bit may be another key's, so that "again"
 * is right or once too often. */
static uint32_t clear_bits(struct repeat *r, uint32_t n)
{
	uint32_t bits = FEW;
	while (bits < 8 * (uint64_t)n)
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

static uint32_t head_of(const struct repeat *r, uint32_t i, uint64_t x)
{
	uint64_t a, b;
	memcpy(&a, r->bytes + r->byte_at[i], 8);
	memcpy(&b, r->bytes + r->byte_at[i] + 8, 8);
	return (uint32_t)((a * x ^ (b ^ b >> 29) * 0xD6E8FEB86659FD93u) >> 32);
}

static const uint32_t ELSEWHERE = 1u << 31; /* of a place: its head is at another place too */

/* Places where a sequence of five words or more may be one that is elsewhere too, in order; how many. Those whose head is nowhere else are
 * there for sequences shorter than a head alone. */
static uint32_t find_places(struct repeat *r, uint32_t n_words)
{
	static const uint64_t first = 0x9FB21C651E98DF25u, second = 0xC2B2AE3D27D4EB4Fu;
	uint32_t n = n_words < 5 ? 0 : n_words - 4, found = 0, marked = 0, mask = clear_bits(r, n), *head = r->heads;
	for (uint32_t i = 0; i < n; i++) {
		head[i] = head_of(r, i, first) & mask;
		set_bit(r, head[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		bool more = again(r, head[i]);
		r->places[found] = i | (more ? ELSEWHERE : 0);
		found += more | (r->byte_at[i + 5] - r->byte_at[i] < HEAD);
		marked += more;
	}
	/* Once more among those alone, to rid them of what shared a bit by chance. */
	mask = clear_bits(r, marked);
	for (uint32_t k = 0; k < found; k++)
		if (r->places[k] & ELSEWHERE) {
			head[k] = head_of(r, r->places[k] & ~ELSEWHERE, second) & mask;
			set_bit(r, head[k]);
		}
	for (uint32_t k = 0; k < found; k++)
		if (r->places[k] & ELSEWHERE && !again(r, head[k]))
			r->places[k] &= ~ELSEWHERE;
	return found;
}

/* Sequences of n words; places that no longer one can have go. */
static uint64_t repeated(struct repeat *r, uint32_t n_words, uint32_t *n_places, uint32_t n)
{
	uint64_t chars = 0;
	uint32_t next = 0, kept = 0;
	repeat_forget(r, *n_places);
	for (uint32_t k = 0; k < *n_places; k++) {
		uint32_t place = r->places[k], i = place & ~ELSEWHERE, fresh = r->n_keys;
		if (i + n > n_words)
			break;
		uint32_t bytes = r->byte_at[i + n] - r->byte_at[i];
		if (bytes >= HEAD && !(place & ELSEWHERE))
			continue;
		r->places[kept++] = place;
		if (i < next || repeat_find(r, XXH3_64bits(r->bytes + r->byte_at[i], bytes)) == fresh)
			continue;
		chars += r->char_at[i + n] - r->char_at[i];
		next = i + n;
	}
	*n_places = kept;
	return chars;
}

void repeat_count(struct repeat *r, const struct words *w, struct str text, uint64_t tops[REPEAT_TOP], uint64_t dup[REPEAT_DUP])
{
	make_room(r, w);
	lay_out(r, w, text);
	top(r, w, tops);
	uint32_t n_places = find_places(r, w->n);
	for (uint32_t n = 5; n < 5 + REPEAT_DUP; n++)
		dup[n - 5] = repeated(r, w->n, &n_places, n);
}

void repeat_free(struct repeat *r)
{
	free(r->slots);
	free(r->keys);
	free(r->grams);
	free(r->slot_of);
	free(r->heads);
	free(r->byte_at);
	free(r->char_at);
	free(r->places);
	free(r->bits);
	free(r->counts);
	free(r->bytes);
	*r = (struct repeat){0};
}
