/* Any bytes as an HTTP response: the body is a slice of the block, what is decoded stays within its ceiling, and decoding is the same again,
 * and the same in pieces (but for what brotli and zstd give before a fault). */
#include "core/buf.h"
#include "crawl/decode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(void *self, struct str piece)
{
	buf_str(self, piece);
}

/* Brotli and zstd: how much there is before a fault is theirs to say. */
static bool has_blocks(struct str list)
{
	for (size_t i = 0; i < list.n; i++)
		if (str_starts_ci(str_from(list, i), STR("br")) || str_starts_ci(str_from(list, i), STR("zstd")))
			return true;
	return false;
}

static void in_pieces(const struct http *h, size_t step, const struct http_body *want)
{
	struct buf got;
	bool lied, cut;
	buf_init(&got, BUF_NO_MAX);
	struct decode *d = decode_new(h, UINT64_MAX, add, &got);
	for (size_t i = 0; i < h->body.n; i += step)
		decode_add(d, str_head(str_from(h->body, i), step));
	decode_end(d, &lied, &cut);
	if (want->bytes.n < HTTP_BODY_MAX && (!str_eq(buf_view(&got), want->bytes) || lied != want->lied || cut != want->cut))
		abort();
	buf_free(&got);
}

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
	if ((!one.lied && !one.cut) || (!has_blocks(h.content_coding) && !has_blocks(h.transfer_coding))) {
		in_pieces(&h, 1 + size % 13, &one);
		in_pieces(&h, size + 1, &one);
	}
	arena_free(a);
	return 0;
}
