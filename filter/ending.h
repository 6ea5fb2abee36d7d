/* ending: the ends of lines as Python's str.splitlines knows them: \n \v \f \r \r\n, U+001C to U+001E, U+0085, U+2028, U+2029. */
#pragma once
#include <stddef.h>

/* Length in bytes of the end of a line at p, which is before end; 0: there is none. */
static inline size_t ending_at(const char *p, const char *end)
{
	unsigned char c = (unsigned char)p[0], d = p + 1 < end ? (unsigned char)p[1] : 0;
	if (c < 0x20)
		return c == '\r' && d == '\n' ? 2 : (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E);
	if (c == 0xC2)
		return d == 0x85 ? 2 : 0;
	return c == 0xE2 && d == 0x80 && p + 2 < end && ((unsigned char)p[2] & 0xFE) == 0xA8 ? 3 : 0;
}
