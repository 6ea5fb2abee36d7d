/* box: the elements of a page as surroundings of its text.
 *
 * Of each node of block.h: its size and make-up as bytes, the next element around it that holds more text (a wrapper around a wrapper says
 * nothing), how far it is from the element that holds most of the prose, and whether it comes again and again, as posts, cards and rows
 * do. Linear passes; memory is kept from page to page. */
#pragma once
#include "extract/block.h"

/* Bytes of a box. OWN and INDEX are a block's place in it, filled in by feature.c. */
enum { B_CHARS, B_LINK, B_BLOCKS, B_LONG, B_PAGE, B_OWN, B_INDEX, B_DENSITY, B_P, BOX_FEATURES };

struct box {
	uint8_t f[BOX_FEATURES];
	uint8_t up;      /* levels to the nearest element that the top lies in too */
	uint32_t outer;  /* the nearest one around that holds more text */
	uint32_t name;   /* slot of its name */
	uint32_t common; /* the element meant by `up` */
	uint32_t item;   /* the nearest one, itself included, whose name comes three times or more; 0 = none */
};

/* All elements of one tag and class. */
struct box_name {
	uint32_t hash, count, chars, link_chars, long_chars, blocks;
};

struct box_tree {
	const struct blocks *b;
	struct box *boxes;       /* one for each node */
	struct box_name *names;  /* slots of a hash table, mask + 1 of them */
	uint32_t *repeats;       /* of each block: how often its words come in the page */
	uint32_t mask, top, page_chars; /* top: the element that holds most of the prose */
	void *p;
	size_t cap;
};

/* Set *t (zeroed at first). b is borrowed until the next call. */
void box_read(struct box_tree *t, const struct blocks *b);
void box_free(struct box_tree *t);
