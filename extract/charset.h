/* charset: bytes of a page to UTF-8.
 *
 * Which encoding: a byte order mark; valid UTF-8 (whatever the page declares); HTTP's charset; the page's own <meta>; else windows-1252,
 * which is what Portuguese pages without a declaration are written in. Latin-1 means windows-1252 (WHATWG Encoding, section 4.2).
 * Text that is mostly UTF-8 is read as such, and its stray bytes as windows-1252; a character cut at the end is left out. */
#pragma once
#include "core/arena.h"

enum { CHARSET_SNIFF = 4096 }; /* bytes in which <meta> is looked for */

struct charset_result {
	struct str text;  /* valid UTF-8; a slice of the input, or in the arena */
	struct str name;  /* WHATWG name in lower case: "utf-8", "windows-1252", ... */
	uint32_t repaired; /* stray bytes */
};

/* declared: HTTP's charset parameter, may be empty. Never fails: every byte string is text in some encoding. */
void charset_decode(struct str bytes, struct str declared, struct arena *a, struct charset_result *out);
