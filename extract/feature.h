/* feature: what is known of a block, as a row of bytes for the model.
 *
 * Everything is a byte by construction: lengths on a logarithmic scale with eight steps an octave, ratios in 255ths, distances and counts
 * as they are, up to 255. So the model is trained on exactly what it will see, needs no floating point to judge, and compares sixteen
 * blocks at a time. The rows are made by linear passes over blocks and nodes; docs/internals/main_text.md says what each group is for. */
#pragma once
#include "extract/box.h"

enum { FEATURE_CONTAINERS = 5, FEATURE_NEAR = 4 };

enum feature {
	/* its own text */
	F_WORDS, F_CHARS, F_WORD_LENGTH, F_LINK, F_LINKS, F_STRONG, F_CAPS, F_DIGITS, F_COMMAS, F_COMMA_RATE, F_STOPS, F_STOP_RATE, F_MARKS, F_MARK_RATE, F_LONG_WORDS,
	F_COMMON, F_FIRST, F_LAST, F_IMAGES, F_INPUTS, F_KIND, F_LEVEL, F_DEPTH, F_TITLE, F_TITLE_RATE, F_DESCRIPTION, F_DESCRIPTION_RATE, F_REPEATS, F_CUE_RATE,
	F_CUE,
	/* what it is in */
	F_IN = F_CUE + CUES,
	F_LOOK = F_IN + INS,
	/* where it is */
	F_INDEX = F_LOOK + LOOKS, F_TEXT_INDEX, F_BEFORE, F_AFTER, F_SINCE_H1, F_SINCE_TITLE, F_LONG_INDEX, F_SINCE_LONG, F_UNTIL_LONG,
	F_SINCE_HEADING, F_WORDS_SINCE_HEADING, F_HEADING_LEVEL, F_HEADING_WORDS, F_HEADING_LINK, F_HEADING_SAME, F_HEADING_CUE,
	/* the elements around it that hold more than the one inside */
	F_BOX = F_HEADING_CUE + CUES,
	/* the element that holds most of the prose */
	F_UP = F_BOX + BOX_FEATURES * FEATURE_CONTAINERS, F_DOWN, F_COMMON_PAGE, F_COMMON_LINK, F_TOP_SIDE,
	/* elements that come again and again */
	F_ITEM_UP, F_ITEM_COUNT, F_ITEM_CHARS, F_ITEM_LINK, F_ITEM_PAGE, F_ITEM_LONG, F_NAME_COUNT, F_NAME_CHARS, F_NAME_LINK, F_NAME_PAGE,
	/* its neighbours */
	F_NEAR,
	N_WORDS = 0, N_LINK, N_KIND, N_LAST, N_COMMON, N_CUES, N_COMMON_BOX, N_STOPS, NEAR_FEATURES,
	F_WINDOW = F_NEAR + FEATURE_NEAR * NEAR_FEATURES,
	/* the page */
	F_PAGE_CHARS = F_WINDOW + 8, F_PAGE_BLOCKS, F_PAGE_LINK, F_PAGE_LONGS, F_PAGE_LONG, F_PAGE_TOP, F_PAGE_ARTICLES, F_PAGE_HEADINGS, F_PAGE_FORMS, F_PAGE_P, F_PAGE_FONTS,
	F_PAGE_COMMON, F_PAGE_CELLS, F_PAGE_WORDS, F_PAGE_TITLE, F_PAGE_LINKS, F_PAGE_COMMENTS, F_PAGE_PORTUGUESE,
	F_URL_DEPTH, F_URL_LENGTH, F_URL_DIGITS, F_URL_QUERY, F_URL_HTML, F_URL_SLASH,
	FEATURES
};

/* Memory, kept from page to page; zeroed at first. */
struct feature_space {
	struct box_tree tree;
	uint8_t *rows; /* FEATURES bytes for each block, in order */
	size_t cap_rows;
};

void feature_free(struct feature_space *s);
/* Sets s->rows for the blocks of b. url: as captured, may be empty. */
void feature_rows(struct feature_space *s, const struct blocks *b, struct str url);
