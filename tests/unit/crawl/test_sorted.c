/* Lines sorted in little memory, over many runs, against qsort. */
#include "core/buf.h"
#include "crawl/cdx.h"
#include "crawl/sorted.h"
#include "tests/tap.h"

#include <stdlib.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sorts(size_t n, size_t memory)
{
	struct sorted *s = sorted_new(NULL, memory);
	char **want = own_alloc((n + 1) * sizeof(*want)), text[64];
	uint32_t x = 7;
	struct str line;
	struct err e = {0};
	size_t got = 0;
	bool same = true;
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		snprintf(text, sizeof(text), "%*s%u", (int)(x >> 28), "", x >> 16);
		want[i] = own_strdup(text);
		same = same && sorted_add(s, str_of(text), &e) == 0;
	}
	qsort(want, n, sizeof(*want), by_text);
	while (sorted_next(s, &line, &e) == 1) {
		same = same && got < n && str_eq(line, str_of(want[got]));
		got++;
	}
	tap(same && got == n && !e.code, "%zu lines in %zu bytes", n, memory);
	for (size_t i = 0; i < n; i++)
		free(want[i]);
	free(want);
	sorted_free(s);
}

static void reads(const char *line, const char *want)
{
	struct arena *a = arena_new(0);
	struct cdx c;
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	if (cdx_parse(&c, str_of(line), a))
		cdx_put(&out, &c);
	if (!tap(str_eq(buf_view(&out), str_of(want)), "%s", line))
		printf("# %.*s\n", (int)out.n, out.p);
	buf_free(&out);
	arena_free(a);
}

int main(void)
{
	sorts(0, 0);
	sorts(1, 0);
	sorts(3000, 0);
	sorts(150000, 0); /* more runs than are merged at a time */
	sorts(50000, 100 << 20);

	const char *full = "pt,a)/ 20040301120000 {\"url\": \"http://a.pt/\", \"mime\": \"text/html\", \"status\": \"200\", \"digest\": \"ABC\", \"length\": \"7\", \"offset\": \"5\", \"filename\": \"x.arc.gz\"}";
	reads(full, full);
	reads("{\"urlkey\": \"pt,a)/\", \"timestamp\": \"20040301120000\", \"url\": \"http://a.pt/\", \"load_url\": {\"x\": [1]}}", "pt,a)/ 20040301120000 {\"url\": \"http://a.pt/\"}");
	reads("{\"timestamp\": \"20040301120000\", \"url\": \"http://www.a.pt/X\", \"offset\": 12, \"length\": 3, \"filename\": \"f\"}",
	      "pt,a)/x 20040301120000 {\"url\": \"http://www.a.pt/X\", \"length\": \"3\", \"offset\": \"12\", \"filename\": \"f\"}");
	reads(" CDX N b a m s k r M S V g", "");
	reads("pt,a)/ today {\"url\": \"http://a.pt/\"}", "");
	reads("pt,a)/ 20040301120000 {\"url\": \"http://a.pt/\"", "");
	reads("", "");
	return tap_done();
}
