/* From bytes to text: valid UTF-8 without control characters (LF ends lines, TAB parts cells), the same bytes when run twice, no block twice (each lies behind the one
 * before), and nothing that is put out but what blocks hold. */
#include "extract/block.h"
#include "extract/charset.h"
#include "extract/main_text.h"
#include "extract/render.h"
#include "core/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(struct str bytes, struct arena *a, struct buf *out)
{
	struct blocks b;
	struct charset_result page;
	charset_decode(bytes, (struct str){0}, a, &page);
	block_init(&b, 1 << 20);
	block_read(&b, page.text, a);
	for (int i = 0; i < FACTS; i++)
		if (utf8_valid(b.facts.of[i]) != b.facts.of[i].n || b.facts.of[i].n > 2 * FACTS_MAX)
			abort();
	struct main_text *m = main_text_new();
	main_text_choose(m, &b, STR("http://www.exemplo.pt/a/1.html"));
	main_text_free(m);
	uint32_t at = 0;
	for (uint32_t i = 0; i < b.n; i++) {
		if (b.v[i].at < at || b.v[i].at + b.v[i].n > b.text.n || !b.v[i].n)
			abort();
		at = b.v[i].at + b.v[i].n;
	}
	render_text(&b, out);
	block_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct buf one, two;
	buf_init(&one, BUF_NO_MAX);
	buf_init(&two, BUF_NO_MAX);
	run((struct str){(const char *)data, size}, a, &one);
	run((struct str){(const char *)data, size}, a, &two);
	if (!str_eq(buf_view(&one), buf_view(&two)) || utf8_valid(buf_view(&one)) != one.n)
		abort();
	for (size_t i = 0; i < one.n; i++)
		if ((unsigned char)one.p[i] < 0x20 && one.p[i] != '\n' && one.p[i] != '\t')
			abort();
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
	return 0;
}
