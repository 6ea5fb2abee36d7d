/* Every prefix and every flipped byte of small archives: reading ends, and what is not as it was is said. In gzip and zstd files (with
 * checksums) no change goes unnoticed: the captures are those of the whole file, or damage is counted. In plain files a byte of a text may
 * change; there reading has to end, and a file that is cut must say so or end where a record does. */
#include "crawl/archive.h"
#include "crawl/crawl.h"
#include "tests/fuzz/memory_file.h"
#include "tests/tap.h"

#include <libdeflate.h>
#include <xxhash.h>
#include <zstd.h>

#define PAGE "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Uma carta da avo.</p></html>"
#define WARC(type, n, block, length) \
	"WARC/1.0\r\nWARC-Type: " type "\r\nWARC-Record-ID: <urn:x:" n ">\r\nWARC-Target-URI: http://a.pt/" n "\r\nWARC-Date: 2009-01-0" n "T00:00:00Z\r\nContent-Length: " length "\r\n\r\n" block "\r\n\r\n"

static const char *const warc[] = {WARC("response", "1", PAGE, "81"), WARC("request", "2", "GET /2 HTTP/1.1\r\n\r\n", "19"), WARC("response", "3", PAGE, "81"), NULL};
static const char *const arc[] = {"filedesc://x.arc 0.0.0.0 19970101000000 text/plain 20\n1 0 Alexa Internet\n\n\n\n\n", "http://a.pt/1 1.2.3.4 19970102000000 text/html 81\n" PAGE "\n",
	"http://a.pt/2 1.2.3.4 19970103000000 text/html 81\n" PAGE "\n", NULL};

enum form { PLAIN, GZIP, ZSTD };

static void build(struct buf *out, const char *const *records, enum form form)
{
	struct libdeflate_compressor *gz = libdeflate_alloc_compressor(6);
	ZSTD_CCtx *z = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	buf_clear(out);
	for (; *records; records++) {
		size_t n = strlen(*records);
		buf_reserve(out, n + 1000);
		if (form == GZIP)
			out->n += libdeflate_gzip_compress(gz, *records, n, out->p + out->n, out->cap - out->n);
		else if (form == ZSTD)
			out->n += ZSTD_compress2(z, out->p + out->n, out->cap - out->n, *records, n);
		else
			buf_add(out, *records, n);
	}
	libdeflate_free_compressor(gz);
	ZSTD_freeCCtx(z);
}

struct seen {
	uint64_t captures; /* of what they say, in order */
	unsigned n, dropped;
	uint64_t damaged, skipped;
	int rc;
	bool message;
};

static struct seen tour(const void *p, size_t n, struct batch *b)
{
	static const struct crawl_conf conf = {.max_size = 1 << 20, .any_status = true, .any_mime = true};
	const char *path = memory_file(p, n);
	struct seen s = {0};
	struct err e = {0};
	void *source, *stage;
	if (crawl_stage.open(&stage, &conf, &e) || archive_source.open(&source, &path, 1, &conf, &e))
		abort();
	b->tally = tally_new(NULL, 0);
	struct arena *worker = arena_new(1 << 16);
	for (unsigned turns = 0; turns < 1000; turns++) {
		b->n = 0;
		b->bytes = 0;
		arena_reset(b->arena, 1 << 20);
		s.rc = archive_source.pull(source, b, &e);
		if (s.rc <= 0)
			break;
		crawl_stage.map(stage, worker, b, &e);
		for (unsigned i = 0; i < b->n; i++) {
			const struct doc *d = &b->docs[i];
			s.dropped += d->drop != NULL;
			if (d->drop)
				continue;
			s.n++;
			s.captures = XXH3_64bits_withSeed(d->html.p, d->html.n, s.captures ^ (uint64_t)d->date);
			s.captures = XXH3_64bits_withSeed(d->url.p, d->url.n, s.captures);
		}
	}
	s.damaged = tally_damaged(b->tally);
	s.skipped = tally_noted(b->tally, "crawl.skipped_bytes");
	s.message = s.rc == 0 || e.msg[0];
	archive_source.close(source);
	arena_free(worker);
	crawl_stage.close(stage, false, NULL, NULL);
	b->tally = tally_free(b->tally);
	return s;
}

/* A file may end between two records, in plain files also within the line ends behind one: then nothing is wrong, and all that is there is as
 * it was. */
static bool at_an_end(const char *const *records, enum form form, size_t n)
{
	struct buf part;
	const char *some[4] = {0};
	bool yes = n == 0;
	buf_init(&part, BUF_NO_MAX);
	for (size_t k = 0; records[k] && !yes; k++) {
		some[k] = records[k];
		build(&part, some, form);
		yes = n == part.n || (form == PLAIN && n < part.n && n + 4 >= part.n);
	}
	buf_free(&part);
	return yes;
}

static void cuts(const char *name, const char *const *records, enum form form)
{
	struct buf file;
	struct batch *b = own_zalloc(sizeof(*b));
	unsigned quiet = 0, silent = 0, endless = 0;
	buf_init(&file, BUF_NO_MAX);
	b->arena = arena_new(1 << 16);
	build(&file, records, form);
	struct seen whole = tour(file.p, file.n, b);
	tap(whole.n == 2 && !whole.damaged && !whole.rc, "%s: whole: %u captures of %zu bytes", name, whole.n, file.n);
	for (size_t i = 0; i < file.n; i++) {
		struct seen s = tour(file.p, i, b);
		endless += s.rc > 0;
		silent += !s.message;
		if (!s.rc && s.captures != whole.captures && !s.damaged && !s.dropped && !at_an_end(records, form, i)) {
			quiet++;
			printf("# %s cut at %zu: %u captures, nothing said\n", name, i, s.n);
		}
	}
	tap(!quiet && !silent && !endless, "%s: every prefix says what is missing", name);
	quiet = silent = endless = 0;
	for (size_t i = 0; i < 8 * file.n; i += 3) {
		file.p[i / 8] ^= (char)(1 << (i & 7));
		struct seen s = tour(file.p, file.n, b);
		file.p[i / 8] ^= (char)(1 << (i & 7));
		endless += s.rc > 0;
		silent += !s.message;
		if (form != PLAIN && !s.rc && s.captures != whole.captures && !s.damaged && !s.dropped) {
			quiet++;
			printf("# %s bit %zu of byte %zu: %u captures, nothing said\n", name, i & 7, i / 8, s.n);
		}
	}
	tap(!quiet && !silent && !endless, "%s: every third bit, flipped, is noticed, or nothing depends on it", name);
	arena_free(b->arena);
	free(b);
	buf_free(&file);
}

int main(void)
{
	cuts("warc", warc, PLAIN);
	cuts("arc", arc, PLAIN);
	cuts("warc.gz", warc, GZIP);
	cuts("arc.gz", arc, GZIP);
	cuts("warc.zst", warc, ZSTD);
	return tap_done();
}
