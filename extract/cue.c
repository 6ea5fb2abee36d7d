#include "extract/cue.h"

#include "extract/tables/cue.inc"

uint32_t cue_text(uint32_t hash)
{
	for (uint32_t at = hash >> (32 - CUE_TABLE_BITS);; at = (at + 1) & ((1u << CUE_TABLE_BITS) - 1)) {
		if (!texts[at].groups)
			return 0;
		if (texts[at].hash == hash)
			return texts[at].groups;
	}
}

static uint64_t look(uint32_t hash)
{
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
