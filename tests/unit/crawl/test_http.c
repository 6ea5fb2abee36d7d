/* HTTP responses inside records: heads as servers wrote them, codings in any mix, codings that lie. */
#include "core/buf.h"
#include "crawl/decode.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <zlib.h>
#include <zstd.h>

static struct str deflated(struct arena *a, const char *text, int bits)
{
	size_t n = strlen(text);
	char *p = arena_alloc(a, n + 200);
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)n, .next_out = (Bytef *)p, .avail_out = (uInt)n + 200};
	deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return (struct str){p, n + 200 - z.avail_out};
}

/* "abracadabra" as brotli stores it: one uncompressed meta-block. */
static const char brotli[] = "\x0b\x05\x80" "abracadabra" "\x03";

static void add(void *self, struct str piece)
{
	buf_str(self, piece);
}

/* The same, a few bytes at a time. */
static void in_pieces(const struct http *h, const struct http_body *want, const char *name)
{
	static const size_t steps[] = {1, 2, 7, 1000000};
	bool same = true, lied, cut;
	for (size_t k = 0; k < sizeof(steps) / sizeof(*steps); k++) {
		struct buf got;
		buf_init(&got, BUF_NO_MAX);
		struct decode *d = decode_new(h, UINT64_MAX, add, &got);
		for (size_t i = 0; i < h->body.n; i += steps[k])
			decode_add(d, str_head(str_from(h->body, i), steps[k]));
		decode_end(d, &lied, &cut);
		same &= str_eq(buf_view(&got), want->bytes) && lied == want->lied && cut == want->cut;
		if (!same)
			printf("# %zu at a time: %.*s lied %d cut %d\n", steps[k], (int)got.n, got.p, lied, cut);
		buf_free(&got);
	}
	tap(same, "in pieces: %s", name);
}

static void decodes(const char *name, const char *fields, struct str body, const char *want, bool lied, bool cut)
{
	struct arena *a = arena_new(0);
	struct http h;
	struct http_body out;
	struct str head = arena_printf(a, "HTTP/1.1 200 OK\r\n%s\r\n", fields);
	char *p = arena_alloc(a, head.n + body.n);
	memcpy(p, head.p, head.n);
	memcpy(p + head.n, body.p, body.n);
	http_parse(&h, (struct str){p, head.n + body.n}, a);
	http_decode(&h, HTTP_BODY_MAX, a, &out);
	if (!tap(str_eq(out.bytes, str_of(want)) && out.lied == lied && out.cut == cut, "%s", name))
		printf("# %.*s lied %d cut %d\n", STR_ARG(out.bytes), out.lied, out.cut);
	in_pieces(&h, &out, name);
	arena_free(a);
}

int main(void)
{
	static const struct {
		const char *name, *block, *mime, *charset, *body;
		unsigned status;
	} heads[] = {
		{"as it should be", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\nabc", "text/html", "utf-8", "abc", 200},
		{"LF alone, no reason", "HTTP/1.0 404\nContent-type:TEXT/HTML;charset=\"ISO-8859-1\"\n\nabc", "text/html", "ISO-8859-1", "abc", 404},
		{"no fields", "HTTP/1.0 200 OK\r\n\r\nabc", "", "", "abc", 200},
		{"two types", "HTTP/1.0 200 OK\r\nContent-Type: text/html, text/plain\r\n\r\n", "text/html", "", "", 200},
		{"no empty line before the markup", "HTTP/1.0 200 Document follows\r\nContent-length: 30\r\n<HTML>\r\nHello", "", "", "<HTML>\r\nHello", 200},
		{"a head and no end", "HTTP/1.0 200 OK\r\nServer: x", "", "", "", 200},
		{"a folded field", "HTTP/1.0 200 OK\r\nX: a\r\n b: c\r\nContent-Type: text/plain\r\n\r\nz", "text/plain", "", "z", 200},
		{"no HTTP", "<html>", "", "", "<html>", 0},
	};
	struct arena *a = arena_new(0);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct http h;
		http_parse(&h, str_of(heads[i].block), a);
		if (!tap(h.status == heads[i].status && str_eq(h.mime, str_of(heads[i].mime)) && str_eq(h.charset, str_of(heads[i].charset)) && str_eq(h.body, str_of(heads[i].body)), "%s", heads[i].name))
			printf("# %u '%.*s' '%.*s' '%.*s'\n", h.status, STR_ARG(h.mime), STR_ARG(h.charset), STR_ARG(h.body));
	}
	struct str gz = deflated(a, "abracadabra", 31), zl = deflated(a, "abracadabra", 15), raw = deflated(a, "abracadabra", -15);
	char z[200];
	struct str zs = {z, ZSTD_compress(z, sizeof(z), "abracadabra", 11, 3)};
	struct str twice = arena_printf(a, "%.*s", 0, "");
	char *two = arena_alloc(a, 2 * gz.n);
	memcpy(two, gz.p, gz.n);
	memcpy(two + gz.n, gz.p, gz.n);
	twice = (struct str){two, 2 * gz.n};
	decodes("plain", "", STR("abc"), "abc", false, false);
	decodes("gzip", "Content-Encoding: gzip\r\n", gz, "abracadabra", false, false);
	decodes("x-gzip in two members", "Content-Encoding: x-gzip\r\n", twice, "abracadabraabracadabra", false, false);
	decodes("deflate in zlib's format", "Content-Encoding: deflate\r\n", zl, "abracadabra", false, false);
	decodes("deflate raw", "Content-Encoding: deflate\r\n", raw, "abracadabra", false, false);
	char *many = arena_zalloc(a, 200001);
	memset(many, 'a', 200000);
	struct str large = deflated(a, many, 15), large_raw = deflated(a, many, -15), torn = zl;
	decodes("deflate to a hundred times its size", "Content-Encoding: deflate\r\n", large, many, false, false);
	decodes("the same raw", "Content-Encoding: deflate\r\n", large_raw, many, false, false);
	torn.n -= 4; /* the checksum */
	decodes("deflate without its end", "Content-Encoding: deflate\r\n", torn, "abracadabra", false, true);
	decodes("br", "Content-Encoding: br\r\n", (struct str){brotli, sizeof(brotli) - 1}, "abracadabra", false, false);
	decodes("zstd", "Content-Encoding: zstd\r\n", zs, "abracadabra", false, false);
	decodes("gzip that is none", "Content-Encoding: gzip\r\n", STR("<html>"), "<html>", true, false);
	decodes("br that is none", "Content-Encoding: br\r\n", STR("<html>"), "<html>", true, false);
	decodes("a coding nobody knows", "Content-Encoding: sdch\r\n", STR("abc"), "abc", false, false);
	decodes("identity, then gzip", "Content-Encoding: identity, gzip\r\n", gz, "abracadabra", false, false);
	decodes("chunks", "Transfer-Encoding: chunked\r\n", STR("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"), "abcde", false, false);
	decodes("chunks with LF and blanks", "Transfer-Encoding: chunked\r\n", STR("3 \nabc\n 2\nde\n0\n\n"), "abcde", false, false);
	decodes("chunks cut short", "Transfer-Encoding: chunked\r\n", STR("3\r\nabc\r\n9\r\nde"), "abcde", false, true);
	decodes("chunks that are none", "Transfer-Encoding: chunked\r\n", STR("<html>"), "<html>", true, false);
	char chunked[300];
	int n = snprintf(chunked, sizeof(chunked), "%zx\r\n", gz.n);
	memcpy(chunked + n, gz.p, gz.n);
	n += (int)gz.n;
	n += snprintf(chunked + n, sizeof(chunked) - (size_t)n, "\r\n0\r\n\r\n");
	decodes("gzip in chunks", "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", (struct str){chunked, (size_t)n}, "abracadabra", false, false);
	decodes("gzip as a transfer coding", "Transfer-Encoding: gzip, chunked\r\n", (struct str){chunked, (size_t)n}, "abracadabra", false, false);
	decodes("gzip without its trailer", "Content-Encoding: gzip\r\n", str_head(gz, gz.n - 8), "abracadabra", false, true);
	arena_free(a);
	return tap_done();
}
