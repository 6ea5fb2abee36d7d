#include "crawl/slice.h"

#include "core/buf.h"
#include "core/zout.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

/* Text that does not compress away, from a seed. */
static void fill(struct buf *b, size_t n, uint32_t seed)
{
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		buf_byte(b, (char)('a' + (seed >> 24) % 26));
	}
}

static void add_member(struct buf *out, struct str text)
{
	z_stream z = {0};
	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	buf_reserve(out, deflateBound(&z, text.n) + 64);
	z.next_in = (Bytef *)(uintptr_t)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = (Bytef *)out->p + out->n;
	z.avail_out = (uInt)(out->cap - out->n);
	deflate(&z, Z_FINISH);
	out->n += z.total_out;
	deflateEnd(&z);
}

static char folder[] = "/tmp/slice-XXXXXX";

/* zout compresses by name: these bytes are compressed already. */
static const char *write_stored(const struct buf *b)
{
	static char path[64];
	snprintf(path, sizeof(path), "%s/x.bin", folder);
	zout_file(path, buf_view(b), NULL);
	return path;
}

static void check(const char *what, struct buf *file, const uint64_t *members, size_t n_members, uint64_t size, size_t want)
{
	struct err e = {0};
	uint64_t *cuts;
	size_t n;
	int rc = slice_file(write_stored(file), size, &cuts, &n, &e);
	tap(rc == 0 && n == want, "%s: %zu parts, %zu expected %s", what, n, want, e.msg);
	bool right = cuts[0] == 0;
	for (size_t i = 1; i < n; i++) {
		bool member = false;
		for (size_t k = 0; k < n_members; k++)
			member |= cuts[i] == members[k];
		right &= member && cuts[i] > cuts[i - 1] && cuts[i] >= i * size;
	}
	tap(right, "%s: every cut is where a record begins", what);
	free(cuts);
}

int main(void)
{
	struct buf file, text;
	uint64_t at[64];
	buf_init(&file, BUF_NO_MAX);
	buf_init(&text, BUF_NO_MAX);
	if (!mkdtemp(folder))
		return 1;
	for (int arc = 0; arc < 2; arc++) {
		buf_clear(&file);
		for (unsigned i = 0; i < 40; i++) {
			buf_clear(&text);
			buf_z(&text, arc ? "http://www.exemplo.pt/a 192.0.2.7 20040301120000 text/html 3000\n" : "WARC/1.0\r\nWARC-Type: response\r\n\r\n");
			fill(&text, 3000, i + 1);
			at[i] = file.n;
			add_member(&file, buf_view(&text));
		}
		check(arc ? "ARC" : "WARC", &file, at, 40, file.n / 4, 4);
	}
	/* Members that begin like no record are not cut at. */
	buf_clear(&file);
	for (unsigned i = 0; i < 40; i++) {
		buf_clear(&text);
		fill(&text, 3000, i + 1);
		add_member(&file, buf_view(&text));
	}
	check("members of other text", &file, at, 0, file.n / 4, 1);
	/* One member for the whole file. */
	buf_clear(&file);
	buf_clear(&text);
	for (unsigned i = 0; i < 40; i++) {
		buf_z(&text, "WARC/1.0\r\n\r\n");
		fill(&text, 3000, i + 1);
	}
	add_member(&file, buf_view(&text));
	check("one member", &file, at, 0, file.n / 4, 1);
	check("not compressed", &text, at, 0, text.n / 4, 1);
	struct err e = {0};
	uint64_t *cuts;
	size_t n;
	tap(slice_file("/nonexistent/x.gz", 100, &cuts, &n, &e) < 0 && e.msg[0], "a file that is not there is an error");
	free(cuts);
	unlink(write_stored(&file));
	rmdir(folder);
	buf_free(&file);
	buf_free(&text);
	return tap_done();
}
