#include "extract/label.h"

#include "extract/tables/label.inc"

static int compare(struct str s, const char *label)
{
	size_t i = 0;
	for (; i < s.n && label[i]; i++) {
		int c = str_lower1((unsigned char)s.p[i]) - (unsigned char)label[i];
		if (c)
			return c;
	}
	return i < s.n ? 1 : label[i] ? -1 : 0;
}

const struct encoding *label_find(struct str s)
{
	size_t lo = 0, hi = sizeof(labels) / sizeof(*labels);
	s = str_trim(s);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = compare(s, labels[mid].label);
		if (c == 0)
			return &encodings[labels[mid].encoding];
		if (c > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
