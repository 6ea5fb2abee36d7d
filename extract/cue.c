#include "extract/cue.h"

#include "extract/tables/cue.inc"

static bool is_some(const uint64_t *some, uint32_t hash)
{
	uint32_t at = hash >> (32 - CUE_FILTER_BITS);
	return some[at >> 6] >> (at & 63) & 1;
}

uint32_t cue_text(uint32_t hash)
{
	if (!is_some(some_texts, hash))
		return 0;
	for (uint32_t at = hash >> (32 - CUE_TABLE_BITS);; at = (at + 1) & ((1u << CUE_TABLE_BITS) - 1)) {
		if (!texts[at].groups)
			return 0;
		if (texts[at].hash == hash)
			return texts[at].groups;
	}
}

static uint64_t look(uint32_t hash)
{
	if (!is_some(some_looks, hash))
		return 0;
	for (uint32_t at = hash >> (32 - CUE_TABLE_BITS);; at = (at + 1) & ((1u << CUE_TABLE_BITS) - 1)) {
		if (!looks[at].groups)
			return 0;
		if (looks[at].hash == hash)
			return looks[at].groups;
	}
}

/* Letters in lower case, 0 for what is none. */
static const uint8_t letter[256] = {
#define BOTH(c) [c] = c, [c - 32] = c
	BOTH('a'), BOTH('b'), BOTH('c'), BOTH('d'), BOTH('e'), BOTH('f'), BOTH('g'), BOTH('h'), BOTH('i'), BOTH('j'), BOTH('k'), BOTH('l'), BOTH('m'),
	BOTH('n'), BOTH('o'), BOTH('p'), BOTH('q'), BOTH('r'), BOTH('s'), BOTH('t'), BOTH('u'), BOTH('v'), BOTH('w'), BOTH('x'), BOTH('y'), BOTH('z'),
#undef BOTH
};

static unsigned char letter_of(char c)
{
	return (unsigned char)c < 0x80 ? letter[(unsigned char)c] : (unsigned char)c;
}

/* "postBody_2" is post, body, and postbody too: makers write it either way. */
uint64_t cue_look(struct str value)
{
	uint64_t groups = 0;
	uint32_t whole = CUE_HASH;
	unsigned parts = 0; /* of what `whole` is made of */
	const char *p = value.p, *end = value.p + (value.n < 256 ? value.n : 256);
	while (p < end) {
		unsigned char c = letter_of(*p);
		if (!c) {
			if (*p != '-' && *p != '_') {
				groups |= parts > 1 ? look(whole) : 0;
				whole = CUE_HASH;
				parts = 0;
			}
			p++;
			continue;
		}
		uint32_t part = CUE_HASH;
		bool small, join = parts++ > 0;
		do { /* a capital behind a small letter begins another part */
			small = c == (unsigned char)*p;
			part = cue_hash(part, c);
			if (join)
				whole = cue_hash(whole, c);
			if (++p == end)
				break;
			c = letter_of(*p);
		} while (c && (!small || c == (unsigned char)*p));
		if (!join)
			whole = part;
		groups |= look(part);
	}
	return groups | (parts > 1 ? look(whole) : 0);
}

uint64_t cue_look_again(struct cue_memory *m, struct str value)
{
	uint64_t ends[2] = {0, 0};
	if (!value.n)
		return 0;
	memcpy(&ends[0], value.p, value.n < 8 ? value.n : 8);
	memcpy(&ends[1], value.p + (value.n < 8 ? 0 : value.n - 8), value.n < 8 ? value.n : 8);
	size_t at = (size_t)(((ends[0] ^ ends[1] << 7 ^ ends[1] >> 57) + value.n) * UINT64_C(0x9E3779B97F4A7C15) >> 56);
	if (m->seen[at].n != value.n || memcmp(m->seen[at].p, value.p, value.n) != 0) {
		m->seen[at].p = value.p;
		m->seen[at].n = value.n;
		m->seen[at].groups = cue_look(value);
	}
	return m->seen[at].groups;
}
