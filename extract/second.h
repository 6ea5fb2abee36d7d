/* second: what a first judgement of the blocks says of each one's surroundings: its neighbours, its section, its containers and all elements
 * of the same name. A second judgement knows these too, and so sees that a short line stands in the middle of a text. */
#pragma once
#include "extract/feature.h"

/* After feature_rows: fills the rows of s from S_P on. p: the first judgement of each block, in 255ths. */
void second_rows(struct feature_space *s, const struct blocks *b, const uint8_t *p);
