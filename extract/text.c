#include "extract/text.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Everything below U+0300 is in NFC by itself; combining marks and the rest need a look. */
static bool may_change(struct str s)
{
	enum { STEP = 64 };
	size_t i = 0;
	for (uint8_t any = 0; s.n - i >= STEP; i += STEP) {
		for (int k = 0; k < STEP; k++)
			any |= ((unsigned char)s.p[i + k] >= 0xCC) & ((unsigned char)s.p[i + k] != 0xE2);
		if (any)
			return true;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0xCC && (unsigned char)s.p[i] != 0xE2)
			return true;
	return false;
}

struct str text_nfc(struct str s, struct arena *a)
{
	if (!may_change(s))
		return s;
	UErrorCode err = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&err);
	if (U_FAILURE(err) || s.n > INT32_MAX / 8)
		return s;
	int32_t n = 0, m;
	UChar *u = ARENA_ARRAY(a, UChar, s.n + 1);
	u_strFromUTF8(u, (int32_t)s.n + 1, &n, s.p, (int32_t)s.n, &err);
	if (U_FAILURE(err) || unorm2_isNormalized(nfc, u, n, &err))
		return s;
	UChar *v = ARENA_ARRAY(a, UChar, 3 * (size_t)n + 16);
	m = unorm2_normalize(nfc, u, n, v, 3 * n + 16, &err);
	char *out = arena_alloc(a, 3 * (size_t)m + 1);
	int32_t bytes = 0;
	u_strToUTF8(out, 3 * m + 1, &bytes, v, m, &err);
	if (U_FAILURE(err))
		return s;
	arena_shrink(a, out, (size_t)bytes);
	return (struct str){out, (size_t)bytes};
}
