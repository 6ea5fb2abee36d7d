/* Members, their stored offsets, damage and what lies behind it. */
#include "crawl/stream.h"
#include "core/buf.h"
#include "tests/fuzz/memory_file.h"
#include "tests/tap.h"

#include <zlib.h>
#include <zstd.h>

static void gz(struct buf *out, const char *text, size_t n)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)n};
	deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	buf_reserve(out, n + 1000);
	z.next_out = (Bytef *)out->p + out->n;
	z.avail_out = (uInt)(out->cap - out->n);
	deflate(&z, Z_FINISH);
	out->n = out->cap - z.avail_out;
	deflateEnd(&z);
}

static void zst(struct buf *out, const char *text, size_t n)
{
	buf_reserve(out, ZSTD_compressBound(n));
	out->n += ZSTD_compress(out->p + out->n, out->cap - out->n, text, n, 3);
}

/* Everything decoded, with "[offset]" where the stored offset changes and "!" for damage. */
static void tour(const struct buf *file, struct buf *out, uint64_t *skipped)
{
	struct stream *s;
	struct err e = {0};
	uint64_t at = UINT64_MAX;
	buf_clear(out);
	*skipped = 0;
	if (stream_open(&s, memory_file(file->p, file->n), 0, 0, &e)) {
		buf_z(out, "failed");
		return;
	}
	for (;;) {
		struct str in;
		int rc = stream_ahead(s, 1, &in, NULL);
		if (in.n && stream_has_members(s) && stream_at(s) != at)
			buf_printf(out, "[%d]", (int)(at = stream_at(s)));
		if (in.n) {
			size_t left = stream_left(s);
			in.n = left < in.n ? left : in.n;
			in.n = in.n > 20 ? 20 : in.n;
			buf_str(out, in);
			stream_skip(s, in.n);
			continue;
		}
		if (rc != STREAM_DAMAGED)
			break;
		buf_byte(out, '!');
		if (stream_resume(s, skipped, NULL))
			break;
	}
	stream_free(s);
}

static void is(const struct buf *got, const char *want, const char *name)
{
	if (!tap(str_eq(buf_view(got), str_of(want)), "%s", name))
		printf("# %.*s\n# instead of %s\n", (int)got->n, got->p, want);
}

int main(void)
{
	struct buf f, out;
	char want[200];
	uint64_t skipped;
	buf_init(&f, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);

	buf_z(&f, "plain text");
	tour(&f, &out, &skipped);
	is(&out, "plain text", "a plain file");

	buf_clear(&f);
	gz(&f, "one", 3);
	size_t two = f.n;
	gz(&f, "", 0);
	size_t three = f.n;
	gz(&f, "two", 3);
	tour(&f, &out, &skipped);
	snprintf(want, sizeof(want), "[0]one[%zu]two", three);
	is(&out, want, "an empty member between two");

	buf_add(&f, "\0\0\0\0\0\0", 6);
	tour(&f, &out, &skipped);
	is(&out, want, "zero bytes behind the last");
	buf_z(&f, "this is no member at all");
	tour(&f, &out, &skipped);
	snprintf(want, sizeof(want), "[0]one[%zu]two!", three);
	is(&out, want, "garbage behind the last");
	tap(skipped == 24, "its %d bytes are counted", (int)skipped);

	f.n = three + 8;
	tour(&f, &out, &skipped);
	snprintf(want, sizeof(want), "[0]one!");
	is(&out, want, "a member cut short");

	buf_clear(&f);
	gz(&f, "one", 3);
	gz(&f, "two", 3);
	size_t last = f.n;
	gz(&f, "three", 5);
	f.p[two + 10] ^= 0x7F;
	tour(&f, &out, &skipped);
	snprintf(want, sizeof(want), "[0]one!");
	tap(str_starts(buf_view(&out), str_of(want)), "what is before damage is given");
	snprintf(want, sizeof(want), "[%zu]three", last);
	tap(str_ends(buf_view(&out), str_of(want)), "the member behind damage is found at its offset");
	tap(skipped == last - two, "the damaged member's %d bytes are counted", (int)skipped);

	/* A wrong checksum is found out behind the last byte. */
	buf_clear(&f);
	gz(&f, "one", 3);
	f.p[f.n - 6] ^= 1;
	last = f.n;
	gz(&f, "two", 3);
	tour(&f, &out, &skipped);
	tap(str_find(buf_view(&out), STR("!")) < out.n && str_ends(buf_view(&out), STR("two")), "a wrong checksum is damage, and passed");

	buf_clear(&f);
	zst(&f, "eins", 4);
	size_t zwei = f.n;
	zst(&f, "zwei", 4);
	tour(&f, &out, &skipped);
	snprintf(want, sizeof(want), "[0]eins[%zu]zwei", zwei);
	is(&out, want, "zstd frames");

	/* One large member: more than any window holds. */
	enum { BIG = 12 << 20 };
	char *big = malloc(BIG);
	uint32_t x = 1;
	for (size_t i = 0; i < BIG; i++)
		big[i] = (char)((x = x * 1664525 + 1013904223) >> 30);
	buf_clear(&f);
	gz(&f, big, BIG);
	size_t next = f.n;
	gz(&f, "end", 3);
	struct stream *s;
	struct err e = {0};
	size_t total = 0;
	bool same = true;
	if (stream_open(&s, memory_file(f.p, f.n), 0, 0, &e) == 0) {
		for (struct str in; stream_ahead(s, 1, &in, &e) == 0 && in.n && stream_at(s) == 0;) {
			size_t n = in.n > 100000 ? 100000 : in.n;
			n = stream_left(s) < n ? stream_left(s) : n;
			same = same && total + n <= BIG && memcmp(in.p, big + total, n) == 0;
			total += n;
			stream_skip(s, n);
		}
		tap(same && total == BIG, "a member of %d MB arrives whole", BIG >> 20);
		tap(stream_at(s) == next, "the next one's offset is right behind it");
		tap(stream_back(s, 10) == 0, "no way back into another member");
		stream_skip(s, 2);
		tap(stream_back(s, 10) == 2, "back within a member");
		stream_free(s);
	}
	free(big);
	buf_free(&f);
	buf_free(&out);
	return tap_done();
}
