/* letters: where the letters and blanks of a text are, as bits, 64 bytes at a time.
 *
 * Letters are those of ASCII and the two bytes of those of Latin-1 (U+00C0 to U+00FF without the signs for times and divided); blanks are
 * the white space of ASCII, and what is behind the end. The bits are made block by block as they are asked for, for places in
 * rising order. */
#pragma once
#include "core/str.h"

enum { LETTERS_BLOCKS = 32 };

struct letters_bits {
	uint64_t letter, blank;
};
struct letters {
	struct str text;
	size_t first;					/* the block that v[0] is of */
	struct letters_bits v[LETTERS_BLOCKS + 1];	/* one more than are asked for */
};

void letters_init(struct letters *l, struct str text);
void letters_fill(struct letters *l, size_t block);

/* The 64 bytes from `at` on; bit 0 is the byte there. */
static inline struct letters_bits letters_at(struct letters *l, size_t at)
{
	size_t block = at / 64;
	if (__builtin_expect(block - l->first >= LETTERS_BLOCKS, 0))
		letters_fill(l, block);
	const struct letters_bits *a = &l->v[block - l->first], *b = a + 1;
	unsigned from = at % 64, back = 63 - from;
	return (struct letters_bits){a->letter >> from | b->letter << 1 << back, a->blank >> from | b->blank << 1 << back};
}
