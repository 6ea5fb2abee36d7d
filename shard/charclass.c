#include "shard/charclass.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

uint8_t charclass_low[CHARCLASS_LOW];

enum { IS_LU = U_UPPERCASE_LETTER, IS_LL = U_LOWERCASE_LETTER, IS_LM = U_MODIFIER_LETTER, IS_LO = U_OTHER_LETTER, IS_MN = U_NON_SPACING_MARK, IS_MC = U_COMBINING_SPACING_MARK, IS_ND = U_DECIMAL_DIGIT_NUMBER, IS_PO = U_OTHER_PUNCTUATION, IS_PD = U_DASH_PUNCTUATION, IS_SO = U_OTHER_SYMBOL, IS_SM = U_MATH_SYMBOL };

/* Assigned by Unicode 15.1 and 16.0, which the regular expressions of tokenizers 0.23 know and ICU 72 (15.0) does not: asked when ICU says
 * unassigned. Made by going through all characters with both. */
const struct charclass_range charclass_later[] = {
	{0x897, 0x897, IS_MN}, {0x1B4E, 0x1B4F, IS_PO}, {0x1B7F, 0x1B7F, IS_PO}, {0x1C89, 0x1C89, IS_LU}, {0x1C8A, 0x1C8A, IS_LL}, {0x2427, 0x2429, IS_SO},
	{0x2FFC, 0x2FFF, IS_SO}, {0x31E4, 0x31E5, IS_SO}, {0x31EF, 0x31EF, IS_SO}, {0xA7CB, 0xA7CC, IS_LU}, {0xA7CD, 0xA7CD, IS_LL}, {0xA7DA, 0xA7DA, IS_LU},
	{0xA7DB, 0xA7DB, IS_LL}, {0xA7DC, 0xA7DC, IS_LU}, {0x105C0, 0x105F3, IS_LO}, {0x10D40, 0x10D49, IS_ND}, {0x10D4A, 0x10D4D, IS_LO},
	{0x10D4E, 0x10D4E, IS_LM}, {0x10D4F, 0x10D4F, IS_LO}, {0x10D50, 0x10D65, IS_LU}, {0x10D69, 0x10D6D, IS_MN}, {0x10D6E, 0x10D6E, IS_PD},
	{0x10D6F, 0x10D6F, IS_LM}, {0x10D70, 0x10D85, IS_LL}, {0x10D8E, 0x10D8F, IS_SM}, {0x10EC2, 0x10EC4, IS_LO}, {0x10EFC, 0x10EFC, IS_MN},
	{0x11380, 0x11389, IS_LO}, {0x1138B, 0x1138B, IS_LO}, {0x1138E, 0x1138E, IS_LO}, {0x11390, 0x113B5, IS_LO}, {0x113B7, 0x113B7, IS_LO},
	{0x113B8, 0x113BA, IS_MC}, {0x113BB, 0x113C0, IS_MN}, {0x113C2, 0x113C2, IS_MC}, {0x113C5, 0x113C5, IS_MC}, {0x113C7, 0x113CA, IS_MC},
	{0x113CC, 0x113CD, IS_MC}, {0x113CE, 0x113CE, IS_MN}, {0x113CF, 0x113CF, IS_MC}, {0x113D0, 0x113D0, IS_MN}, {0x113D1, 0x113D1, IS_LO},
	{0x113D2, 0x113D2, IS_MN}, {0x113D3, 0x113D3, IS_LO}, {0x113D4, 0x113D5, IS_PO}, {0x113D7, 0x113D8, IS_PO}, {0x113E1, 0x113E2, IS_MN},
	{0x116D0, 0x116E3, IS_ND}, {0x11BC0, 0x11BE0, IS_LO}, {0x11BE1, 0x11BE1, IS_PO}, {0x11BF0, 0x11BF9, IS_ND}, {0x11F5A, 0x11F5A, IS_MN},
	{0x13460, 0x143FA, IS_LO}, {0x16100, 0x1611D, IS_LO}, {0x1611E, 0x16129, IS_MN}, {0x1612A, 0x1612C, IS_MC}, {0x1612D, 0x1612F, IS_MN},
	{0x16130, 0x16139, IS_ND}, {0x16D40, 0x16D42, IS_LM}, {0x16D43, 0x16D6A, IS_LO}, {0x16D6B, 0x16D6C, IS_LM}, {0x16D6D, 0x16D6F, IS_PO},
	{0x16D70, 0x16D79, IS_ND}, {0x18CFF, 0x18CFF, IS_LO}, {0x1CC00, 0x1CCEF, IS_SO}, {0x1CCF0, 0x1CCF9, IS_ND}, {0x1CD00, 0x1CEB3, IS_SO},
	{0x1E5D0, 0x1E5ED, IS_LO}, {0x1E5EE, 0x1E5EF, IS_MN}, {0x1E5F0, 0x1E5F0, IS_LO}, {0x1E5F1, 0x1E5FA, IS_ND}, {0x1E5FF, 0x1E5FF, IS_PO},
	{0x1F8B2, 0x1F8BB, IS_SO}, {0x1F8C0, 0x1F8C1, IS_SO}, {0x1FA89, 0x1FA89, IS_SO}, {0x1FA8F, 0x1FA8F, IS_SO}, {0x1FABE, 0x1FABE, IS_SO},
	{0x1FAC6, 0x1FAC6, IS_SO}, {0x1FADC, 0x1FADC, IS_SO}, {0x1FADF, 0x1FADF, IS_SO}, {0x1FAE9, 0x1FAE9, IS_SO}, {0x1FBCB, 0x1FBEF, IS_SO},
	{0x2EBF0, 0x2EE5D, IS_LO},
	{0, 0, 0},
};

static unsigned type_of(uint32_t c)
{
	unsigned t = (unsigned)u_charType((UChar32)c);
	for (const struct charclass_range *r = charclass_later; t == U_UNASSIGNED && r->to; r++)
		if (c >= r->from && c <= r->to)
			t = r->type;
	return t;
}

static uint8_t classify(UChar32 c)
{
	uint32_t mask = U_MASK(type_of((uint32_t)c));
	if (mask & (U_GC_LU_MASK | U_GC_LT_MASK))
		return CHAR_UPPER;
	if (mask & U_GC_LL_MASK)
		return CHAR_LOWER;
	if (mask & U_GC_L_MASK)
		return CHAR_LETTER;
	if (mask & U_GC_M_MASK)
		return CHAR_MARK;
	if (mask & U_GC_N_MASK)
		return CHAR_NUMBER;
	return u_isUWhiteSpace(c) ? CHAR_SPACE : CHAR_OTHER;
}

static void fill(void)
{
	for (UChar32 c = 0; c < CHARCLASS_LOW; c++)
		charclass_low[c] = classify(c);
}

void charclass_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fill);
}

uint8_t charclass_high(uint32_t c)
{
	return classify((UChar32)c);
}

bool charclass_is_space(uint32_t c)
{
	return u_isUWhiteSpace((UChar32)c);
}

bool charclass_is_number(uint32_t c)
{
	/* Rust's char::is_numeric is of Unicode 17. */
	return U_MASK(type_of(c)) & U_GC_N_MASK || (c >= 0x11DE0 && c <= 0x11DE9) || (c >= 0x16FF4 && c <= 0x16FF6);
}

/* The crate unicode_categories, which Bert's steps and Punctuation ask, is of Unicode 8. */
static bool is_old(uint32_t c, unsigned version)
{
	UVersionInfo age;
	u_charAge((UChar32)c, age);
	return age[0] <= version;
}

bool charclass_is_punctuation(uint32_t c)
{
	if (c < 0x80)
		return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
	if (c == 0x166D || c == 0x111C9) /* symbols today */
		return true;
	return U_MASK(u_charType((UChar32)c)) & U_GC_P_MASK && is_old(c, 8);
}

bool charclass_is_word(uint32_t c)
{
	uint32_t mask = U_MASK(type_of(c));
	return u_isUAlphabetic((UChar32)c) || mask & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK) || c == 0x200C || c == 0x200D || (mask & U_GC_L_MASK);
}

bool charclass_is_mark(uint32_t c)
{
	return U_MASK(u_charType((UChar32)c)) & U_GC_M_MASK && is_old(c, 9);
}

bool charclass_is_nonspacing(uint32_t c)
{
	if (c == 0x1734 || c == 0x1885 || c == 0x1886) /* changed since */
		return c == 0x1734;
	return u_charType((UChar32)c) == U_NON_SPACING_MARK && is_old(c, 8);
}

bool charclass_is_later_mark(uint32_t c)
{
	return u_charType((UChar32)c) == U_UNASSIGNED && U_MASK(type_of(c)) & U_GC_M_MASK;
}

int charclass_script(uint32_t c)
{
	UErrorCode err = U_ZERO_ERROR;
	UScriptCode s = uscript_getScript((UChar32)c, &err);
	if (c == 0x589 || c == 0x61C) /* changed since */
		return USCRIPT_COMMON;
	if (c == 0x953 || c == 0x954)
		return USCRIPT_DEVANAGARI;
	if (c == ' ' || U_FAILURE(err) || s == USCRIPT_UNKNOWN || !is_old(c, 9))
		return CHARCLASS_ANY;
	return s == USCRIPT_HIRAGANA || s == USCRIPT_KATAKANA || c == 0x30FC ? USCRIPT_HAN : s;
}

bool charclass_is_other(uint32_t c)
{
	return U_MASK(u_charType((UChar32)c)) & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK) && is_old(c, 8);
}

bool charclass_is_ideograph(uint32_t c)
{
	static const uint32_t ranges[][2] = {{0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}
