#include "extract/tag.h"

#include "extract/tables/tag.inc"

_Static_assert(sizeof(names) / sizeof(*names) == TAGS, "tag.h and tables/make_tag.py list the same names");

enum tag tag_find(struct str s)
{
	return s.n ? tag_of_key(tag_key(s.p, s.n, s.n), s) : TAG_NONE;
}

enum tag tag_of_key(uint64_t key, struct str s)
{
	uint8_t at = table[(key * TABLE_MUL + ((uint64_t)s.n << 56)) >> (64 - TABLE_BITS)];
	if (names[at].key != key || names[at].n != s.n)
		return TAG_NONE;
	/* Beyond eight bytes the key says nothing; and 0x11 to 0x16 become digits in it. */
	bool exact = s.n <= 8 ? s.n != 2 || (unsigned char)s.p[1] >= ' ' : str_eq_ci(s, (struct str){names[at].name, names[at].n});
	return exact ? at : TAG_NONE;
}

struct str tag_name(enum tag t)
{
	return (struct str){names[t].name, names[t].n};
}
