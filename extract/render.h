/* render: the kept blocks of a page as text. */
#pragma once
#include "extract/block.h"

/* A line for each block (more where the page breaks lines inside it), the cells of a table's row joined by " | ". */
void render_text(const struct blocks *b, struct buf *out);
/* The same as CommonMark: headings, lists, quotations, preformatted text, tables; blocks apart by an empty line. Nothing is escaped: what
 * the page says stays searchable as it stands. */
void render_markdown(const struct blocks *b, struct buf *out);
