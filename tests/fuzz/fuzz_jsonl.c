/* What parses prints; what it printed parses to the same line again. */
#include "core/jsonl.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct buf one, two;
	struct doc d, again;
	buf_init(&one, BUF_NO_MAX);
	buf_init(&two, BUF_NO_MAX);
	doc_init(&d);
	if (jsonl_parse(&d, (struct str){(const char *)data, size}, a, true, NULL) == 0) {
		jsonl_print(&d, &one);
		doc_init(&again);
		if (jsonl_parse(&again, buf_view(&one), a, true, NULL) != 0)
			abort();
		jsonl_print(&again, &two);
		if (!str_eq(buf_view(&one), buf_view(&two)))
			abort();
	}
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
	return 0;
}
