/* entity: character references (WHATWG HTML 13.2.5.72 to .80, all 2,231 names of 13.5), and the text between them as a reader sees it. */
#pragma once
#include "core/buf.h"

/* The reference that s, what follows a "&", begins with: its bytes, 0 = none. c[1] is 0 but for the 93 names of two characters.
 * Longest name wins; in an attribute a name without its semicolon does not count before "=" or a letter or digit. */
size_t entity_match(struct str s, bool attribute, uint32_t c[2]);
/* Text as the standard has it: references decoded, nothing else changed. */
void entity_decode(struct buf *out, struct str s, bool attribute);

/* Text to be read: references decoded; soft hyphens, zero-width characters, directional marks and controls left out; spaces of any kind,
 * TAB, LF and CR as one space each. s is valid UTF-8, and so is what is added. */
void entity_add(struct buf *out, struct str s);
/* The same on one line: each run of blanks becomes one space; none is added at `floor`, nor behind a space or LF that `out` has after
 * floor. In one pass, 16 bytes at a time where nothing changes. */
void entity_line(struct buf *out, size_t floor, struct str s);
