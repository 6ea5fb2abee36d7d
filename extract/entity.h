/* entity: character references of HTML (WHATWG HTML 13.2.5.72 and on): numeric ones with the windows-1252 fix-ups, named ones of HTML 4. */
#pragma once
#include "core/buf.h"

/* Text with its references decoded and added to `out`; invisible characters (soft hyphen, zero width, C0 controls but TAB LF) are left
 * out, no-break spaces become spaces. */
void entity_add(struct buf *out, struct str s);
