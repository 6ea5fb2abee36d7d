/* charset: bytes of a page to UTF-8.
 *
 * Which encoding, in this order: a byte order mark; UTF-16 by its zero bytes; UTF-8 that is valid, or nearly, whatever the page declares;
 * HTTP's charset; the page's own <meta>; what the bytes look like. Latin-1 means windows-1252 (WHATWG Encoding 4.2). A declaration is
 * believed unless the bytes contradict it: one of another script over Portuguese words, or windows-1252 over text of a Macintosh or DOS.
 * A stray byte in UTF-8 is read as windows-1252; a character cut at the end is left out; UTF-8 encoded twice is undone.
 * Never fails: every byte string is text in some encoding. Reasons and figures: docs/internals/charset.md. */
#pragma once
#include "core/arena.h"

enum { CHARSET_SNIFF = 16384 }; /* bytes in which <meta> is looked for */

struct charset_result {
	struct str text;  /* valid UTF-8; a slice of the input, or in the arena */
	struct str name;  /* WHATWG name in lower case: "utf-8", "windows-1252", ... */
	uint32_t repaired; /* stray bytes, and characters that were encoded twice */
};

/* declared: HTTP's charset parameter, may be empty. */
void charset_decode(struct str bytes, struct str declared, struct arena *a, struct charset_result *out);
/* The encoding that a page's mark or <meta> declares (WHATWG HTML 13.2.3.2), by name; empty when it declares none. */
struct str charset_declared(struct str bytes);
