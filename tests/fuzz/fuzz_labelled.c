/* A line of examples, whatever it is: a text comes out as valid UTF-8, and written as JSON again it is read as the same. */
#include "core/buf.h"
#include "core/json.h"
#include "core/own.h"
#include "core/utf8.h"
#include "filter/labelled.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	char *copy = own_alloc(size + 1);
	struct buf again;
	memcpy(copy, data, size);
	struct labelled x = labelled_line((struct str){copy, size}, a);
	if (utf8_valid(x.text) != x.text.n)
		abort();
	buf_init(&again, BUF_NO_MAX);
	if (utf8_valid(x.label) == x.label.n) {
		buf_z(&again, "{\"label\":");
		json_put_string(&again, x.label);
		buf_z(&again, ",\"more\":[{\"text\":0}],\"text\":");
		json_put_string(&again, x.text);
		buf_byte(&again, '}');
		struct labelled y = labelled_line(buf_view(&again), a);
		if (!str_eq(x.text, y.text) || !str_eq(x.label, y.label))
			abort();
	}
	buf_free(&again);
	free(copy);
	return 0;
}
