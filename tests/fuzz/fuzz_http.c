/* Any bytes as an HTTP response: the body is a slice of the block, what is decoded stays within its ceiling, and decoding is the same again. */
#include "crawl/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct str block = {(const char *)data, size};
	struct http h;
	struct http_body one, two;
	http_parse(&h, block, a);
	if (h.body.n > size || (h.body.n && (h.body.p < block.p || h.body.p + h.body.n > block.p + size)))
		abort();
	http_decode(&h, HTTP_BODY_MAX, a, &one);
	http_decode(&h, HTTP_BODY_MAX, a, &two);
	if (one.bytes.n > HTTP_BODY_MAX || !str_eq(one.bytes, two.bytes) || one.lied != two.lied || one.cut != two.cut)
		abort();
	arena_free(a);
	return 0;
}
