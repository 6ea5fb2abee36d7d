/* main_text: which blocks are the page's own text, and that text as lines. */
#pragma once
#include "extract/block.h"

enum { MAIN_TEXT_MIN_WORDS = 25 }; /* fewer: try again with a lower bar */

/* Sets keep and p of every block. Returns the words kept. */
uint32_t main_text_choose(struct blocks *b);
/* The kept blocks, a line or more each, separated by LF. */
void main_text_render(const struct blocks *b, struct buf *out);
/* "article", "listing", "forum", "index" or "other": from the shapes of the blocks. */
const char *main_text_type(const struct blocks *b);
