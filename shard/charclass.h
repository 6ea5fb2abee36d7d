/* charclass: classes of characters that the regular expressions of tokenizers ask for: \p{L} in its parts, \p{M}, \p{N}, \s.
 *
 * Characters below CHARCLASS_LOW come from a table, the rest from ICU. charclass_prepare fills the table; call it before the first use. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHARCLASS_LOW = 0x3000, CHARCLASS_ANY = -1 };

/* One bit each, so that a set is an or of them. */
enum {
	CHAR_OTHER = 1,
	CHAR_UPPER = 2,	 /* Lu Lt */
	CHAR_LOWER = 4,	 /* Ll    */
	CHAR_LETTER = 8, /* Lm Lo */
	CHAR_MARK = 16,	 /* Mn Mc Me */
	CHAR_NUMBER = 32,
	CHAR_SPACE = 64, /* White_Space */
	CHAR_L = CHAR_UPPER | CHAR_LOWER | CHAR_LETTER,
};

extern uint8_t charclass_low[CHARCLASS_LOW];

/* Characters newer than ICU: type is ICU's number of the general category. Ended by to = 0. */
struct charclass_range {
	uint32_t from, to;
	unsigned type;
};
extern const struct charclass_range charclass_later[];

void charclass_prepare(void);
uint8_t charclass_high(uint32_t c);

static inline uint8_t charclass_of(uint32_t c)
{
	return c < CHARCLASS_LOW ? charclass_low[c] : charclass_high(c);
}

/* White_Space; decimal, letter and other numbers (N); punctuation (ASCII's own and P); \w of UTS 18; CJK ideographs as BERT has them. */
bool charclass_is_space(uint32_t c);
bool charclass_is_number(uint32_t c);
bool charclass_is_punctuation(uint32_t c);
bool charclass_is_word(uint32_t c);
bool charclass_is_mark(uint32_t c);	/* M, as StripAccents knows it: of Unicode 9 */
bool charclass_is_nonspacing(uint32_t c); /* Mn, as Bert's steps know it */
bool charclass_is_later_mark(uint32_t c); /* M, newer than ICU */
bool charclass_is_other(uint32_t c); /* control, format, private use */
bool charclass_is_ideograph(uint32_t c);
/* Its script, a number that is the same for characters of one script (tokenizers/src/pre_tokenizers/unicode_scripts: Hiragana and Katakana are Han);
 * CHARCLASS_ANY: a space, or not assigned. */
int charclass_script(uint32_t c);

/* The bit of the character at p (< end, valid UTF-8), and its length. */
static inline uint8_t charclass_at(const char *p, const char *end, size_t *n)
{
	const unsigned char *u = (const unsigned char *)p;
	if (u[0] < 0x80) {
		*n = 1;
		return charclass_low[u[0]];
	}
	if (u[0] < 0xE0 && end - p >= 2) {
		*n = 2;
		return charclass_low[(u[0] & 0x1F) << 6 | (u[1] & 0x3F)];
	}
	if (u[0] < 0xF0 && end - p >= 3) {
		*n = 3;
		return charclass_of((uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 | (u[2] & 0x3F));
	}
	*n = end - p >= 4 ? 4 : (size_t)(end - p);
	return *n < 4 ? CHAR_OTHER : charclass_of((uint32_t)(u[0] & 7) << 18 | (uint32_t)(u[1] & 0x3F) << 12 | (uint32_t)(u[2] & 0x3F) << 6 | (u[3] & 0x3F));
}
