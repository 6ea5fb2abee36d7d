/* The words of a text are in order, do not overlap, and hold every byte that is not white space. */
#include "core/utf8.h"
#include "filter/quality.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool blank(struct str s)
{
	for (const char *p = s.p, *end = p + s.n; p < end;)
		if (!words_is_space(utf8_next(&p, end)))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	double out[QUALITY_SIGNALS];
	if (utf8_valid(text) != size)
		return 0;
	struct quality_work *w = quality_start();
	quality_measure(w, text, out);
	uint32_t at = 0;
	for (uint32_t i = 0; i < w->words.n; i++) {
		struct word k = w->words.v[i];
		if (k.at < at || !blank(str_range(text.p + at, text.p + k.at)) || blank((struct str){text.p + k.at, k.n}) || k.chars != utf8_count((struct str){text.p + k.at, k.n}))
			abort();
		at = k.at + k.n;
	}
	if (!blank(str_from(text, at)))
		abort();
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (out[i] < 0 || isinf(out[i]))
			abort();
	quality_stop(w);
	return 0;
}
