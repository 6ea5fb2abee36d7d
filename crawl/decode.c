#include "crawl/decode.h"

#include "core/buf.h"
#include "core/own.h"
#include "crawl/coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

enum { LAYERS_MAX = 2 * HTTP_CODINGS_MAX, OUT = 64 << 10, CHUNK_LINE = 4096, DECODE_WINDOW_LOG = 27 };
enum kind { GZIP, DEFLATE, BROTLI, ZSTD, CHUNKED };
enum state { TRYING, TRUSTED, OVER, RAW }; /* OVER: what follows is ignored. RAW: it is not in this coding, all passes as it is */

struct layer {
	enum kind kind;
	enum state state;
	unsigned list;    /* 0 transfer, 1 content: where a coding lies, those before it in its own list are not tried */
	bool started, whole;
	bool between; /* gzip: one member has ended, and too little came since to tell; chunked: the line end behind a chunk is due */
	struct buf in;    /* TRYING: all that came, to pass it on as it is should the coding lie */
	struct buf out;   /* TRYING: what it gave */
	z_stream z;
	BrotliDecoderState *br;
	ZSTD_DCtx *zstd;
	int64_t chunk;    /* left of this chunk */
	struct buf line;  /* of the next chunk's size, as far as it came */
};

struct decode {
	struct layer layers[LAYERS_MAX];
	unsigned n;
	uint64_t left;
	decode_sink *sink;
	void *self;
	bool lied, cut;
};

static const struct {
	const char *name;
	enum kind kind;
} names[] = {{"gzip", GZIP}, {"x-gzip", GZIP}, {"deflate", DEFLATE}, {"br", BROTLI}, {"zstd", ZSTD}, {"chunked", CHUNKED}};

static void push(struct decode *d, unsigned i, struct str s);

static void add_layers(struct decode *d, struct str list, unsigned which)
{
	for (int n = 0; list.n && n < HTTP_CODINGS_MAX; n++) {
		size_t comma = list.n;
		while (comma && list.p[comma - 1] != ',')
			comma--;
		struct str name = str_trim(str_from(list, comma));
		list.n = comma ? comma - 1 : 0;
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (str_eq_ci(name, str_of(names[i].name))) {
				struct layer *l = &d->layers[d->n++];
				l->kind = names[i].kind;
				l->list = which;
				buf_init(&l->in, BUF_NO_MAX);
				buf_init(&l->out, BUF_NO_MAX);
				buf_init(&l->line, BUF_NO_MAX);
				break;
			}
	}
}

struct decode *decode_new(const struct http *h, uint64_t max, decode_sink *sink, void *self)
{
	struct decode *d = own_zalloc(sizeof(*d));
	d->left = max;
	d->sink = sink;
	d->self = self;
	add_layers(d, h->transfer_coding, 0);
	add_layers(d, h->content_coding, 1);
	return d;
}

/* The coding is believed: what it gave goes on, and what came is no longer needed. */
static void trust(struct decode *d, unsigned i)
{
	struct layer *l = &d->layers[i];
	if (l->state != TRYING)
		return;
	l->state = TRUSTED;
	buf_free(&l->in);
	push(d, i + 1, buf_view(&l->out));
	buf_free(&l->out);
}

/* It was none: it, and what it was applied on top of, is passed over. */
static void give_up(struct decode *d, unsigned i)
{
	struct layer *l = &d->layers[i];
	d->lied = true;
	l->state = RAW;
	for (unsigned k = i + 1; k < d->n && d->layers[k].list == l->list; k++)
		d->layers[k].state = RAW;
	push(d, i + 1, buf_view(&l->in));
	buf_free(&l->in);
	buf_free(&l->out);
}

static void give(struct decode *d, unsigned i, const char *p, size_t n)
{
	struct layer *l = &d->layers[i];
	if (!n)
		return;
	if (l->state == TRUSTED) {
		push(d, i + 1, (struct str){p, n});
		return;
	}
	buf_add(&l->out, p, n);
	if (l->out.n >= DECODE_TRUST)
		trust(d, i);
}

/* The coding ends here: as it should (whole), or with a fault. */
static void end_layer(struct decode *d, unsigned i, bool whole)
{
	struct layer *l = &d->layers[i];
	l->whole = whole;
	bool some = l->kind == CHUNKED ? l->started : l->kind != BROTLI && l->out.n;
	if (l->state == TRYING && !whole && !some) {
		give_up(d, i);
		return;
	}
	d->cut |= !whole;
	trust(d, i);
	l->state = OVER;
}

static bool is_gzip(const void *bytes)
{
	const unsigned char *p = bytes;
	return p[0] == 0x1F && p[1] == 0x8B;
}

/* Which of zlib's three formats starts here; 0: not enough of it, -1: none. */
static int zlib_bits(const struct layer *l, bool end)
{
	const unsigned char *p = (const unsigned char *)l->in.p;
	if (l->in.n < 3)
		return !end ? 0 : l->kind == DEFLATE ? -15 : -1;
	if (l->kind == GZIP)
		return is_gzip(p) ? 15 + 16 : -1;
	return (p[0] & 0x0F) == 8 && ((p[0] << 8) + p[1]) % 31 == 0 ? 15 : -15;
}

/* A member has ended: 1 another one follows, 0 none, -1: the next piece tells. */
static int next_member(struct layer *l)
{
	if (l->kind != GZIP)
		return 0;
	if (l->z.avail_in < 3) {
		buf_add(&l->line, l->z.next_in, l->z.avail_in);
		l->between = true;
		return -1;
	}
	return is_gzip(l->z.next_in) && inflateReset(&l->z) == Z_OK;
}

static void inflate_piece(struct decode *d, unsigned i, struct str s)
{
	struct layer *l = &d->layers[i];
	char *out = own_alloc(OUT);
	l->z.next_in = (Bytef *)(uintptr_t)s.p;
	l->z.avail_in = (uInt)s.n;
	for (int more = 1; more == 1 && d->left;) {
		l->z.next_out = (Bytef *)out;
		l->z.avail_out = OUT;
		int r = inflate(&l->z, Z_NO_FLUSH);
		give(d, i, out, OUT - l->z.avail_out);
		more = r == Z_STREAM_END ? next_member(l) : r == Z_OK && !l->z.avail_out;
		if ((r == Z_STREAM_END && !more) || (r != Z_STREAM_END && r != Z_OK && r != Z_BUF_ERROR))
			end_layer(d, i, r == Z_STREAM_END);
	}
	free(out);
}

static void start_inflate(struct decode *d, unsigned i, bool end)
{
	struct layer *l = &d->layers[i];
	int bits = zlib_bits(l, end);
	struct buf in; /* all that came: l->in may go while it is read */
	if (!bits)
		return;
	if (bits == -1 || inflateInit2(&l->z, bits) != Z_OK) {
		give_up(d, i);
		return;
	}
	l->started = true;
	buf_init(&in, BUF_NO_MAX);
	buf_str(&in, buf_view(&l->in));
	inflate_piece(d, i, buf_view(&in));
	buf_free(&in);
}

static void inflate_on(struct decode *d, unsigned i, struct str s)
{
	struct layer *l = &d->layers[i];
	if (!l->started) {
		start_inflate(d, i, false);
		return;
	}
	if (!l->between) {
		inflate_piece(d, i, s);
		return;
	}
	buf_str(&l->line, s);
	if (l->line.n < 3)
		return;
	struct buf in = l->line;
	buf_init(&l->line, BUF_NO_MAX);
	l->between = false;
	if (is_gzip(in.p) && inflateReset(&l->z) == Z_OK)
		inflate_piece(d, i, buf_view(&in));
	else
		end_layer(d, i, true);
	buf_free(&in);
}

static void brotli_on(struct decode *d, unsigned i, struct str s)
{
	struct layer *l = &d->layers[i];
	const uint8_t *from = (const uint8_t *)s.p;
	char *out = own_alloc(OUT);
	BrotliDecoderResult r;
	if (!l->br)
		l->br = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	do {
		uint8_t *to = (uint8_t *)out;
		size_t space = OUT;
		r = BrotliDecoderDecompressStream(l->br, &s.n, &from, &space, &to, NULL);
		give(d, i, out, OUT - space);
	} while (r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && d->left);
	if (r == BROTLI_DECODER_RESULT_SUCCESS || r == BROTLI_DECODER_RESULT_ERROR)
		end_layer(d, i, r == BROTLI_DECODER_RESULT_SUCCESS);
	free(out);
}

static void zstd_on(struct decode *d, unsigned i, struct str s)
{
	struct layer *l = &d->layers[i];
	ZSTD_inBuffer in = {s.p, s.n, 0};
	char *out = own_alloc(OUT);
	if (!l->zstd) {
		l->zstd = ZSTD_createDCtx();
		ZSTD_DCtx_setParameter(l->zstd, ZSTD_d_windowLogMax, DECODE_WINDOW_LOG);
	}
	while (d->left) {
		ZSTD_outBuffer o = {out, OUT, 0};
		size_t r = ZSTD_decompressStream(l->zstd, &o, &in);
		give(d, i, out, o.pos);
		l->whole |= r == 0; /* a frame ends here: one more may follow */
		if (ZSTD_isError(r)) {
			end_layer(d, i, false);
			break;
		}
		if (in.pos == in.size && o.pos < o.size)
			break;
	}
	free(out);
}

/* The lines of chunk sizes are told by coding_chunk, as those of bodies in memory are. */
static void chunks_on(struct decode *d, unsigned i, struct str s)
{
	struct layer *l = &d->layers[i];
	while (s.n && l->state != OVER && l->state != RAW) {
		if (l->chunk) {
			size_t n = (uint64_t)l->chunk < s.n ? (size_t)l->chunk : s.n;
			l->chunk -= (int64_t)n;
			l->between = l->chunk == 0;
			give(d, i, s.p, n);
			s = str_from(s, n);
			continue;
		}
		size_t eol = str_chr(s, '\n'), n = eol < s.n ? eol + 1 : s.n;
		buf_add(&l->line, s.p, n);
		s = str_from(s, n);
		struct str line = buf_view(&l->line);
		if (l->between && eol < n && line.n <= 2 && (line.n == 1 || line.p[0] == '\r')) {
			l->between = false; /* the line end behind a chunk */
			buf_clear(&l->line);
			continue;
		}
		if (eol >= n && line.n < CHUNK_LINE)
			continue;
		l->chunk = coding_chunk(&line);
		buf_clear(&l->line);
		l->between = false;
		if (l->chunk <= 0) {
			end_layer(d, i, l->chunk == 0);
			return;
		}
		l->started = true;
	}
}

static void push(struct decode *d, unsigned i, struct str s)
{
	while (i < d->n && d->layers[i].state == RAW)
		i++;
	if (!s.n)
		return;
	if (i == d->n) {
		d->cut |= s.n > d->left;
		s = str_head(s, d->left < s.n ? (size_t)d->left : s.n);
		d->left -= s.n;
		if (s.n)
			d->sink(d->self, s);
		return;
	}
	struct layer *l = &d->layers[i];
	if (l->state == OVER || !d->left)
		return;
	if (l->state == TRYING)
		buf_str(&l->in, s);
	static void (*const on[])(struct decode *, unsigned, struct str) = {inflate_on, inflate_on, brotli_on, zstd_on, chunks_on};
	on[l->kind](d, i, s);
}

void decode_add(struct decode *d, struct str piece)
{
	push(d, 0, piece);
}

static void free_layer(struct layer *l)
{
	if (l->started && l->kind <= DEFLATE)
		inflateEnd(&l->z);
	if (l->br)
		BrotliDecoderDestroyInstance(l->br);
	ZSTD_freeDCtx(l->zstd);
	buf_free(&l->in);
	buf_free(&l->out);
	buf_free(&l->line);
}

void decode_end(struct decode *d, bool *lied, bool *cut)
{
	for (unsigned i = 0; i < d->n; i++) {
		struct layer *l = &d->layers[i];
		if (l->state == TRYING && !l->in.n)
			l->state = OVER; /* nothing came: there is nothing to undo */
		if (l->state == TRYING && l->kind <= DEFLATE && !l->started)
			start_inflate(d, i, true);
		if (l->state == TRYING || l->state == TRUSTED)
			end_layer(d, i, l->whole || (l->kind == GZIP && l->between));
		free_layer(l);
	}
	*lied = d->lied;
	*cut = d->cut;
	free(d);
}
