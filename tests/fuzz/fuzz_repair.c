/* What comes out is valid UTF-8 without control characters, and a text with nothing wrong in it is left alone. */
#include "core/utf8.h"
#include "filter/repair.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct buf out;
	if (utf8_valid(text) != size)
		return 0;
	struct repair *r = repair_start();
	buf_init(&out, BUF_NO_MAX);
	uint32_t lines = repair_text(r, text, &out);
	struct str got = lines ? buf_view(&out) : text;
	if (utf8_valid(got) != got.n || (!lines && out.n) || (lines && str_eq(got, text)))
		abort();
	for (size_t i = 0; i < got.n; i++)
		if ((unsigned char)got.p[i] < 9 || got.p[i] == 0x7F || got.p[i] == '\r')
			abort();
	buf_free(&out);
	repair_stop(r);
	return 0;
}
