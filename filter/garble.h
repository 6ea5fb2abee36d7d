/* garble: text that was UTF-8 and was read as something else ("Ã§Ã£o"), told and undone as ftfy 6 does it.
 *
 * A line is bad when it holds characters side by side that hardly ever stand so (a small accented letter before a currency sign). A bad
 * line is encoded again in the first of ten encodings that can and whose bytes are then UTF-8; where that does not work for the whole
 * line, for its runs that look like UTF-8 bytes. The heuristic and its classes are Robyn Speer's (ftfy, Apache-2.0; tables/garble.py).
 * Not done: CESU-8 surrogate pairs. */
#pragma once
#include "core/arena.h"

struct garble_text {
	uint32_t *c, n; /* characters */
};

/* May a line that has b right behind a be bad? No false "no": false for every pair means that no rule but garble_alone matches. */
bool garble_pair(uint32_t a, uint32_t b);
/* May a line be bad for this character, whatever stands beside it (or a blank)? */
bool garble_alone(uint32_t c);
bool garble_is_bad(struct garble_text t);
/* The text with its encoding undone as often as it takes; the same array when it is not bad. New arrays are in the arena. */
struct garble_text garble_fix(struct garble_text t, struct arena *a);
/* What windows-1252 has for a C1 control character. */
uint32_t garble_c1(uint32_t c);
