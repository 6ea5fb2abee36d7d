/* Masking keeps valid UTF-8 valid, and changes a text when, and only when, it counts something. */
#include "core/utf8.h"
#include "filter/pii.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	for (int style = 0; style < 2; style++) {
		uint32_t counts[PII_KINDS] = {0}, sum = 0;
		bool found = pii_mask(text, (enum pii_style)style, &out, counts);
		for (int i = 0; i < PII_KINDS; i++)
			sum += counts[i];
		if (found != (sum > 0) || (!found && out.n) || (found && utf8_valid(text) == size && utf8_valid(buf_view(&out)) != out.n))
			abort();
	}
	buf_free(&out);
	return 0;
}
