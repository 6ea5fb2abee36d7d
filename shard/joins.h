/* joins: two small tables drawn from the merges of a vocabulary, that spare most look-ups in the large one. */
#pragma once
#include "shard/vocab.h"

enum { JOINS_LOW = 256, JOINS_BAR = 0x2581 };

/* A merge of two symbols that are one byte each, or one character below JOINS_LOW (a space stands for U+2581). */
struct vocab_first {
	uint32_t rank, id; /* rank 0 = none; else rank + 1 */
};

/* Fill v->joins and, for BPE, v->firsts (JOINS_LOW x JOINS_LOW); owned by v. */
void joins_make(struct vocab *v);
