/* Any bytes as a line of an index, as a URL, and as an answer of an archive server: a line that parses prints to one that parses and prints
 * the same; keys and rebuilt responses are bounded by what came in. */
#include "core/doc.h"
#include "crawl/cdx.h"
#include "crawl/memento.h"
#include "crawl/rules.h"
#include "crawl/surt.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct buf one, two;
	struct str in = {(const char *)data, size}, rest;
	struct cdx c, again;
	buf_init(&one, BUF_NO_MAX);
	buf_init(&two, BUF_NO_MAX);
	if (cdx_parse(&c, in, a)) {
		cdx_put(&one, &c);
		if (str_chr(buf_view(&one), '\n') < one.n || !cdx_parse(&again, buf_view(&one), a))
			abort();
		cdx_put(&two, &again);
		if (!str_eq(buf_view(&one), buf_view(&two)))
			abort();
	}
	buf_clear(&one);
	surt_put(&one, in);
	if (one.n > 4 * size + 16)
		abort();
	struct str pattern = str_cut(in, '\n', &rest);
	if (rules_matches(pattern, rest) && rules_is_brazil(rest) && !rest.n)
		abort();
	struct reply r = {.status = 200};
	buf_init(&r.head, BUF_NO_MAX);
	buf_init(&r.body, BUF_NO_MAX);
	buf_str(&r.head, in);
	buf_clear(&two);
	memento_response(&r, &two);
	if (two.n > size + 3 * 4096 + 200 || memento_pause(&r, 1) < 2)
		abort();
	memento_judge(&r, 0);
	memento_date(in);
	buf_free(&r.head);
	buf_free(&r.body);
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
	return 0;
}
