/* block: the text of a page, cut where a reader sees a line or paragraph end, and the tree of what stands around it.
 *
 * One pass over the tokens of html.h with a stack of open elements. Elements that break lines are kept as nodes: a flat array in the order
 * of the page, so that a parent comes before its children and totals are sums in one loop. What a block inherits (how far above it is an
 * article, a table, an element called "sidebar") is carried by the stack and copied into the block.
 *
 * Linear in the page; the stack is bounded (deeper elements are counted, not kept), nodes and blocks have ceilings. Ends of p, li, td and
 * the like are implied as in browsers; an end tag never reaches out of its table cell. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "extract/cue.h"
#include "extract/facts.h"
#include "extract/tag.h"

enum { BLOCK_DEPTH_MAX = 512, BLOCK_MAX = 200000, BLOCK_NODE_MAX = 1000000 };

/* Elements whose distance upwards a block knows. */
enum block_in {
	IN_ARTICLE, IN_MAIN, IN_ASIDE, IN_NAV, IN_HEADER, IN_FOOTER, IN_FORM, IN_TABLE, IN_CELL, IN_LIST, IN_ITEM, IN_TERM, IN_DL, IN_QUOTE, IN_FIGURE, IN_SECTION,
	IN_HEADING, IN_CONTROL, IN_LINK, IN_P, IN_PRE, IN_CENTER, IN_FONT, IN_STRONG, IN_SPAN,
	INS
};

/* What kind of line it is. */
enum block_kind { BLOCK_DIV, BLOCK_P, BLOCK_H, BLOCK_LI, BLOCK_TD, BLOCK_PRE, BLOCK_QUOTE, BLOCK_DT, BLOCK_CAPTION, BLOCK_CONTROL, BLOCK_OTHER };

struct block_node {
	uint32_t parent; /* the root is 0 and its own parent */
	uint32_t name;   /* hash of tag and class */
	/* Of all that is inside, once block_read is done. */
	uint32_t chars, link_chars, long_chars, p_chars;
	uint32_t blocks, tags, first; /* first: number of the first block at or after its start */
	uint16_t depth;
	uint8_t tag;
	bool has_look; /* a group of cue.h named it */
};

struct block {
	uint32_t at, n; /* bytes in blocks.text */
	uint32_t node;  /* nearest element that breaks lines */
	uint32_t chars, link_chars, strong_chars; /* characters that are not white space */
	uint32_t words, caps, digits, commas, stops, marks, long_words;
	uint32_t hash;   /* of the words, for repeated lines */
	uint16_t links, images, inputs, breaks, title_words, description_words, rows;
	uint8_t kind;   /* enum block_kind */
	uint8_t level;  /* of a heading, 1 to 6; of a list item, how deep the list */
	uint8_t first, last; /* classes of the first and last character: enum block_char */
	uint8_t depth;
	bool keep, comment;
	uint8_t cues[CUES];  /* words of each group, at most 255 */
	uint8_t in[INS];     /* depth of the nearest such element, 0 = none */
	uint8_t look[LOOKS]; /* the same for elements of that name */
	float p;             /* likelihood of being main text, 0..1 */
};

enum block_char { CHAR_OTHER, CHAR_SMALL, CHAR_CAPITAL, CHAR_DIGIT, CHAR_STOP, CHAR_COLON, CHAR_COMMA, CHAR_QUOTE, CHAR_BRACKET, CHAR_MARK };

struct blocks {
	struct buf text;
	struct block *v;
	struct block_node *nodes;
	uint32_t n, cap, n_nodes, cap_nodes;
	struct facts facts;
	uint32_t forms, fonts, headings;
	bool html; /* markup was seen */
	bool full; /* a ceiling was reached */
};

void block_init(struct blocks *b, size_t text_max);
void block_free(struct blocks *b);
/* Read a page (valid UTF-8). Titles and the like are put in a. */
void block_read(struct blocks *b, struct str html, struct arena *a);
