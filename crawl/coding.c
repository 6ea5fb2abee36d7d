#include "crawl/coding.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

struct grow {
	struct arena *a;
	char *p;
	size_t n, cap, max;
};

static bool room(struct grow *g)
{
	if (g->n < g->cap)
		return true;
	if (g->cap >= g->max)
		return false;
	size_t cap = g->cap * 2 < g->max ? g->cap * 2 : g->max;
	g->p = arena_grow(g->a, g->p, g->cap, cap);
	g->cap = cap;
	return true;
}

static struct grow grow_new(struct arena *a, size_t hint, size_t max)
{
	size_t cap = hint < 4096 ? 4096 : hint;
	cap = cap < max ? cap : max;
	return (struct grow){.a = a, .p = arena_alloc(a, cap), .cap = cap, .max = max};
}

static int finish(struct grow *g, int rc, struct str *out)
{
	arena_shrink(g->a, g->p, g->n);
	*out = (struct str){g->p, g->n};
	return rc == CODING_CUT && g->n == 0 ? CODING_NOT : rc;
}

static int inflate_all(struct str in, int bits, struct grow *g)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};
	int rc = CODING_CUT;
	if (inflateInit2(&z, bits) != Z_OK)
		return CODING_NOT;
	while (room(g)) {
		z.next_out = (Bytef *)g->p + g->n;
		z.avail_out = (uInt)(g->cap - g->n);
		int r = inflate(&z, Z_NO_FLUSH);
		g->n = g->cap - z.avail_out;
		if (r == Z_STREAM_END && bits > 15 && z.avail_in > 2 && z.next_in[0] == 0x1F && z.next_in[1] == 0x8B && inflateReset(&z) == Z_OK)
			continue; /* several members */
		if (r == Z_STREAM_END)
			rc = CODING_OK;
		if (r != Z_OK || (z.avail_in == 0 && z.avail_out))
			break;
	}
	inflateEnd(&z);
	return rc;
}

static uint32_t le32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* One whole member whose last four bytes say how long it is: the usual case, in one go at twice the speed of zlib. */
static bool whole_gzip(struct str in, size_t max, struct arena *a, struct str *out)
{
	size_t size = in.n < 18 ? 0 : le32(in.p + in.n - 4), taken, given;
	if (!size || size > max || size / 1032 > in.n) /* deflate does not shrink further than 1032 to 1 */
		return false;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	char *p = arena_alloc(a, size);
	bool done = d && libdeflate_gzip_decompress_ex(d, in.p, in.n, p, size, &taken, &given) == LIBDEFLATE_SUCCESS && taken == in.n;
	libdeflate_free_decompressor(d);
	if (done)
		*out = (struct str){p, given};
	else
		arena_shrink(a, p, 0);
	return done;
}

static int undo_gzip(struct str in, size_t max, struct arena *a, struct str *out)
{
	if (in.n < 3 || (unsigned char)in.p[0] != 0x1F || (unsigned char)in.p[1] != 0x8B)
		return CODING_NOT;
	if (whole_gzip(in, max, a, out))
		return CODING_OK;
	struct grow g = grow_new(a, in.n * 5, max);
	return finish(&g, inflate_all(in, 15 + 16, &g), out);
}

/* All of it in one go, when there is room and nothing is wrong with it. */
static bool whole_deflate(struct str in, bool zlib, struct grow *g)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	size_t taken;
	enum libdeflate_result r = LIBDEFLATE_BAD_DATA;
	if (d && zlib)
		r = libdeflate_zlib_decompress_ex(d, in.p, in.n, g->p, g->cap, &taken, &g->n);
	else if (d)
		r = libdeflate_deflate_decompress_ex(d, in.p, in.n, g->p, g->cap, &taken, &g->n);
	libdeflate_free_decompressor(d);
	if (r != LIBDEFLATE_SUCCESS)
		g->n = 0;
	return r == LIBDEFLATE_SUCCESS;
}

/* "deflate" is zlib's format by RFC 9110; many servers send it raw. */
static int undo_deflate(struct str in, size_t max, struct arena *a, struct str *out)
{
	struct grow g = grow_new(a, in.n * 6, max);
	bool zlib = in.n > 2 && (in.p[0] & 0x0F) == 8 && (((unsigned char)in.p[0] << 8) + (unsigned char)in.p[1]) % 31 == 0;
	if (whole_deflate(in, zlib, &g))
		return finish(&g, CODING_OK, out);
	int rc = zlib ? inflate_all(in, 15, &g) : inflate_all(in, -15, &g);
	if (rc != CODING_OK && g.n == 0)
		return CODING_NOT;
	return finish(&g, rc, out);
}

static int undo_brotli(struct str in, size_t max, struct arena *a, struct str *out)
{
	struct grow g = grow_new(a, in.n * 5, max);
	BrotliDecoderState *s = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	const uint8_t *from = (const uint8_t *)in.p;
	size_t left = in.n;
	int rc = CODING_CUT;
	while (room(&g)) {
		uint8_t *to = (uint8_t *)g.p + g.n;
		size_t space = g.cap - g.n;
		BrotliDecoderResult r = BrotliDecoderDecompressStream(s, &left, &from, &space, &to, NULL);
		g.n = g.cap - space;
		if (r == BROTLI_DECODER_RESULT_SUCCESS)
			rc = CODING_OK;
		if (r != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
			if (r == BROTLI_DECODER_RESULT_ERROR)
				rc = CODING_NOT;
			break;
		}
	}
	BrotliDecoderDestroyInstance(s);
	return rc == CODING_NOT ? rc : finish(&g, rc, out);
}

static int undo_zstd(struct str in, size_t max, struct arena *a, struct str *out)
{
	struct grow g = grow_new(a, in.n * 5, max);
	ZSTD_DCtx *d = ZSTD_createDCtx();
	ZSTD_inBuffer i = {in.p, in.n, 0};
	int rc = CODING_CUT;
	ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, 27);
	while (room(&g)) {
		ZSTD_outBuffer o = {g.p + g.n, g.cap - g.n, 0};
		size_t r = ZSTD_decompressStream(d, &o, &i);
		g.n += o.pos;
		if (ZSTD_isError(r)) {
			rc = g.n ? CODING_CUT : CODING_NOT;
			break;
		}
		if (r == 0)
			rc = CODING_OK;
		if (i.pos == i.size && o.pos < o.size)
			break;
	}
	ZSTD_freeDCtx(d);
	return rc == CODING_NOT ? rc : finish(&g, rc, out);
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int64_t coding_chunk(struct str *s)
{
	size_t i = 0, digits = 0;
	int64_t n = 0;
	while (i < s->n && (s->p[i] == ' ' || s->p[i] == '\t'))
		i++;
	for (; i < s->n && hex(s->p[i]) >= 0; i++, digits++) {
		if (n > INT64_MAX >> 5)
			return -1;
		n = n * 16 + hex(s->p[i]);
	}
	size_t eol = str_chr(str_from(*s, i), '\n');
	if (!digits || i + eol == s->n || (i < s->n && s->p[i] != '\r' && s->p[i] != '\n' && s->p[i] != ';' && s->p[i] != ' '))
		return -1;
	*s = str_from(*s, i + eol + 1);
	return n;
}

static int undo_chunked(struct str in, size_t max, struct arena *a, struct str *out)
{
	char *p = arena_alloc(a, (in.n < max ? in.n : max) + 1);
	size_t n = 0;
	int rc = CODING_CUT;
	struct str first = in;
	if (coding_chunk(&first) < 0)
		return CODING_NOT;
	for (;;) {
		int64_t size = coding_chunk(&in);
		if (size == 0)
			rc = CODING_OK;
		if (size <= 0)
			break;
		size_t take = (uint64_t)size < in.n ? (size_t)size : in.n;
		if (n + take > max)
			take = max - n;
		memcpy(p + n, in.p, take);
		n += take;
		if (take < (uint64_t)size)
			break;
		in = str_from(in, take);
		if (str_starts(in, STR("\r\n")))
			in = str_from(in, 2);
		else if (str_starts(in, STR("\n")))
			in = str_from(in, 1);
	}
	arena_shrink(a, p, n);
	*out = (struct str){p, n};
	return rc;
}

int coding_undo(struct str name, struct str in, size_t max, struct arena *a, struct str *out)
{
	if (!in.n)
		return CODING_NONE;
	if (str_eq_ci(name, STR("chunked")))
		return undo_chunked(in, max, a, out);
	if (str_eq_ci(name, STR("gzip")) || str_eq_ci(name, STR("x-gzip")))
		return undo_gzip(in, max, a, out);
	if (str_eq_ci(name, STR("deflate")))
		return undo_deflate(in, max, a, out);
	if (str_eq_ci(name, STR("br")))
		return undo_brotli(in, max, a, out);
	if (str_eq_ci(name, STR("zstd")))
		return undo_zstd(in, max, a, out);
	return CODING_NONE;
}
