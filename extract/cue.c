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

/* "postBody_2" is post, body, and postbody too: makers write it either way. */
uint64_t cue_look(struct str value)
{
	uint64_t groups = 0;
	uint32_t part = CUE_HASH, whole = CUE_HASH;
	bool before = false; /* a small letter stood before */
	size_t n = value.n < 256 ? value.n : 256;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)value.p[i], small = str_lower1(c);
		bool letter = (small >= 'a' && small <= 'z') || c >= 0x80;
		if (!letter || (before && c != small)) {
			groups |= look(part);
			part = CUE_HASH;
		}
		if (!letter && c != '-' && c != '_') {
			groups |= look(whole);
			whole = CUE_HASH;
		}
		if (letter) {
			part = cue_hash(part, small);
			whole = cue_hash(whole, small);
		}
		before = letter && c == small;
	}
	return groups | look(part) | look(whole);
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
