/* repair: what is wrong with the characters of a text, put right before anything judges it, as ftfy 6 does it.
 *
 * Line by line, until nothing changes: entities (not from the first line with a < on: it may be markup on purpose), garbled encodings
 * (garble.h), C1 controls, ligatures, full and half width, line ends, terminal escapes, control characters, NFC. Quotation marks stay as
 * they are. Most lines are looked at in one pass over their bytes and have nothing wrong with them. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"

enum { REPAIR_LINE_MAX = 64 << 10 }; /* longer lines are repaired in parts of this many bytes */

struct repair;
struct repair *repair_start(void);
struct repair *repair_stop(struct repair *r);
/* Lines of text (valid UTF-8) that changed; 0: nothing was wrong, and out is empty. Else the whole text is in out (cleared first). */
uint32_t repair_text(struct repair *r, struct str text, struct buf *out);
