/* block: the text of a page, cut where a reader sees a line or paragraph end, with what tells main text from the rest.
 *
 * One pass over the markup, no tree: a stack of open elements carries what each inherits (inside a link, a list, a menu). Linear in the
 * page; the stack is bounded (deeper elements are counted, not kept). Follows the HTML tokenizer where it matters: comments, quoted
 * attributes, raw text of script and style, character references, implied ends of p, li, td. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"

enum { BLOCK_DEPTH_MAX = 512, BLOCK_MAX = 200000 };

enum block_tag { BLOCK_DIV, BLOCK_P, BLOCK_H, BLOCK_LI, BLOCK_TD, BLOCK_PRE, BLOCK_QUOTE, BLOCK_OTHER };

struct block {
	uint32_t at, n;       /* bytes in blocks.text */
	uint32_t words, link_words, links;
	uint32_t commas, stops; /* commas; sentence ends */
	uint32_t common;      /* very frequent words of Portuguese, Spanish, English ... */
	uint32_t container;   /* number of the nearest enclosing block element */
	uint16_t depth;
	uint8_t tag;          /* enum block_tag */
	uint8_t level;        /* of a heading */
	int8_t good, bad;     /* enclosing elements that say article, or menu */
	bool in_article, in_noise, keep;
	float p;              /* likelihood of being main text, 0..1 */
};

struct blocks {
	struct buf text;
	struct block *v;
	uint32_t n, cap;
	struct str title, description, author, published, canonical, lang, site;
	uint32_t frames, forms;
	bool html; /* markup was seen */
	bool full; /* BLOCK_MAX was reached */
};

void block_init(struct blocks *b, size_t text_max);
void block_free(struct blocks *b);
/* Read a page (valid UTF-8). Titles and the like are put in a. */
void block_read(struct blocks *b, struct str html, struct arena *a);
