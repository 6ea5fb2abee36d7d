#include "shard/cluster.h"

#include "core/utf8.h"
#include "shard/charclass.h"

#include <unicode/uchar.h>

static int kind(uint32_t c)
{
	int k = u_getIntPropertyValue((UChar32)c, UCHAR_GRAPHEME_CLUSTER_BREAK);
	/* Marks that are newer than ICU. */
	return k == U_GCB_OTHER && charclass_is_later_mark(c) ? U_GCB_EXTEND : k;
}

static bool is_control(int k)
{
	return k == U_GCB_CONTROL || k == U_GCB_CR || k == U_GCB_LF;
}

/* No break between Hangul syllables' parts: GB6 to GB8. */
static bool hangul(int a, int b)
{
	if (a == U_GCB_L)
		return b == U_GCB_L || b == U_GCB_V || b == U_GCB_LV || b == U_GCB_LVT;
	if (a == U_GCB_LV || a == U_GCB_V)
		return b == U_GCB_V || b == U_GCB_T;
	return (a == U_GCB_LVT || a == U_GCB_T) && b == U_GCB_T;
}

const char *cluster_end(const char *p, const char *end)
{
	const char *q = p + 1;
	/* Most are ASCII before ASCII. */
	if (q < end && (unsigned char)*p < 0x80 && (unsigned char)*q < 0x80 && *p != '\r')
		return q;
	q = p;
	uint32_t c = utf8_next(&q, end);
	int k = kind(c);
	unsigned flags = k == U_GCB_REGIONAL_INDICATOR;
	bool picture = u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC); /* picture, then only Extend and ZWJ so far */
	while (q < end) {
		const char *at = q;
		c = utf8_next(&q, end);
		int next = kind(c);
		bool joined = is_control(k) || is_control(next) ? k == U_GCB_CR && next == U_GCB_LF
							      : hangul(k, next) || next == U_GCB_EXTEND || next == U_GCB_ZWJ || next == U_GCB_SPACING_MARK || k == U_GCB_PREPEND;
		bool pictured = u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC);
		joined |= picture && k == U_GCB_ZWJ && pictured;
		joined |= k == U_GCB_REGIONAL_INDICATOR && next == k && flags % 2;
		if (!joined)
			return at;
		flags = next == U_GCB_REGIONAL_INDICATOR ? flags + 1 : 0;
		picture = pictured || (picture && (next == U_GCB_EXTEND || next == U_GCB_ZWJ));
		k = next;
	}
	return q;
}
